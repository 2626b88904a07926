"""Stories of meetings and debates: what a body calls, treats, minutes, and puts off."""

from __future__ import annotations

from typing import Any

from govlog.application.decision_log import Actor
from govlog.domain.events import Fact
from govlog.domain.events.body import MemberLeft, MemberSeated
from govlog.domain.events.debate import (
    DebateOpened,
)
from govlog.domain.events.meeting import (
    AgendaItem,
    ItemMinutes,
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MinutesApproved,
    MinutesDrafted,
)
from govlog.domain.events.resolution import (
    ConflictDeclared,
    Counts,
    ItemKind,
    Minuted,
    Option,
    OutcomeMinuted,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionPostponed,
    ResolutionTabled,
    ResolutionTabledAgain,
    ResolutionWithdrawn,
    RollFixed,
)
from govlog.domain.meeting import TakeRoll
from govlog.domain.resolution import FixRoll
from govlog.domain.values import Key, PartialDate, StreamId
from govlog.persistence.access import SCOPES
from tests.oracle.stories import BOARD, GROUP, MINUTES, PERSONS, SEATS, ballot
from tests.oracle.telling import Teller
from tests.oracle.wording import words


def streams(t: Teller, kind: type[Fact]) -> list[StreamId]:
    return [each.stream for each in t.log if isinstance(each.fact, kind)]


def today(t: Teller) -> PartialDate:
    return PartialDate(f"{t.day}")


def maybe(t: Teller, of: float = 0.5) -> Any:
    """A text, where there is one."""
    return words(t) if t.chance(of) else None


def sitting(t: Teller) -> None:
    """Called, its roll taken once, its items treated, minuted: a whole meeting, mostly."""
    meeting = call(t)
    present = tuple(each for each in attending(t) if not t.chance(0.2))
    items = [each for each in streams(t, ResolutionTabled) if each.startswith("resolution:m")][-3:]
    t.tell("take_roll", meeting, TakeRoll(present=present, decided_on=today(t)))
    for each in items:
        treat(t, each, meeting, present)
        if t.chance(0.1):
            t.tell("take_roll", meeting, TakeRoll(present=present[1:], decided_on=today(t)))
    if t.chance(0.1):
        why = MeetingCancelled(grounds=maybe(t), decided_on=today(t))
        t.tell("cancel_meeting", meeting, why)
    elif not t.chance(0.2):
        t.tell("hold_meeting", meeting, MeetingHeld(remark=maybe(t), decided_on=today(t)))
        draft(t, meeting)


def call(t: Teller) -> StreamId:
    """With old items on the agenda, and new ones tabled for it."""
    meeting = StreamId(f"meeting:m{t.number()}")
    old = [each for each in streams(t, ResolutionTabled) if t.chance(0.1)][-2:]
    agenda = [
        AgendaItem(
            item=Key(f"i{number}"),
            kind=t.one_of((ItemKind.INFORMATION, ItemKind.DISCUSSION)),
            title=maybe(t),
            resolution=each,
        )
        for number, each in enumerate(old)
    ]
    if t.chance(0.3):
        about = t.one_of((None, *streams(t, DebateOpened)))
        agenda.append(AgendaItem(Key("talk"), ItemKind.DISCUSSION, words(t), debate=about))
    called = MeetingCalled(
        body=GROUP if t.chance(0.2) else BOARD,
        day=t.ahead(0.3) or today(t),
        until=t.ahead(0.1),
        written=t.chance(0.2),
        place=t.one_of((None, "hall")),
        title=maybe(t),
        agenda=tuple(agenda),
        decided_on=t.when(),
    )
    t.tell("call_meeting", meeting, called)
    for _ in range(t.one_of((0, 1, 2))):
        table(t, meeting, called.body)
    return meeting


def table(t: Teller, meeting: StreamId | None = None, body: StreamId = BOARD) -> None:
    name = StreamId(f"resolution:m{t.number()}")
    known = streams(t, ResolutionTabled)
    options = tuple(Option(Key(each), words(t)) for each in "ab") if t.chance(0.15) else ()
    fact = ResolutionTabled(
        body=body,
        kind=t.one_of((ItemKind.DECISION,) * 5 + tuple(ItemKind)),
        title=words(t),
        case_paper=maybe(t),
        debate=t.one_of((None, *streams(t, DebateOpened))),
        confidential=t.chance(0.2),
        meeting=meeting,
        recommended_by=t.one_of((None, None, None, *known[-2:])),
        options=options,
        fiction=t.chance(0.1),
        decided_on=today(t) if t.chance(0.7) else t.when(),
    )
    t.tell("table_resolution", name, fact)


def treat(t: Teller, item: StreamId, meeting: StreamId, present: tuple[Key, ...]) -> None:
    """Voted on by the meeting's roll, minuted, or put off."""
    if t.chance(0.15):
        to = t.one_of((None, *streams(t, MeetingCalled)[-2:]))
        off = ResolutionPostponed(grounds=maybe(t), to=to, decided_on=today(t))
        t.tell("postpone_resolution", item, off)
    elif t.chance(0.3):
        at = meeting if t.chance(0.7) else None
        minuted = OutcomeMinuted(
            manner=t.one_of(tuple(Minuted)),
            present=present if at is None or t.chance(0.5) else (),
            outcome=OutcomeWord.LOST if t.chance(0.2) else OutcomeWord.CARRIED,
            meeting=at,
            decided_on=today(t),
            evidence=MINUTES,
        )
        t.tell("minute_outcome", item, minuted)
    else:
        t.tell("fix_roll", item, FixRoll(meeting=meeting, decided_on=today(t)))
        vote(t, item, present)


def vote(t: Teller, item: StreamId, present: tuple[Key, ...]) -> None:
    tabled = [e.fact for e in t.log if e.stream == item and isinstance(e.fact, ResolutionTabled)]
    options = tabled[0].options if tabled else ()
    holders = {
        e.fact.seat: e.fact.party
        for e in t.log
        if isinstance(e.fact, MemberSeated) and e.stream == BOARD
    }
    for seat in present:
        if t.chance(0.1):
            conflict = ConflictDeclared(seat=seat, grounds=maybe(t), decided_on=today(t))
            t.tell("declare_conflict", item, conflict)
        if seat in holders and not t.chance(0.1):
            by = Actor(holders[seat], "a-token", SCOPES)
            t.tell("cast_vote", item, ballot(t, seat, today(t), options), by)
        if t.chance(0.1):
            t.pass_days(1)
    if not t.chance(0.15):
        t.tell("close_voting", item, Fact(decided_on=today(t)))


ALTERNATE, STOOD_IN_FOR = Key("instead"), SEATS[1]
OBSERVER = Key("watching")


def attending(t: Teller) -> tuple[Key, ...]:
    """The members; sometimes the one who sits in for a member comes instead."""
    instead = any(getattr(e.fact, "seat", None) == ALTERNATE for e in t.log)
    left = {e.fact.seat for e in t.log if isinstance(e.fact, MemberLeft)}
    members = tuple(each for each in SEATS if each not in left)
    if instead and t.chance(0.5):
        return (*(each for each in members if each != STOOD_IN_FOR), ALTERNATE)
    return members


def vote_again(t: Teller) -> None:
    """A new round on what has not carried, without a meeting; the old ballots are kept."""
    if held := streams(t, RollFixed):
        item = t.one_of(held[-3:])
        sits = (ALTERNATE,) if t.chance(0.3) else ()
        t.tell("fix_roll", item, FixRoll(alternates=sits, decided_on=today(t)))
        vote(t, item, tuple(each for each in attending(t) if not t.chance(0.2)))


def put_off(t: Teller) -> None:
    """Off the table, on it again, or withdrawn."""
    if not (known := streams(t, ResolutionTabled)):
        return table(t)
    item = t.one_of(known[-3:])
    where = t.one_of((None, *streams(t, MeetingCalled)[-2:]))
    undecided = streams(t, ResolutionPostponed)
    moved = t.one_of(("off", "again", "again", "withdrawn", "late"))
    if moved == "off" and not undecided:
        table(t, where)
        item = streams(t, ResolutionTabled)[-1]
    if moved == "off":
        off = ResolutionPostponed(grounds=maybe(t), to=where, decided_on=t.when())
        t.tell("postpone_resolution", item, off)
        if t.chance(0.5):
            again = ResolutionTabledAgain(meeting=where, decided_on=today(t))
            t.tell("table_again", item, again)
    elif moved == "again":
        again = ResolutionTabledAgain(meeting=where, decided_on=t.when((0, 0, 3)))
        t.tell("table_again", undecided[-1] if undecided else item, again)
    elif moved == "withdrawn":
        gone = ResolutionWithdrawn(grounds=maybe(t), decided_on=t.when())
        t.tell("withdraw_resolution", item, gone)
    else:
        late = ConflictDeclared(seat=t.one_of(SEATS), decided_on=today(t))
        t.tell("declare_conflict", item, late)
    return None


def remember(t: Teller) -> None:
    """What an old source says came of an item, with counts that may not fit."""
    alone = not t.importing
    t.begin_import()
    name = StreamId(f"resolution:o{t.number()}")
    title, on = words(t), t.when()
    tabled = ResolutionTabled(body=BOARD, kind=ItemKind.DECISION, title=title, decided_on=on)
    t.tell("table_resolution", name, tabled)
    counts = Counts(for_=t.one_of((0, 2, 3)), against=t.one_of((0, 2, 4)))
    for _ in range(t.one_of((1, 1, 2))):
        outcome = OutcomeRecorded(
            outcome=t.one_of(tuple(OutcomeWord)),
            counts=counts if t.chance(0.7) else None,
            vote_shown=t.chance(0.5),
            decided_on=t.when(),
        )
        t.tell("record_outcome", name, outcome)
    if alone:
        t.end_import()


# -- minutes


def draft(t: Teller, meeting: StreamId) -> None:
    called = next((e.fact for e in t.log if e.stream == meeting), None)
    items = [
        ItemMinutes(words(t), item=each.item)
        for each in getattr(called, "agenda", ())
        if t.chance(0.5)
    ]
    voted = [e.stream for e in t.log if getattr(e.fact, "meeting", None) == meeting]
    items += [
        ItemMinutes(words(t), resolution=each)
        for each in dict.fromkeys(voted)
        if each.startswith("resolution:") and t.chance(0.4)
    ]
    minutes = MinutesDrafted(
        minuted_by=t.one_of((None, *PERSONS)),
        text=maybe(t, 0.7),
        items=tuple(items),
        decided_on=today(t),
        evidence=MINUTES,
    )
    t.tell("draft_minutes", meeting, minutes)


def minute(t: Teller) -> None:
    """Another draft, or the approval of one."""
    if not (known := streams(t, MeetingCalled)):
        return sitting(t)
    meeting = t.one_of(known[-3:])
    if t.chance(0.4):
        return draft(t, meeting)
    later = t.one_of((None, *known[-1:]))
    signed = () if later and t.chance(0.5) else (t.one_of(PERSONS), t.one_of(PERSONS))
    word = MinutesApproved(meeting=later, signed_by=signed, decided_on=today(t))
    t.tell("approve_minutes", meeting, word)
    return None
