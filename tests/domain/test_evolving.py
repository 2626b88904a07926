"""Evolving is total: whatever was recorded, in whatever order, can be folded again."""

from __future__ import annotations

import typing
from functools import cache

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from govlog.domain.events import (
    TOPICS,
    agreement,
    body,
    catalogue,
    debate,
    dispute,
    evaluation,
    meeting,
    party,
    product,
    resolution,
    risk,
)
from govlog.domain.events.fact import Fact
from govlog.domain.resolution import explain, standing, superseded_on
from govlog.domain.resolution.states import Resolution
from govlog.domain.values import Personal, StreamId, partial_date
from tests.domain.given import AGGREGATES, History

_KEYS = st.sampled_from(["chair", "ann", "bo"])
_STREAMS = st.sampled_from(["body:b", "resolution:r", "resolution:s", "party:p"])
_DAYS = st.sampled_from(["2024", "2024-02", "2024-02-10", "2023-12-31", "2024-03-01"])


def _values(shape: typing.Any) -> st.SearchStrategy[typing.Any]:
    """Values of a member's type, from few keys, streams and days, so that facts meet."""
    origin, inner = typing.get_origin(shape), typing.get_args(shape)
    if shape is typing.Any:
        return st.sampled_from([None, "2024-02", "ann", 3, ["chair"], {"amount": "1.00"}])
    if shape is type(None):
        return st.none()
    if origin is tuple:
        return st.lists(_values(inner[0]), max_size=3).map(tuple)
    if inner:
        return st.one_of([_values(each) for each in inner])
    if isinstance(shape, typing.NewType):
        known = {"Key": _KEYS, "StreamId": _STREAMS, "PartialDate": _DAYS.map(partial_date)}
        return known[shape.__name__]
    if shape is Personal:
        return st.just(Personal(text="words"))
    if isinstance(shape, type) and issubclass(shape, Struct):
        return _structs(shape)
    return st.from_type(shape)


@cache
def _structs(struct: type[Struct]) -> st.SearchStrategy[typing.Any]:
    members = {
        info.name: st.just(()) if info.name == "pending" else _values(info.type)
        for info in msgspec.structs.fields(struct)
    }
    return st.builds(struct, **members)


_BEGINNING: dict[str, type[Fact]] = {
    "party": party.PartyRegistered,
    "body": body.BodyFounded,
    "debate": debate.DebateOpened,
    "meeting": meeting.MeetingCalled,
    "resolution": resolution.ResolutionTabled,
    "catalogue": catalogue.LevelSchemeAdopted,
    "product": product.ProductProposed,
    "risk": risk.RiskRaised,
}


@cache
def _of_kind(kind: str) -> st.SearchStrategy[list[Fact]]:
    """A stream that begins as such a stream begins, or does not."""
    rooms = {_BEGINNING[kind].__module__}
    if kind == "product":
        rooms |= {each.__name__ for each in (agreement, dispute, evaluation)}
    own = st.one_of([_structs(fact) for fact in TOPICS.values() if fact.__module__ in rooms])
    anything = st.one_of([_structs(fact) for fact in TOPICS.values()])
    rest = st.lists(own, max_size=12)
    return st.one_of(
        st.tuples(_structs(_BEGINNING[kind]), rest).map(lambda both: [both[0], *both[1]]),
        st.lists(anything, max_size=6),
    )


@pytest.mark.parametrize("kind", AGGREGATES)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_facts_in_any_order_fold_to_a_state(kind: str, data: st.DataObject) -> None:
    facts = data.draw(_of_kind(kind))
    history = History().at("2024-03-01")
    for fact in facts:
        history.record(f"{kind}:r", fact)
    state = history.facts().state(StreamId(f"{kind}:r"))
    if isinstance(state, Resolution):
        assert explain(state).outcome == state.outcome
        assert isinstance(standing(state, history.facts()), bool)
        assert superseded_on(state, history.facts()) is None or state.outcome is not None
