"""Why an act has no authority: every condition of rules 15 to 18 and 21 that it does not meet."""

from __future__ import annotations

from collections.abc import Iterator

from govlog.domain.events import Act, Fact
from govlog.domain.events.body import MandateGranted
from govlog.domain.events.resolution import ItemKind
from govlog.domain.stream import Recorded
from tests.oracle.grounds import Grounds, kind_of_act
from tests.oracle.saying import OneOf, WhenFull


def flaw(grounds: Grounds, act: Recorded[Fact]) -> WhenFull:
    """Empty where it has authority; else any of what is wrong: no rule says which comes first.

    Where dates are partial another one may be wrong in each possibility, and a row names one.
    """
    if grounds.authority(act).given:
        return WhenFull("")
    wrong = set(_unresolved(grounds, act))
    return WhenFull(OneOf(frozenset(wrong or _mandate(grounds, act))))


def _unresolved(grounds: Grounds, act: Recorded[Fact]) -> Iterator[str]:
    fact = act.fact
    assert isinstance(fact, Act)
    if fact.resolution is None:
        yield "no_resolution"
        return
    tabled, carried = grounds.tabled(fact.resolution), grounds.carried(fact.resolution)
    if tabled is None:
        yield "resolution_not_recorded"
        return
    if tabled.kind is not ItemKind.DECISION:
        yield "not_a_decision"
    if carried is None:
        yield "not_carried"
    elif grounds.dissolved(tabled.body, carried):
        yield "body_dissolved"
    if grounds.annulled(fact.resolution):
        yield "annulled"
    if not grounds.resolved(act):
        yield "not_what_was_resolved"
    successor = grounds.superseded(fact.resolution)
    if successor is not None and grounds.decided(act)[0] >= successor[0]:
        yield "superseded"


def _mandate(grounds: Grounds, act: Recorded[Fact]) -> set[str]:
    """The resolution is in order, so it is the body that may not decide this, or not so much."""
    fact = act.fact
    assert isinstance(fact, Act)
    assert fact.resolution is not None
    tabled, carried = grounds.tabled(fact.resolution), grounds.carried(fact.resolution)
    kind = kind_of_act(fact)
    assert tabled is not None
    assert carried is not None
    assert kind is not None
    granted = [each for each in grounds.of(tabled.body) if isinstance(each.fact, MandateGranted)]
    if not granted:
        return {"no_mandate"}
    product = grounds.product_of(act)
    covering = [each for each in granted if grounds.covers(each, kind, product, carried[0])]
    return {"over_limit"} if covering else {"outside_mandate"}
