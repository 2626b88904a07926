"""Sources that surely come too late are not looked at, and nothing is different for it."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from immutables import Map
from msgspec.structs import replace

from govlog.domain.attribution import settle
from govlog.domain.attribution.answer import answer
from govlog.domain.attribution.draw import UNTOUCHED, split
from govlog.domain.attribution.drawing import Drawing
from govlog.domain.values import Key, PartialDate, StreamId
from tests.projections.community import TOOL, a_community, bind, grant

DAYS = st.sampled_from(["2024-02-01", "2024-02-05", "2024-02-05", "2024-02", "2024-03-01"])
RESOLUTIONS = st.sampled_from(["resolution:plan", "resolution:plan", "resolution:none"])
GRANTS = st.fixed_dictionaries(
    {
        "day": DAYS,
        "ceiling": st.sampled_from([None, 0, 100, 400, 700]),
        "scope": st.sampled_from([("api",), ("app",), ("api", "app")]),
        "resolution": RESOLUTIONS.map(StreamId),
        "parties": st.sampled_from([(), (), (StreamId("party:vendor"),), (StreamId("party:o"),)]),
        "until": st.sampled_from([None, None, PartialDate("2024-02-20")]),
    }
)
BOUND = st.fixed_dictionaries(
    {
        "day": DAYS,
        "amount": st.sampled_from([100, 400, 500]),
        "relies_on": st.sampled_from([None, Key("c0"), Key("c1"), Key("c5")]),
        "scope_item": st.sampled_from(["api", "app", "neither"]),
    }
)


@given(grants=st.lists(GRANTS, max_size=6), bound=st.lists(BOUND, min_size=1, max_size=6))
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_instalment_is_drawn_as_if_every_commission_had_been_tried(
    grants: list[dict[str, Any]], bound: list[dict[str, Any]]
) -> None:
    history = a_community()
    history.at("2024-04-01")
    for place, told in enumerate(grants):
        grant(history, f"c{place}", **told)
    for place, told in enumerate(bound):
        bind(history, f"i{place}", **told)
    facts = history.facts()
    product = facts.product(TOOL)
    assert product is not None
    around = settle(replace(product, instalments=Map()), facts).circumstances
    drawing = Drawing(around, Map(), Map())
    for place in range(len(bound)):
        instalment = product.instalments[Key(f"i{place}")]
        if instalment.bound.certain:
            every = drawing._sources(instalment)
            taken = list(zip(every, split(instalment.amount.amount, every), strict=True))
            before = drawing.drawn.finish(), drawing.void_drawn.finish()
            drawing = Drawing(around, *before)
            assert drawing.at_once(instalment) == answer(instalment, taken, around)
            after = drawing.drawn.finish(), drawing.void_drawn.finish()
            for source, drawn in taken:
                name = source.name
                was = before[source.void].get(name, UNTOUCHED)
                assert after[source.void].get(name, UNTOUCHED) == was.plus(drawn)
            drawing = Drawing(around, *after)
