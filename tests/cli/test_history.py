"""`govlog replay`."""

from __future__ import annotations

from pathlib import Path

import pytest

from govlog.command_line.answers import Exit
from govlog.domain.events.debate import DebateOpened
from govlog.domain.values import Personal, StreamId
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.cli.asking import Govlog
from tests.persistence.logs import put


def test_the_whole_history_comes_in_the_order_of_the_log(govlog: Govlog, demo: Path) -> None:
    told = govlog("replay", "--json").lines
    with EventStore.open(Settings(demo)) as store:
        assert [each["index"] for each in told] == list(range(store.size()))
    assert told[0]["id"] == "party:demo-recorder@1"
    assert told[0]["recorded_at"].endswith("Z")


def test_people_read_a_heading_and_the_members_of_each_fact(govlog: Govlog, demo: Path) -> None:
    heading, *members = govlog("replay", "--stream", "party:os2").out.splitlines()
    assert "PartyRegistered  party:os2@1" in heading
    assert "        name: OS2 – Offentligt Digitaliseringsfællesskab" in members


def test_one_stream_is_told_without_the_others(govlog: Govlog, demo: Path) -> None:
    told = govlog("replay", "--json", "--stream", "product:os2iot").lines
    assert {each["id"].partition("@")[0] for each in told} == {"product:os2iot"}


def test_a_product_s_history_holds_what_other_streams_say_about_it(
    govlog: Govlog, demo: Path
) -> None:
    told = govlog("replay", "--json", "--product", "product:os2iot").lines
    streams = {each["id"].partition("@")[0] for each in told}
    assert "product:os2iot" in streams
    assert len(streams) > 1


def test_a_period_holds_what_may_have_been_decided_in_it(govlog: Govlog, demo: Path) -> None:
    told = govlog("replay", "--json", "--from", "2017", "--to", "2017").lines
    assert told
    dates = {each["fact"]["decided_on"] for each in told if "decided_on" in each["fact"]}
    assert dates
    assert {date[:4] for date in dates} == {"2017"}


def test_as_of_a_day_nothing_later_is_told(govlog: Govlog, demo: Path) -> None:
    told = govlog("replay", "--json", "--as-of", "2018").lines
    assert max(each["fact"].get("decided_on", "") for each in told) < "2019"


def test_known_at_a_size_nothing_recorded_later_is_told(govlog: Govlog, demo: Path) -> None:
    assert len(govlog("replay", "--json", "--known-at", "size:12").lines) == 12
    with EventStore.open(Settings(demo)) as store:
        before = store.page(0, 1)[0].recorded_at
    assert govlog("replay", "--known-at", "2012-01-01T00:00:00+01:00").out == ""
    assert govlog("replay", "--json", "--known-at", before.isoformat()).lines[0]["index"] == 0


def test_a_fact_waits_until_the_approval_is_known(govlog: Govlog, demo: Path) -> None:
    def counting(known_at: str) -> str:
        told = govlog("replay", "--json", "--stream", "party:os2", "--known-at", known_at).lines
        return str(told[0]["counting"])

    assert counting("size:7") == "pending"
    assert counting("size:100") == "approved"
    assert "[pending: import, late]" in govlog("replay", "--known-at", "size:7").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--stream", "product:nowhere"),
        ("--stream", "nonsense"),
        ("--product", "party:os2"),
        ("--from", "2023-13"),
        ("--known-at", "yesterday"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_on_one_line(
    govlog: Govlog, demo: Path, arguments: tuple[str, ...]
) -> None:
    refused = govlog("replay", *arguments)
    assert refused.code == Exit.REFUSED
    assert refused.err.startswith("govlog: ")
    assert refused.err.count("\n") == 1


def test_a_meeting_is_told_from_the_call_to_the_approved_minutes(
    govlog: Govlog, demo: Path
) -> None:
    told = govlog("replay", "--json", "--stream", "meeting:fp-april-2025").lines
    assert [each["topic"] for each in told] == [
        "MeetingCalled.v1",
        "RollTaken.v1",
        "MeetingHeld.v1",
        "MinutesDrafted.v1",
        "MinutesApproved.v1",
        "Approved.v1",
    ]


def test_a_diff_tells_by_product_what_is_known_otherwise_and_by_which_fact(
    govlog: Govlog, demo: Path
) -> None:
    """The invented contract's amount was corrected, and the correction withdrawn a batch later."""
    govlog("rebuild")
    words = govlog("replay", "--json", "--product", "product:faellesplan").lines
    withdrawn = next(each for each in words if each["topic"] == "CorrectionWithdrawn.v1")
    before = str(withdrawn["index"])
    told = govlog("replay", "--diff", "--since-known-at", f"size:{before}", "--json").lines
    (amount,) = [
        each["changed"]["amount"] for each in told if each["id"].endswith("/integration-1")
    ]
    assert amount["before"]["amount"].startswith("75000")
    assert amount["after"]["amount"].startswith("70000")
    lines = govlog("replay", "--diff", "--since-known-at", f"size:{before}").out.splitlines()
    assert "product:faellesplan" in lines
    assert any("75000" in line and "70000" in line for line in lines)
    assert any(line.strip().startswith("by Approved") for line in lines)


def test_a_diff_between_two_days_tells_what_held_later(govlog: Govlog, demo: Path) -> None:
    govlog("rebuild")
    told = govlog(
        "replay", "--diff", "--since-as-of", "2024-02", "--as-of", "2024-03", "--json"
    ).lines
    new = {each["id"] for each in told if each["view"] == "commissions" and not each["before"]}
    assert "product:faellesplan/calendar" in new


def test_a_diff_says_which_two_moments_it_needs(govlog: Govlog, demo: Path) -> None:
    govlog("rebuild")
    for more in ((), ("--since-known-at", "size:1", "--since-as-of", "2020")):
        answer = govlog("replay", "--diff", *more)
        assert answer.code == Exit.REFUSED
        assert "--since-known-at" in answer.err


def test_closed_texts_are_told_to_who_may_read_them(
    init: Govlog, govlog: Govlog, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = init("--json").json["token"]
    text = Personal(text="behind closed doors")
    with EventStore.open(Settings(data)) as store:
        put(store, StreamId("debate:d"), DebateOpened(title=text, question=text, confidential=True))
    assert "title: (closed)" in govlog("replay").out
    monkeypatch.delenv("GOVLOG_TOKEN", raising=False)
    assert govlog("replay", "--closed").code == Exit.REFUSED
    monkeypatch.setenv("GOVLOG_TOKEN", token)
    assert "title: behind closed doors" in govlog("replay", "--closed").out
