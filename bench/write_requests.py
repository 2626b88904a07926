"""The mix of writes: half instalments, a quarter commissions, a quarter votes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bench.community import CHAPTER, INVESTORS, SCOPE, SEATS, Chapter
from bench.filling import ZONE
from bench.keep_alive import Request

BEHIND = 60
"""Chapters at the end of a filled log that may not be complete."""


def writes(events: int, token: str, *, seed: int = 11) -> Iterator[bytes]:
    """Requests without end for a log filled with that many events; no two have the same key."""
    chance = Random(seed)
    chapters = max(1, events // CHAPTER - BEHIND)
    today = datetime.now(ZoneInfo(ZONE)).date().isoformat()
    for number in count():
        about = Chapter.numbered(chance.randrange(chapters))
        headers = (
            ("Authorization", f"Bearer {token}"),
            ("Idempotency-Key", f"bench-{seed}-{number}"),
            ("If-Match", "*"),
        )
        make = (_instalment, _commission, _instalment, _vote)[number % 4]
        path, body = make(about, today, chance)
        yield Request("POST", path, orjson.dumps(body), headers).bytes()


def _instalment(about: Chapter, today: str, chance: Random) -> tuple[str, dict[str, Any]]:
    body = {
        "decided_on": today,
        "investor": chance.choice(INVESTORS),
        "scope_item": chance.choice(SCOPE),
        "amount": {"amount": f"{chance.randrange(1_000, 15_000)}.00", "currency": "DKK"},
        "bound_on": today,
        "relies_on": "first",
        "standing": "bound",
    }
    return f"/v1/products/{_key(about.product)}/instalments", body


def _commission(about: Chapter, today: str, chance: Random) -> tuple[str, dict[str, Any]]:
    ceiling = {"kind": "amount", "currency": "DKK", "amount": f"{chance.randrange(20, 90)}000.00"}
    body = {
        "decided_on": today,
        "resolution": about.resolution,
        "scope": list(SCOPE),
        "ceiling": ceiling,
        "parties": [chance.choice(INVESTORS)],
        "until": "2099-12-31",
    }
    return f"/v1/products/{_key(about.product)}/commissions", body


def _vote(about: Chapter, today: str, chance: Random) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {
        "decided_on": today,
        "seat": chance.choice(SEATS),
        "ballot": chance.choice(("for", "against", "abstain")),
    }
    return f"/v1/resolutions/{_key(about.undecided)}/votes", body


def _key(stream: str) -> str:
    return stream.partition(":")[2]
