"""The file of the signing keys."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from govlog.ledger import key_file
from govlog.ledger.errors import Malformed
from govlog.ledger.keys import COSIGNATURE, NOTE, SigningKey

ORIGIN = "log.example/fiction"


def test_a_new_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    key = key_file.create(tmp_path / "log.key", ORIGIN)
    assert stat.S_IMODE((tmp_path / "log.key").stat().st_mode) == 0o600
    (again,) = key_file.read(tmp_path / "log.key", ORIGIN)
    assert again.verifier == key.verifier


def test_a_key_is_never_made_in_the_place_of_another(tmp_path: Path) -> None:
    key_file.create(tmp_path / "log.key", ORIGIN)
    with pytest.raises(FileExistsError):
        key_file.create(tmp_path / "log.key", ORIGIN)


def test_while_keys_change_the_file_holds_both(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    old, new = key_file.create(path, ORIGIN), SigningKey.generate(ORIGIN)
    key_file.replace(path, [old, new])
    assert [each.verifier for each in key_file.read(path, ORIGIN)] == [old.verifier, new.verifier]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["log.key"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key_file.create(tmp_path / "log.key", ORIGIN)
    (tmp_path / "log.key").chmod(0o640)
    with pytest.raises(Malformed, match="chmod 600"):
        key_file.read(tmp_path / "log.key", ORIGIN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no key\n",
        SigningKey("log.example/other", NOTE, bytes(32)).secret_text(),
        SigningKey(ORIGIN, COSIGNATURE, bytes(32)).secret_text(),
    ],
)
def test_what_is_no_key_of_this_log_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(Malformed):
        key_file.read(path, ORIGIN)
