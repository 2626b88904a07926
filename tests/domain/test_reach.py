"""Whatever a fact changes is among what it reaches: views look at nothing else again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from govlog.application.counting import take
from govlog.domain.authority import Authority
from govlog.domain.events import Fact
from govlog.domain.events.body import LimitKind
from govlog.domain.reach import products_reached
from govlog.domain.stream import Recorded
from govlog.domain.tri import NO, YES
from govlog.domain.values import Money, PartialDate, StreamId
from tests.domain.acts import BODIES, NAMES, PRODUCTS, Acts, histories, judged, made_up, up_to
from tests.domain.given import History


@made_up(300)
@given(st.booleans().flatmap(lambda partial: histories(partial=partial)))
def test_no_product_changes_that_a_fact_does_not_reach(history: History) -> None:
    before: dict[StreamId, dict[str, Authority]] = {each: {} for each in PRODUCTS}
    for size, recorded in enumerate(history.log, 1):
        after = judged(history, size)
        changed = {each for each in PRODUCTS if after[each] != before[each]}
        facts = history.facts(size)
        counting = begun(history, recorded)
        reached = set().union(*(products_reached(each, facts) for each in counting))
        assert changed <= reached, recorded
        before = after


def begun(history: History, recorded: Recorded[Fact]) -> Sequence[Recorded[Fact]]:
    """What begins to count through a fact: of a correction what it mends, before and after."""
    before = history.facts(recorded.index)

    def told(stream: StreamId) -> list[Recorded[Fact]]:
        return [each for each in history.log[: recorded.index] if each.stream == stream]

    return take(before.folded(recorded.stream), recorded, told).counting


def test_a_raise_reaches_those_who_share_a_budget_with_a_later_raise_of_the_same_ceiling() -> None:
    """The later one takes less of its body's budget, so that another product's grant fits in."""
    board, group = BODIES
    plan, other = PRODUCTS
    history = Acts()
    history.found(board)
    history.mandate(board, "all", LimitKind.UNLIMITED)
    history.found(group)
    history.mandate(group, "budget", LimitKind.BUDGET, limit=dkk(150))

    def commit(product: StreamId, body: StreamId, day: str, ceiling: int) -> Recorded[Fact]:
        on = PartialDate(day)
        resolution = history.resolve(body, on)
        return history.commit(product, resolution, on, NAMES[0], up_to(dkk(ceiling)))

    commit(plan, board, "2024-02-01", 100)
    commit(plan, group, "2024-04-01", 200)
    late = commit(other, group, "2024-05-01", 100)
    assert judged(history)[other][late.id].given is NO
    between = commit(plan, board, "2024-03-01", 150)
    assert judged(history)[other][late.id].given is YES
    assert products_reached(between, history.facts()) == {plan, other}


def dkk(amount: int) -> Money:
    return Money(Decimal(amount), "DKK")
