"""An old shape is changed step by step into today's, before it is typed."""

from __future__ import annotations

import pytest

from govlog.domain.events import TOPIC_OF, TOPICS
from govlog.domain.events.fact import Fact
from govlog.domain.events.product import ProductProposed, ProductRenamed
from govlog.domain.values import Personal
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from govlog.persistence.upcasting import UPCASTS, Shape, Upcast, decoders, retired_into
from tests.persistence.logs import PRODUCT, put, renamed

CURRENT: dict[str, type[Fact]] = {"Renamed.v3": ProductRenamed, "Proposed.v1": ProductProposed}


def out_of_title(shape: Shape) -> Shape:
    title = shape.pop("title")
    return {**shape, "names": [title]}


def first_name(shape: Shape) -> Shape:
    names = shape.pop("names")
    return {**shape, "name": names[0]}


STEPS = {
    "Renamed.v1": Upcast("Renamed.v2", out_of_title),
    "Renamed.v2": Upcast("Renamed.v3", first_name),
}


def test_the_oldest_shape_goes_through_every_step() -> None:
    known = decoders(CURRENT, STEPS)
    assert known["Renamed.v1"](b'{"title":"Lamp"}') == ProductRenamed(name="Lamp")
    assert known["Renamed.v2"](b'{"names":["Lamp","Light"]}') == ProductRenamed(name="Lamp")
    assert known["Renamed.v3"](b'{"name":"Lamp"}') == ProductRenamed(name="Lamp")


def test_what_is_typed_after_upcasting_is_as_strict_as_before() -> None:
    known = decoders({"Proposed.v2": ProductProposed}, {"Proposed.v1": Upcast("Proposed.v2", dict)})
    with pytest.raises(ValueError, match="name"):
        known["Proposed.v1"](b"{}")
    proposed = known["Proposed.v1"](b'{"name":"Lamp","description":{"$c":"ab"}}')
    assert proposed == ProductProposed(name="Lamp", description=Personal(commitment="ab"))


def test_a_topic_is_asked_for_with_all_its_older_versions() -> None:
    assert retired_into(["Renamed.v3"], STEPS) == {"Renamed.v1", "Renamed.v2", "Renamed.v3"}
    assert retired_into(["Proposed.v1"], STEPS) == {"Proposed.v1"}


@pytest.mark.parametrize(
    ("upcasts", "complaint"),
    [
        ({"Renamed.v3": Upcast("Proposed.v1", dict)}, "retired at once"),
        ({"A.v1": Upcast("A.v2", dict)}, "no topic"),
        ({"A.v1": Upcast("A.v2", dict), "A.v2": Upcast("A.v1", dict)}, "circle"),
    ],
)
def test_a_way_that_leads_nowhere_is_found_at_start(
    upcasts: dict[str, Upcast], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        decoders(CURRENT, upcasts)


def test_every_pinned_topic_can_be_read() -> None:
    assert set(decoders()) == set(TOPICS) | set(UPCASTS)
    assert set(TOPIC_OF.values()) == set(TOPICS)


def test_a_log_with_an_old_shape_is_read_as_today_s(store: EventStore, settings: Settings) -> None:
    put(store, PRODUCT, renamed("Lamp"))

    def louder(shape: Shape) -> Shape:
        return {**shape, "name": shape["name"].upper()}

    topics = {"Renamed.v2": ProductRenamed}
    later = decoders(topics, {"ProductRenamed.v1": Upcast("Renamed.v2", louder)})
    with EventStore(settings, decoders=later) as newer:
        assert newer.read(PRODUCT)[0].fact == renamed("LAMP")
        assert list(newer.entries()) == list(store.entries())
