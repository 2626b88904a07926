"""Who bears what beside the oracle, in every world (rules 6 to 14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from govlog.domain.attribution import settle, timeline
from govlog.domain.attribution.timeline import NO_TAKEOVER, Exposure, takeovers
from govlog.domain.values import Key
from tests.domain.given import History
from tests.domain.investing import PLAN
from tests.oracle.agreement import differences
from tests.oracle.answers import Possibilities, Told

ASKED = (date(2024, 2, 15), date(2024, 3, 10), date(2024, 12, 31))


def misattributed(history: History) -> Iterator[str]:
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
