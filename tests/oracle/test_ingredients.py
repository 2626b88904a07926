"""What the oracle is asked about really occurs in the histories: here it is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from govlog.domain.events import Act, Fact
from govlog.domain.events.any_stream import (
    ApprovalRefused,
    Approved,
    BatchRecorded,
    CorrectionWithdrawn,
    FactCorrected,
)
from govlog.domain.events.body import LimitKind, MandateGranted
from govlog.domain.events.product import InstalmentCredited
from govlog.domain.events.resolution import ResolutionAnnulled
from govlog.domain.events.risk import RiskAssumed
from govlog.domain.stream import Recorded
from tests.oracle.answers import Possibilities
from tests.oracle.counting import Log, counts, word_on
from tests.oracle.displacing import displaced
from tests.oracle.grounds import Grounds
from tests.oracle.histories import History, histories
from tests.oracle.stretches import each_of
from tests.oracle.world import full

RECORDED: dict[str, Callable[[Log, Recorded[Fact]], bool]] = {
    "a correction": lambda log, each: isinstance(each.fact, FactCorrected) and counts(log, each),
    "a withdrawn correction": lambda log, each: (
        isinstance(each.fact, CorrectionWithdrawn) and counts(log, each)
    ),
    "a credit": lambda log, each: isinstance(each.fact, InstalmentCredited) and counts(log, each),
    "a late entry": lambda log, each: "late" in each.fact.pending,
    "an entry still pending": lambda log, each: (
        bool(each.fact.pending) and word_on(log, each.id) is None
    ),
    "an approval": lambda log, each: isinstance(each.fact, Approved),
    "a refused approval": lambda log, each: isinstance(each.fact, ApprovalRefused),
    "a batch": lambda log, each: isinstance(each.fact, BatchRecorded),
    "a partial date": lambda log, each: not full(each),
}
VOID = "authority_void"
FOLLOWING = (
    "an annulment",
    "an annulled annulment",
    "an assumption",
    "a ceiling met",
    "a share without authority",
    "a displaced share",
    "an act within a budget",
    "an act beyond a budget",
)
"""By the oracle's own reading."""


def recorded(history: History) -> Iterator[str]:
    log = history.log
    return (name for each in log for name, is_one in RECORDED.items() if is_one(log, each))


def following(history: History) -> Iterator[str]:
    possible = Possibilities(history.log, history.last, most=1)
    grounds = possible.grounds[0]
    for each in grounds.facts:
        if isinstance(each.fact, ResolutionAnnulled):
            yield "an annulment" if grounds.takes_effect(each) else "an annulled annulment"
        if isinstance(each.fact, RiskAssumed) and grounds.authority(each).given:
            yield "an assumption"
    yield from _budgeted(possible)
    for product in possible.products():
        parts = [part for parts in possible.bearings(product)[0].parts.values() for part in parts]
        yield from ("a ceiling met" for part in parts if part.reason == "over_ceiling")
        yield from ("a share without authority" for part in parts if part.reason == VOID)
        if possible.full:
            marks = displaced(history.log, product).values()
            yield from ("a displaced share" for lost in marks if lost)


def _budgeted(possible: Possibilities) -> Iterator[str]:
    """Acts that would have no authority, or another one, had no mandate a limit."""
    grounds = possible.grounds[0]
    boundless = Grounds([_without_limit(each) for each in possible.log], possible.days[0])
    for act in grounds.acts:
        if not grounds.authority(act).given and boundless.authority(act).given:
            yield "an act beyond a budget"
        elif grounds.authority(act).given and _body(grounds, act) in _with_budget(grounds):
            yield "an act within a budget"


def _without_limit(each: Recorded[Fact]) -> Recorded[Fact]:
    if not isinstance(each.fact, MandateGranted):
        return each
    return replace(each, fact=replace(each.fact, limit_kind=LimitKind.UNLIMITED, limit=None))


def _with_budget(grounds: Grounds) -> set[str]:
    return {
        each.stream
        for each in grounds.facts
        if isinstance(each.fact, MandateGranted) and each.fact.limit_kind is LimitKind.BUDGET
    }


def _body(grounds: Grounds, act: Recorded[Fact]) -> str | None:
    assert isinstance(act.fact, Act)
    tabled = grounds.tabled(act.fact.resolution) if act.fact.resolution else None
    return tabled.body if tabled else None


def test_everything_that_the_oracle_is_asked_about_occurs_in_the_histories() -> None:
    seen: Counter[str] = Counter()

    def look(history: History) -> None:
        seen.update(recorded(history))
        seen.update(following(history))

    for number in range(3):
        each_of(number, histories(acts=35), look)
    each_of(0, histories(acts=20, partial=0.1), look)
    assert {each for each in (*RECORDED, *FOLLOWING) if not seen[each]} == set(), seen
