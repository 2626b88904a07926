"""Older shapes of facts: the decoded dict is changed to the next version before it is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from govlog.domain.events import TOPICS
from govlog.domain.events.fact import Fact

Shape = dict[str, Any]
"""A fact as JSON says it, before it is typed."""

Decode = Callable[[bytes], Fact]


class Upcast(NamedTuple):
    """How one topic's shape becomes that of the next version."""

    to: str
    change: Callable[[Shape], Shape]


UPCASTS: dict[str, Upcast] = {}
"""From each retired topic to the next one. A recorded type is never edited: it is retired here."""


def decoders(
    topics: Mapping[str, type[Fact]] = TOPICS, upcasts: Mapping[str, Upcast] = UPCASTS
) -> dict[str, Decode]:
    """One decoder for every topic that the log may hold, retired ones included."""
    known: dict[str, Decode] = {
        topic: msgspec.json.Decoder(fact).decode for topic, fact in topics.items()
    }
    for topic in upcasts:
        known[topic] = _through(_path(topic, topics, upcasts), topics, upcasts)
    return known


def retired_into(topics: Iterable[str], upcasts: Mapping[str, Upcast] = UPCASTS) -> set[str]:
    """These topics with all older ones that are read as one of them."""
    wanted = set(topics)
    while older := {old for old, upcast in upcasts.items() if upcast.to in wanted} - wanted:
        wanted |= older
    return wanted


def _path(topic: str, topics: Mapping[str, type[Fact]], upcasts: Mapping[str, Upcast]) -> list[str]:
    if topic in topics:
        raise ValueError(f"{topic} is current and retired at once")
    path = [topic]
    while path[-1] in upcasts:
        following = upcasts[path[-1]].to
        if following in path:
            raise ValueError(f"upcasting {topic} goes round in a circle")
        path.append(following)
    if path[-1] not in topics:
        raise ValueError(f"upcasting {topic} ends at {path[-1]}, which is no topic")
    return path


def _through(
    path: list[str], topics: Mapping[str, type[Fact]], upcasts: Mapping[str, Upcast]
) -> Decode:
    changes = [upcasts[topic].change for topic in path[:-1]]
    typed = msgspec.json.Decoder(topics[path[-1]]).decode

    def decode(state: bytes) -> Fact:
        shape: Shape = msgspec.json.decode(state)
        for change in changes:
            shape = change(shape)
        return typed(msgspec.json.encode(shape))

    return decode
