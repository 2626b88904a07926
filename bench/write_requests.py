"""The mix of writes: half instalments, a quarter commissions, a quarter votes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from msgspec import Struct

from bench.community import INVESTORS, SCOPE, SEATS
from bench.filling import ZONE
from bench.keep_alive import Request
from govlog.domain.events.product import CommissionGranted
from govlog.domain.events.resolution import RollFixed
from govlog.domain.values import StreamId
from govlog.persistence.store import EventStore


class Targets(Struct, frozen=True):
    """What may be written to in a log as it was filled."""

    commissioned: tuple[tuple[StreamId, StreamId], ...]
    """Products, each with the resolution that its commission rests on."""
    open: tuple[StreamId, ...]
    """Resolutions on which voting is open and stays so."""

    @classmethod
    def of(cls, store: EventStore) -> Targets:
        commissioned, opened = [], []
        for each in store.replay():
            if isinstance(each.fact, CommissionGranted) and each.fact.resolution is not None:
                commissioned.append((each.stream, each.fact.resolution))
            elif isinstance(each.fact, RollFixed) and ":open-" in each.stream:
                opened.append(each.stream)
        return cls(tuple(commissioned), tuple(opened))


def writes(targets: Targets, token: str, *, seed: int = 11) -> Iterator[bytes]:
    """Requests without end; no two have the same key."""
    chance = Random(seed)
    today = datetime.now(ZoneInfo(ZONE)).date().isoformat()
    for number in count():
        headers = (
            ("Authorization", f"Bearer {token}"),
            ("Idempotency-Key", f"bench-{seed}-{number}"),
            ("If-Match", "*"),
        )
        make = (_instalment, _commission, _instalment, _vote)[number % 4]
        path, body = make(targets, today, chance)
        yield Request("POST", path, orjson.dumps(body), headers).bytes()


def _instalment(targets: Targets, today: str, chance: Random) -> tuple[str, dict[str, Any]]:
    product, _ = chance.choice(targets.commissioned)
    body = {
        "decided_on": today,
        "investor": chance.choice(INVESTORS),
        "scope_item": chance.choice(SCOPE),
        "amount": {"amount": f"{chance.randrange(1_000, 15_000)}.00", "currency": "DKK"},
        "bound_on": today,
        "relies_on": "first",
        "standing": "bound",
    }
    return f"/v1/products/{_key(product)}/instalments", body


def _commission(targets: Targets, today: str, chance: Random) -> tuple[str, dict[str, Any]]:
    product, resolution = chance.choice(targets.commissioned)
    ceiling = {"kind": "amount", "currency": "DKK", "amount": f"{chance.randrange(20, 90)}000.00"}
    body = {
        "decided_on": today,
        "resolution": resolution,
        "scope": list(SCOPE),
        "ceiling": ceiling,
        "parties": [chance.choice(INVESTORS)],
        "until": "2099-12-31",
    }
    return f"/v1/products/{_key(product)}/commissions", body


def _vote(targets: Targets, today: str, chance: Random) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {
        "decided_on": today,
        "seat": chance.choice(SEATS),
        "ballot": chance.choice(("for", "against", "abstain")),
    }
    return f"/v1/resolutions/{_key(chance.choice(targets.open))}/votes", body


def _key(stream: str) -> str:
    return stream.partition(":")[2]
