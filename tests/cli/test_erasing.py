"""`govlog erase` and `govlog personal-data`, as a data protection officer would use them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from govlog.command_line.answers import Exit
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.values import Personal, StreamId
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.cli.asking import Answer, Govlog
from tests.cli.publishing import published
from tests.persistence.logs import put
from tests.persistence.test_encryption import holding

NAME = "Grethe Lindqvist-Hauge"
GRETHE = StreamId("party:grethe")
WHY = ("--ground", "objection")


@pytest.fixture
def officer(init: Govlog, data: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A log with Grethe in it; GOVLOG_TOKEN may erase."""
    token = init("--json").json["token"]
    with EventStore.open(Settings(data)) as store:
        name = Personal(text=NAME, subject=GRETHE)
        put(store, GRETHE, PartyRegistered(kind=PartyKind.PERSON, name=name))
    monkeypatch.setenv("GOVLOG_TOKEN", token)
    return str(token)


def test_what_is_held_about_a_person_is_listed(govlog: Govlog, officer: str) -> None:
    told = govlog("personal-data", "party:grethe").out
    assert f"party:grethe@1  name: {NAME}" in told
    held = govlog("personal-data", "party:grethe", "--json").json
    assert [each["value"] for each in held["values"]] == [NAME]


def test_a_dry_run_lists_what_would_go_and_nothing_goes(
    govlog: Govlog, officer: str, data: Path
) -> None:
    answer = govlog("erase", "party:grethe", *WHY, "--dry-run")
    assert "party:grethe@1  name  " in answer.out
    assert "1 values and 0 tokens would go" in answer.err
    assert NAME in govlog("personal-data", "party:grethe").out
    assert not Settings(data).erasures.exists()


def test_erasing_asks_first_and_nothing_goes_without_a_yes(
    govlog: Govlog, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    assert govlog("erase", "party:grethe", *WHY).code == Exit.INTERRUPTED
    assert NAME in govlog("personal-data", "party:grethe").out


def erased(govlog: Govlog) -> Answer:
    return govlog("erase", "party:grethe", *WHY, "--yes")


def test_an_erased_name_is_in_no_archive_and_the_archive_holds(
    govlog: Govlog, officer: str, data: Path, tmp_path: Path
) -> None:
    before, after = tmp_path / "before.zip", tmp_path / "after.zip"
    key = published(data)
    assert govlog("archive", str(before)).code == Exit.DONE
    assert NAME in texts_in(before)
    erased(govlog)
    published(data)
    assert govlog("archive", str(after)).code == Exit.DONE
    assert NAME not in texts_in(after)
    told = govlog("verify", str(after), "--key", key, "--memory", str(tmp_path / "memory"))
    assert told.code == Exit.DONE
    assert "1 texts have been erased; their commitments stand" in told.out


def texts_in(archive: Path) -> str:
    """Everything that an archive holds, unpacked."""
    with zipfile.ZipFile(archive) as held:
        return "\n".join(held.read(name).decode("utf-8", "replace") for name in held.namelist())


def test_erasing_prints_a_certificate_and_again_the_same_one(
    govlog: Govlog, officer: str, data: Path
) -> None:
    first = erased(govlog)
    assert first.code == Exit.DONE
    for said in (
        "Certificate of erasure",
        "party:grethe",
        "objection",
        "party:grethe@2",
        "0 values",
    ):
        assert said in first.out
    assert erased(govlog).out == first.out
    assert holding(data, NAME) == []
    assert "(erased)" in govlog("replay").out
    assert NAME not in govlog("personal-data", "party:grethe").out
    certificate = govlog("erase", "party:grethe", *WHY, "--yes", "--json").json
    assert certificate["standing"] == 0


def test_a_single_value_is_erased_by_its_commitment(govlog: Govlog, officer: str) -> None:
    held = govlog("personal-data", "party:grethe", "--json").json
    commitment = held["values"][0]["commitment"]
    answer = govlog("erase", "--value", commitment, *WHY, "--yes")
    assert "single values" in answer.out
    assert govlog("personal-data", "party:grethe", "--json").json["values"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("erase",),
        ("erase", "party:grethe"),
        ("erase", "party:grethe", "--ground", "because"),
        ("erase", "party:grethe", "--value", "ab" * 32, *WHY),
    ],
)
def test_a_command_that_does_not_say_what_and_why_is_refused(
    govlog: Govlog, officer: str, words: tuple[str, ...]
) -> None:
    assert govlog(*words).code == Exit.USAGE


def test_both_commands_need_a_token_that_may_erase(
    govlog: Govlog, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = govlog("token", "create", "party:grethe", "--scope", "admin").out.strip()
    for token in ("", weak):
        monkeypatch.setenv("GOVLOG_TOKEN", token)
        assert govlog("personal-data", "party:grethe").code == Exit.REFUSED
        assert erased(govlog).code == Exit.REFUSED


def test_resuming_with_nothing_begun_does_nothing(govlog: Govlog, officer: str) -> None:
    assert govlog("erase", "--resume") == Answer(0, "", "")
