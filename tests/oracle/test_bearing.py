"""Who bears what beside the oracle, in every world (rules 6 to 14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hypothesis import given

from govlog.domain.attribution import settle, timeline
from govlog.domain.attribution.timeline import NO_TAKEOVER, Exposure, takeovers
from govlog.domain.values import Key
from tests.domain.acts import made_up
from tests.domain.given import History
from tests.domain.investing import PLAN, investments
from tests.oracle.agreement import differences
from tests.oracle.answers import Possibilities, Told

ASKED = (date(2024, 2, 15), date(2024, 3, 10), date(2024, 12, 31))


@made_up(150)
@given(investments(partial=False))
def test_where_all_dates_are_full_both_name_the_same_bearers(history: History) -> None:
    assert list(disagreements(history)) == []


@made_up(40)
@given(investments(partial=True))
def test_who_is_said_to_bear_for_certain_does_so_in_every_world(history: History) -> None:
    assert list(disagreements(history)) == []


def disagreements(history: History) -> Iterator[str]:
    """In words, wherever an instalment is answered otherwise on a day that is asked about."""
    lasting = exposures(history)
    for day in ASKED:
        possible = Possibilities(history.log, day)
        for each in possible.instalments(PLAN):
            name = each.fact.instalment  # type: ignore[attr-defined]
            found = [one for one in lasting.get(name, ()) if holds(one, day)]
            for words in _disagreeing(found, possible, possible.told(each, day)):
                yield f"{name} on {day}: {words}"


def exposures(history: History) -> dict[Key, tuple[Exposure, ...]]:
    """What is said of each instalment that is attributed, over all days."""
    facts = history.facts()
    product = facts.product(PLAN)
    assert product is not None
    taken = takeovers(PLAN, facts)
    return {
        name: timeline(verdict, product.instalments[name], taken.get(name, NO_TAKEOVER))
        for name, verdict in settle(product, facts).verdicts.items()
    }


def holds(exposure: Exposure, day: date) -> bool:
    ended = exposure.valid_until is not None and exposure.valid_until <= day
    return exposure.valid_from <= day and not ended


def _disagreeing(found: list[Exposure], possible: Possibilities, told: list[Told]) -> Iterator[str]:
    bound = [one for one in told if one.bound and one.parts]
    if not found:
        if bound:
            yield f"nothing, oracle {bound[0].parts}"
        return
    (exposure,) = found
    if exposure.certain and not all(one.bound for one in told):
        yield "said to be bound for certain"
    certainly = possible.settled(PLAN)
    for one in bound:
        words = differences(exposure.shares, one, certainly=certainly, certain=exposure.certain)
        for each in words:
            yield f"{each}\n  view   {exposure.shares}\n  oracle {one.parts}"
