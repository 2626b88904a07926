"""Settlements and sums that move on: equal to working everything out at once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from immutables import Map
from msgspec.structs import replace

from govlog.domain.attribution import settle
from govlog.domain.commitment import Instalment, Product
from govlog.domain.facts import Facts
from govlog.domain.values import Key, Span
from projections.running import Running
from projections.settling import Settling
from tests.domain.given import History
from tests.projections.community import TOOL, a_community, bind, grant

SEVERAL = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
DAY = date(2024, 2, 1)
SPANS = st.builds(
    lambda first, days: Span(DAY + timedelta(first), DAY + timedelta(first + days)),
    st.integers(0, 12),
    st.sampled_from([0, 0, 0, 0, 1, 5, 20]),
)


def a_product(history: History) -> tuple[Product, Facts]:
    facts = history.facts()
    product = facts.product(TOOL)
    assert product is not None
    return product, facts


def an_instalment() -> tuple[History, Instalment]:
    history = a_community()
    grant(history, "c", "2024-01-10", ceiling=900)
    grant(history, "d", "2024-02-05", ceiling=500)
    bind(history, "i", "2024-01-10", 400)
    product, _ = a_product(history)
    return history, product.instalments[Key("i")]


@given(spans=st.lists(SPANS, max_size=14), together=st.integers(1, 4))
@SEVERAL
def test_instalments_that_come_in_any_order_are_settled_as_if_all_had_come_at_once(
    spans: list[Span], together: int
) -> None:
    history, one = an_instalment()
    product, facts = a_product(history)
    instalments = [
        replace(one, instalment=Key(f"i{place}"), bound=span, index=100 + place)
        for place, span in enumerate(spans)
    ]
    product = replace(product, instalments=Map())
    settling = Settling(product, facts)
    for start in range(0, len(instalments), together):
        known = instalments[: start + together]
        before = settling.now.verdicts
        redrawn = settling.add(known[start:])
        product = replace(product, instalments=Map({each.instalment: each for each in known}))
        wanted = settle(product, facts)
        assert settling.now.verdicts == wanted.verdicts
        assert settling.now.drawn == wanted.drawn
        changed = {name for name, each in wanted.verdicts.items() if before.get(name) != each}
        assert changed <= redrawn


def test_an_instalment_that_comes_last_has_nothing_drawn_again() -> None:
    history, one = an_instalment()
    product, facts = a_product(history)
    settling = Settling(product, facts)
    for number in range(20):
        bound = Span(DAY + timedelta(number), DAY + timedelta(number))
        name = Key(f"j{number}")
        late = replace(one, instalment=name, bound=bound, index=100 + number)
        assert settling.add([late]) == {name}
    out_of_order = replace(one, instalment=Key("k"), bound=bound, index=99)
    assert settling.add([out_of_order]) == {"k", "j19"}


def test_verdicts_are_worked_out_again_only_where_what_they_rest_on_has_changed() -> None:
    history, _ = an_instalment()
    settling = Settling(*a_product(history))
    assert not settling.judge_again(*a_product(history))
    grant(history, "e", "2024-01-10")
    assert settling.judge_again(*a_product(history))
    product, facts = a_product(history)
    assert settling.now == settle(product, facts)


CHANGES = st.lists(st.tuples(st.integers(0, 9), st.integers(-3, 3)), max_size=20)


@given(changes=CHANGES, since=st.integers(-1, 11))
@SEVERAL
def test_sums_are_those_of_all_changes_up_to_the_day(
    changes: list[tuple[int, int]], since: int
) -> None:
    running = Running(2)
    for day, amount in changes:
        running.add(DAY + timedelta(day), (Decimal(amount), Decimal(-amount)))
        running.at(DAY + timedelta(day))
    sums = {day: sum(amount for when, amount in changes if when <= day) for day in range(-1, 12)}
    for day, total in sums.items():
        assert running.at(DAY + timedelta(day)) == (total, -total)
    turning = [day for day in range(10) if sums[day] != sums[day - 1]]
    holding = [day for day in turning if day <= since][-1:]
    found = running.turning(DAY + timedelta(since))
    assert list(found) == [
        DAY + timedelta(day) for day in [*holding, *(day for day in turning if day > since)]
    ]
