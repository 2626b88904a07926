"""Stories of debates: who speaks, what is tried and replied, and what is opened again."""

from __future__ import annotations

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import ItemOpened
from govlog.domain.events.debate import (
    DebateClosed,
    DebateOpened,
    DebateReopened,
    Familiarity,
    FormatTried,
    KeyPoint,
    ReplyGiven,
    Signatory,
    Stance,
    VoiceAdded,
)
from govlog.domain.events.resolution import ResolutionTabled
from govlog.domain.values import Key, StreamId
from tests.oracle.gatherings import maybe, streams, today
from tests.oracle.stories import BOARD, INVESTORS, PERSONS
from tests.oracle.telling import Teller
from tests.oracle.wording import words


def begin_debate(t: Teller) -> None:
    opened = DebateOpened(
        title=words(t),
        question=words(t),
        opened_by=t.one_of((None, *PERSONS, BOARD)),
        groups=t.one_of((("vendor", "citizen"), ("press",), ())),
        confidential=t.chance(0.2),
        fiction=t.chance(0.2),
        decided_on=t.when(),
    )
    t.tell("open_debate", StreamId(f"debate:d{t.number()}"), opened)


def debate(t: Teller) -> None:
    """A voice, a format, a reply; closed, and open again."""
    if not (known := streams(t, DebateOpened)):
        return begin_debate(t)
    for _ in range(3):
        move_on(t, t.one_of(known[-2:]))
    return None


def move_on(t: Teller, stream: StreamId) -> None:
    on = t.when()
    moved = t.one_of(("voice", "voice", "format", "reply", "close", "reopen"))
    if moved == "voice":
        fact: Fact = VoiceAdded(
            voice=Key(f"v{t.number()}"),
            group=t.one_of(("vendor", "citizen", "press")),
            text=words(t),
            party=t.one_of((None, *PERSONS)),
            familiarity=t.one_of((None, *Familiarity)),
            stance=t.one_of((None, *Stance)),
            decided_on=on,
        )
        t.tell("add_voice", stream, fact)
    elif moved == "format":
        fact = FormatTried(format=t.one_of(("survey", "workshop")), remark=maybe(t), decided_on=on)
        t.tell("try_format", stream, fact)
    elif moved == "reply":
        points = tuple(KeyPoint(Key(each), words(t)) for each in "ab")
        who = (Signatory(PERSONS[0], "chair", INVESTORS[0]), Signatory(PERSONS[1]))
        fact = ReplyGiven(body=BOARD, key_points=points, signatories=who, decided_on=on)
        t.tell("give_reply", stream, fact)
    elif moved == "close":
        decisions = tuple(streams(t, ResolutionTabled)[-1:])
        fact = DebateClosed(conclusion=maybe(t), resolutions=decisions, decided_on=today(t))
        t.tell("close_debate", stream, fact)
    else:
        fact = DebateReopened(grounds=maybe(t), decided_on=today(t))
        t.tell("reopen_debate", t.one_of(streams(t, DebateClosed) or [stream]), fact)


def open_an_item(t: Teller) -> None:
    """What was closed is for everybody from here on."""
    closed = [e.stream for e in t.log if getattr(e.fact, "confidential", False)]
    if closed:
        t.tell("open_item", t.one_of(closed), ItemOpened(decided_on=today(t)))
