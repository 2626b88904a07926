"""`govlog init` and `govlog demo`."""

from __future__ import annotations

from pathlib import Path

import pytest

from govlog.command_line.answers import Exit
from govlog.persistence.access import ROLES, AccessTokens
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.cli.asking import Govlog


def test_a_new_log_holds_its_first_administrator_and_its_founding_body(
    init: Govlog, data: Path
) -> None:
    answer = init("--json").json
    with EventStore.open(Settings(data)) as store:
        first, second = store.page(0, 10)
        assert (store.meta.origin, store.meta.zone) == (
            "log.example.org/hedeby",
            "Europe/Copenhagen",
        )
        assert not store.meta.demo
    assert first.stream == answer["admin"]
    assert second.stream == answer["body"] == "body:assembly"
    assert first.recorded_by == second.recorded_by == answer["admin"]


def test_the_administrator_s_token_is_printed_alone_and_allows_everything(
    init: Govlog, data: Path
) -> None:
    answer = init()
    with AccessTokens(Settings(data)) as tokens:
        token = tokens.authenticate(answer.out.strip())
    assert token is not None
    assert token.scopes == ROLES["admin"]
    assert "not shown again" in answer.err


def test_an_administrator_s_name_is_not_in_the_id(init: Govlog) -> None:
    assert "anna" not in init("--json").json["admin"]


def test_a_log_begins_once(init: Govlog) -> None:
    init()
    again = init()
    assert again.code == Exit.NO_LOG
    assert "there is a log in" in again.err


@pytest.mark.parametrize(
    ("option", "value"),
    [("zone", "Europe/Hedeby"), ("origin", "two words"), ("body", "party:x"), ("quorum", "few")],
)
def test_a_log_that_cannot_begin_leaves_nothing_in_the_way(
    init: Govlog, data: Path, option: str, value: str
) -> None:
    refused = init(**{option: value})
    assert refused.code == Exit.REFUSED
    assert refused.err.count("\n") == 1
    assert not data.exists() or not list(data.iterdir())
    assert init().code == Exit.DONE


def test_a_body_founded_long_ago_waits_for_a_second_person_and_init_says_what_to_do(
    init: Govlog,
) -> None:
    answer = init(founded="2012-04")
    assert "body:assembly@1" in answer.err
    assert "POST /v1/parties" in answer.err
    assert "govlog approve body:assembly@1" in answer.err


def test_the_approver_named_at_the_beginning_lets_an_old_founding_count(
    init: Govlog, govlog: Govlog, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = init("--json", founded="2012-04", approver="Bo Boardmember").json
    assert begun["pending"] == ["body:assembly@1"]
    monkeypatch.setenv("GOVLOG_TOKEN", begun["token"])
    alone = govlog("approve", "body:assembly@1")
    assert alone.code == Exit.REFUSED
    monkeypatch.setenv("GOVLOG_TOKEN", begun["approver_token"])
    approved = govlog("approve", "body:assembly@1", "--json")
    assert approved.json["recorded"] == ["body:assembly@2"]
    history = govlog("replay", "--json", "--stream", "body:assembly").lines
    assert history[0]["counting"] == "approved"


def test_the_tokens_of_both_are_printed_one_a_line(init: Govlog, data: Path) -> None:
    admins, approvers = init(approver="Bo Boardmember").out.split()
    with AccessTokens(Settings(data)) as tokens:
        first, second = tokens.authenticate(admins), tokens.authenticate(approvers)
    assert first is not None
    assert second is not None
    assert first.person != second.person
    assert second.scopes == {"approve"}


def test_a_founding_in_the_future_is_refused(init: Govlog) -> None:
    answer = init(founded="2999")
    assert answer.code == Exit.REFUSED
    assert "after the day of recording" in answer.err


def test_a_demonstration_says_that_it_is_one(demo: Path) -> None:
    with EventStore.open(Settings(demo)) as store:
        assert store.meta.demo
        assert store.meta.origin.startswith("govlog.demo/")


def test_making_the_demonstration_again_records_nothing_twice(govlog: Govlog, demo: Path) -> None:
    with EventStore.open(Settings(demo)) as store:
        size = store.size()
    assert govlog("demo", "--json").json["size"] == size


def test_a_demonstration_is_never_continued_as_a_real_log(init: Govlog, demo: Path) -> None:
    answer = init()
    assert answer.code == Exit.NO_LOG
    with EventStore.open(Settings(demo)) as store:
        assert store.meta.demo


def test_a_real_log_takes_no_demonstration(init: Govlog, govlog: Govlog, data: Path) -> None:
    init()
    refused = govlog("demo")
    assert refused.code == Exit.NO_LOG
    assert "is a real log" in refused.err
    assert govlog("demo", "--if-absent").code == Exit.DONE
    with EventStore.open(Settings(data)) as store:
        assert store.size() == 2


def test_an_interrupted_demonstration_is_made_to_its_end(
    govlog: Govlog, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from govlog.demo import loader

    whole = dict(loader.SOURCES)
    monkeypatch.setattr(loader, "SOURCES", dict(list(whole.items())[:3]))
    assert govlog("demo", "--if-absent").code == Exit.FAULT
    monkeypatch.setattr(loader, "SOURCES", whole)
    assert govlog("demo", "--if-absent", "--json").json["batches"] == list(whole)
    assert govlog("demo", "--if-absent").out == ""
