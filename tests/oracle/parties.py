"""Parties and the names of things, from the facts that name them (rule 4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import Erased
from govlog.domain.events.body import BodyEstablished, BodyFounded
from govlog.domain.events.party import PartyRegistered, PartyRenamed
from govlog.domain.events.product import ProductProposed, ProductRenamed
from govlog.domain.stream import Recorded
from govlog.domain.values import Personal, StreamId
from tests.oracle.counting import order_of_counting
from tests.oracle.days import Stretch, decided, stretch
from tests.oracle.grounds import Grounds
from tests.oracle.world import When

NAMING = (PartyRegistered, ProductProposed, BodyFounded, BodyEstablished)
RENAMING = (PartyRenamed, ProductRenamed)
EVER = (date.min, -1.0)


class Name(Struct, frozen=True):
    """What something is called from a day on."""

    name: str | Personal
    since: When
    stated: Stretch


def parties(grounds: Grounds, day: date) -> dict[str, Any]:
    """A party is there on every day, first under the name it was registered with."""
    return {
        each.stream: {
            "party": each.stream,
            "kind": each.fact.kind,
            "name": called(grounds, each.stream, day),
            "group": each.fact.group,
            "fiction": each.fact.fiction,
            "erased": any(
                isinstance(one.fact, Erased) and one.fact.person for one in grounds.of(each.stream)
            ),
        }
        for each in grounds.facts
        if isinstance(each.fact, PartyRegistered)
    }


def names(grounds: Grounds, day: date) -> dict[str, Any]:
    """Everything that products, organisations and bodies were ever called; nothing of persons."""
    found = {}
    for first in grounds.facts:
        if not isinstance(first.fact, NAMING):
            continue
        now = called(grounds, first.stream, day)
        for place, each in enumerate(_names(grounds, first.stream)):
            if isinstance(each.name, str) and each.since[0] <= day:
                found[f"{first.stream}/{place}"] = {
                    "name": each.name,
                    "stream": first.stream,
                    "kind": first.stream.partition(":")[0],
                    "since": each.stated,
                    "current": each.name == now,
                    "called": now,
                    "fiction": first.fact.fiction,
                }
    return found


def called(grounds: Grounds, stream: StreamId, day: date) -> str | Personal:
    """Its name at the end of a day; before it had one, the first."""
    known = _names(grounds, stream)
    by_then = [each for each in known if each.since[0] <= day]
    return max(by_then, key=lambda each: each.since).name if by_then else known[0].name


def _names(grounds: Grounds, stream: StreamId) -> list[Name]:
    """In the order in which they came to count, the first one first."""
    told = sorted(grounds.of(stream), key=lambda each: order_of_counting(grounds.log, each))
    return [_name(grounds, each) for each in told if isinstance(each.fact, NAMING + RENAMING)]


def _name(grounds: Grounds, each: Recorded[Fact]) -> Name:
    name: str | Personal = each.fact.name  # type: ignore[attr-defined]
    if isinstance(each.fact, PartyRegistered):
        return Name(name, EVER, stretch(date.min, date.min))
    return Name(name, grounds.decided(each), decided(each))
