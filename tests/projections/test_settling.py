"""Settlements and sums that move on: equal to working everything out at once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from immutables import Map
from msgspec.structs import replace

from govlog.domain.attribution import settle
from govlog.domain.attribution.draw import Drawn
from govlog.domain.attribution.settle import around
from govlog.domain.authorities import Authorities
from govlog.domain.commitment import Instalment, Product
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionRevoked,
    ProductExited,
    ProductPaused,
)
from govlog.domain.facts import Facts
from govlog.domain.values import Ceiling, CeilingKind, Key, Span, StreamId
from projections.running import Running
from projections.settling import Settling
from tests.domain.given import History, known
from tests.projections.community import PLAN, TOOL, a_community, bind, grant, on

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


def settling_of(history: History) -> Settling:
    product, facts = a_product(history)
    settling = Settling(around(product, Authorities(facts)))
    settling.add(product.instalments.values())
    return settling


def an_instalment() -> tuple[History, Instalment]:
    history = a_community()
    grant(history, "c", "2024-01-10", ceiling=900)
    grant(history, "d", "2024-02-05", ceiling=500)
    bind(history, "i", "2024-01-10", 400)
    product, _ = a_product(history)
    return history, product.instalments[Key("i")]


def given_by(drawn: Map[Key, Drawn]) -> dict[Key, Drawn]:
    """What was drawn, without commissions that gave nothing."""
    return {name: each for name, each in drawn.items() if each.at_most}


def assert_settled(settling: Settling, product: Product, facts: Facts) -> None:
    wanted = settle(product, facts)
    assert settling.verdicts == dict(wanted.verdicts)
    assert given_by(settling.last.drawn) == given_by(wanted.drawn)
    assert given_by(settling.last.void_drawn) == given_by(wanted.void_drawn)


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
    settling = Settling(around(product, Authorities(facts)))
    for start in range(0, len(instalments), together):
        known = instalments[: start + together]
        before = dict(settling.verdicts)
        fresh = settling.add(known[start:])
        product = replace(product, instalments=Map({each.instalment: each for each in known}))
        assert_settled(settling, product, facts)
        assert fresh == {
            name: each for name, each in settling.verdicts.items() if before.get(name) != each
        }


def test_an_instalment_that_comes_last_has_nothing_drawn_again() -> None:
    history, one = an_instalment()
    settling = settling_of(history)
    for number in range(20):
        bound = Span(DAY + timedelta(number), DAY + timedelta(number))
        late = replace(one, instalment=Key(f"j{number}"), bound=bound, index=100 + number)
        before = settling.last
        settling.add([late])
        assert settling.groups[-2] is before
    out_of_order = replace(one, instalment=Key("k"), bound=bound, index=99)
    before = settling.groups[-2]
    settling.add([out_of_order])
    assert settling.groups[-3] is before


DAYS = st.sampled_from(["2024-02-01", "2024-02-05", "2024-02-05", "2024-02", "2024-03-01"])
NAMES = st.integers(0, 5).map(lambda number: Key(f"c{number}"))


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, dict[str, Any]]]:
    """Grants, amendments, revocations, pauses and instalments in any order."""
    told: list[tuple[str, dict[str, Any]]] = []
    kinds = st.sampled_from(["bind", "bind", "bind", "grant", "amend", "revoke", "pause", "exit"])
    for kind in draw(st.lists(kinds, max_size=14)):
        about: dict[str, Any] = {"day": draw(DAYS)}
        if kind == "bind":
            about["amount"] = draw(st.sampled_from([100, 400, 500]))
            about["relies_on"] = draw(st.none() | NAMES)
            about["scope_item"] = draw(st.sampled_from(["api", "app", "neither"]))
        if kind == "grant":
            about["ceiling"] = draw(st.sampled_from([None, 0, 400, 700, 5000]))
            about["scope"] = draw(st.sampled_from([("api",), ("app",), ("api", "app")]))
            about["resolution"] = draw(st.sampled_from([PLAN, PLAN, StreamId("resolution:none")]))
        if kind in ("amend", "revoke"):
            about["commission"] = draw(NAMES)
        told.append((kind, about))
    return told


def record(history: History, place: int, kind: str, about: dict[str, Any]) -> None:
    number = len(known(history.facts().product(TOOL)).commissions)
    day = about["day"]
    match kind:
        case "bind":
            bind(history, f"i{place}", **about)
        case "grant":
            grant(history, f"c{number}", **about)
        case "amend":
            ceiling = Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(600))
            history.record(
                TOOL,
                CommissionAmended(
                    decided_on=on(day),
                    commission=about["commission"],
                    resolution=PLAN,
                    ceiling=ceiling,
                    scope=("api",),
                ),
            )
        case "revoke":
            history.record(
                TOOL,
                CommissionRevoked(
                    decided_on=on(day), commission=about["commission"], resolution=PLAN
                ),
            )
        case "pause":
            history.record(TOOL, ProductPaused(decided_on=on(day)))
        case "exit":
            history.record(TOOL, ProductExited(decided_on=on(day), resolution=PLAN))


@given(told=steps())
@SEVERAL
def test_whatever_changes_verdicts_are_those_of_settling_anew(
    told: list[tuple[str, dict[str, Any]]],
) -> None:
    history = a_community()
    settling = settling_of(history)
    history.at("2024-04-01")
    for place, (kind, about) in enumerate(told):
        record(history, place, kind, about)
        product, facts = a_product(history)
        if kind == "bind":
            settling.add([product.instalments[Key(f"i{place}")]])
        else:
            settling.change(around(product, Authorities(facts)))
        assert_settled(settling, product, facts)


def test_what_is_covered_whole_is_not_drawn_again_for_a_commission_that_comes_later() -> None:
    history = a_community()
    grant(history, "c", "2024-01-10", ceiling=900)
    bind(history, "i", "2024-01-10", 400)
    bind(history, "j", "2024-01-10", 400, scope_item="app")
    settling = settling_of(history)
    covered, not_covered = settling.groups
    grant(history, "d", "2024-01-10")
    product, facts = a_product(history)
    settling.change(around(product, Authorities(facts)))
    assert settling.groups[0] is covered
    assert settling.groups[1] is not not_covered
    assert_settled(settling, product, facts)


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
        assert running.at(DAY + timedelta(day)) == (Decimal(total), Decimal(-total))
    turning = [day for day in range(10) if sums[day] != sums[day - 1]]
    holding = [day for day in turning if day <= since][-1:]
    found = running.turning(DAY + timedelta(since))
    assert list(found) == [
        DAY + timedelta(day) for day in [*holding, *(day for day in turning if day > since)]
    ]


def test_what_is_at_own_risk_is_not_drawn_again_for_a_commission_that_is_out_of_its_reach() -> None:
    history = a_community()
    grant(history, "c", "2024-01-10", ceiling=300)
    bind(history, "i", "2024-01-10", 400, relies_on=Key("c"))
    bind(history, "j", "2024-01-10", 400, relies_on=None)
    settling = settling_of(history)
    relying, relying_on_none = settling.groups
    history.at("2024-04-01")
    grant(history, "d", "2024-02-01")
    product, facts = a_product(history)
    settling.change(around(product, Authorities(facts)))
    assert settling.groups[0] is relying
    assert settling.groups[1] is not relying_on_none
    assert_settled(settling, product, facts)
