"""Debates: who spoke, who stayed silent, what was tried, what was replied, what followed."""

from __future__ import annotations

from typing import Any

import pytest

from govlog.domain.debate import (
    Debate,
    DebateIsClosed,
    DebateIsOpen,
    RepeatedPoint,
    add_voice,
    close_debate,
    give_reply,
    open_debate,
    reopen_debate,
    silent_groups,
    try_format,
)
from govlog.domain.errors import NotFound
from govlog.domain.events.debate import (
    DebateClosed,
    DebateOpened,
    DebateReopened,
    Familiarity,
    FormatTried,
    KeyPoint,
    ReplyGiven,
    Signatory,
    VoiceAdded,
)
from govlog.domain.refusals import AlreadyRecorded, UnknownReference
from govlog.domain.values import Key, StreamId
from tests.domain.board import board, carried, day, person, text
from tests.domain.given import History, known

ELEPHANT = "debate:elephant"


def opened() -> History:
    history = board().at("2024-03-01")
    fact = DebateOpened(
        decided_on=day("2024-03-01"),
        title=text("The elephant"),
        question=text("What is OS2 for?"),
        opened_by=person(history, "author"),
        groups=("vendor", "public_authority", "citizen"),
    )
    history.when(open_debate, ELEPHANT, fact)
    return history


def voice(key: str, group: str, when: str = "2024-03-01", **more: Any) -> VoiceAdded:
    return VoiceAdded(decided_on=day(when), voice=Key(key), group=group, text=text(), **more)


def debate(history: History) -> Debate:
    return known(history.facts().debate(StreamId(ELEPHANT)))


def reply(**more: Any) -> ReplyGiven:
    points = more.pop("key_points", (KeyPoint(Key("1"), text("Debate is essential")),))
    return ReplyGiven(
        decided_on=day("2024-03-01"), body=StreamId("body:board"), key_points=points, **more
    )


def test_the_groups_without_a_voice_are_silent() -> None:
    history = opened()
    assert silent_groups(debate(history), ()) == ("vendor", "public_authority", "citizen")
    history.when(add_voice, ELEPHANT, voice("v1", "vendor", familiarity=Familiarity.EXPERT))
    history.when(add_voice, ELEPHANT, voice("v2", "researcher"))
    heard = {each.group for each in debate(history).voices.values()}
    assert silent_groups(debate(history), heard) == ("public_authority", "citizen")
    assert debate(history).voices[Key("v1")].familiarity is Familiarity.EXPERT


def test_one_key_names_one_voice() -> None:
    history = opened()
    history.when(add_voice, ELEPHANT, voice("v1", "vendor"))
    with pytest.raises(AlreadyRecorded):
        history.decide(add_voice, ELEPHANT, voice("v1", "citizen"))


def test_a_voice_names_a_known_party_or_none() -> None:
    with pytest.raises(UnknownReference):
        opened().decide(add_voice, ELEPHANT, voice("v1", "vendor", party=StreamId("party:nobody")))


def test_the_formats_that_were_tried_are_kept_in_order() -> None:
    history = opened()
    for form in ("survey", "workshop"):
        fact = FormatTried(decided_on=day("2024-03-01"), format=form)
        history.when(try_format, ELEPHANT, fact)
    assert [each.format for each in debate(history).formats] == ["survey", "workshop"]


def test_a_reply_keeps_its_points_and_who_signed() -> None:
    history = opened()
    signed = Signatory(StreamId("party:ann"), role="chair")
    history.when(give_reply, ELEPHANT, reply(signatories=(signed,)))
    given = debate(history).replies[0]
    assert (given.body, given.signatories) == ("body:board", (signed,))
    assert [each.point for each in given.key_points] == ["1"]


def test_only_a_known_body_replies() -> None:
    fact = ReplyGiven(decided_on=day("2024-03-01"), body=StreamId("body:none"), key_points=())
    with pytest.raises(UnknownReference):
        opened().decide(give_reply, ELEPHANT, fact)


def test_only_known_parties_sign() -> None:
    with pytest.raises(UnknownReference):
        opened().decide(
            give_reply, ELEPHANT, reply(signatories=(Signatory(StreamId("party:nobody")),))
        )


def test_the_points_of_a_reply_are_told_apart() -> None:
    twice = (KeyPoint(Key("1"), text()), KeyPoint(Key("1"), text()))
    with pytest.raises(RepeatedPoint):
        opened().decide(give_reply, ELEPHANT, reply(key_points=twice))


def closed() -> History:
    history = opened().at("2024-04-10")
    followed = carried(history, "answer")
    fact = DebateClosed(decided_on=day("2024-04-01"), resolutions=(StreamId(followed),))
    history.when(close_debate, ELEPHANT, fact)
    return history


def test_the_decisions_that_followed_a_debate_are_kept() -> None:
    assert known(debate(closed()).closed).resolutions == ("resolution:answer",)


def test_a_debate_names_only_decisions_that_are_in_the_log() -> None:
    fact = DebateClosed(resolutions=(StreamId("resolution:none"),))
    with pytest.raises(UnknownReference):
        opened().decide(close_debate, ELEPHANT, fact)


@pytest.mark.parametrize("when", ["2024-04-01", "2024-04-05", "2024"])
def test_a_closed_debate_hears_no_more_voices(when: str) -> None:
    with pytest.raises(DebateIsClosed):
        closed().decide(add_voice, ELEPHANT, voice("late", "citizen", when))


def test_a_voice_from_before_the_closing_is_only_recorded_late() -> None:
    history = closed()
    history.when(add_voice, ELEPHANT, voice("late", "citizen", "2024-03-31"))
    assert "late" in debate(history).voices


def test_a_closed_debate_tries_no_more_formats() -> None:
    with pytest.raises(DebateIsClosed):
        closed().decide(
            try_format, ELEPHANT, FormatTried(decided_on=day("2024-04-02"), format="survey")
        )


def test_a_body_may_reply_after_the_debate_has_closed() -> None:
    history = closed()
    history.when(give_reply, ELEPHANT, reply())
    assert len(debate(history).replies) == 1


def test_a_debate_closes_once_and_reopens_only_when_closed() -> None:
    with pytest.raises(DebateIsClosed):
        closed().decide(close_debate, ELEPHANT, DebateClosed(decided_on=day("2024-04-02")))
    with pytest.raises(DebateIsOpen):
        opened().decide(reopen_debate, ELEPHANT, DebateReopened())


def test_a_reopened_debate_hears_voices_again_and_keeps_its_closing() -> None:
    history = closed()
    history.when(reopen_debate, ELEPHANT, DebateReopened(decided_on=day("2024-04-05")))
    history.when(add_voice, ELEPHANT, voice("again", "citizen", "2024-04-06"))
    assert debate(history).closed is None
    assert len(debate(history).closings) == 1


def test_nobody_speaks_in_a_debate_that_was_never_opened() -> None:
    with pytest.raises(NotFound):
        board().decide(add_voice, ELEPHANT, voice("v1", "vendor"))
