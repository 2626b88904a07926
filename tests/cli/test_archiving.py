"""`govlog archive`: a file that holds what a log had published, and holds without it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from govlog.command_line.answers import Exit
from tests.cli.asking import Govlog
from tests.cli.publishing import published as publish


@pytest.fixture
def published(demo: Path) -> str:
    """The demonstration, published; its verifier key."""
    return publish(demo)


def test_an_archive_is_checked_with_nothing_else_at_hand(
    govlog: Govlog, published: str, tmp_path: Path
) -> None:
    file = tmp_path / "sealed.zip"
    told = govlog("archive", str(file), "--json").json
    assert told["size"] > 500
    assert told["texts"] > 300
    options = ("--key", published, "--memory", str(tmp_path / "memory"))
    checked = govlog("verify", str(file), *options)
    assert checked.code == Exit.DONE
    assert f"{told['texts']} texts are those that the entries commit to" in checked.out
    with zipfile.ZipFile(file) as archive:
        tool = Path(archive.extract("govlog-verify.pyz", tmp_path))
        assert "python3 govlog-verify.pyz" in archive.read("README.txt").decode()
    ran = subprocess.run([sys.executable, tool, file, *options], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_an_altered_archive_does_not_hold(govlog: Govlog, published: str, tmp_path: Path) -> None:
    file, spoilt = tmp_path / "sealed.zip", tmp_path / "spoilt.zip"
    govlog("archive", str(file))
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(spoilt, "w") as other:
        for name in whole.namelist():
            data = whole.read(name)
            changed = data.replace(b"party:", b"perty:", 1) if "entries" in name else data
            other.writestr(name, changed)
    options = ("--key", published, "--memory", str(tmp_path / "memory"))
    checked = govlog("verify", str(spoilt), *options)
    assert checked.code == Exit.FAULT
    assert "DOES NOT HOLD at index 0" in checked.out


def test_the_same_log_gives_the_same_archive_and_none_is_overwritten(
    govlog: Govlog, published: str, tmp_path: Path
) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    govlog("archive", str(one))
    govlog("archive", str(two))
    assert one.read_bytes() == two.read_bytes()
    assert govlog("archive", str(one)).code == Exit.FAULT
    assert one.read_bytes() == two.read_bytes()


def test_a_log_that_was_never_published_says_what_to_do(
    govlog: Govlog, demo: Path, tmp_path: Path
) -> None:
    refused = govlog("archive", str(tmp_path / "sealed.zip"))
    assert refused.code == Exit.REFUSED
    assert "govlog publish" in refused.err
