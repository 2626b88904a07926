"""The part of an audit that looks at texts: every commitment has its value, or its erasure."""

from __future__ import annotations

import re
import sqlite3
from typing import NamedTuple

from govlog.ledger.commitments import commitment as committed_to
from govlog.persistence.vault import Opened, Vault

_KEPT = """
SELECT position, commitment, key, sealed, field FROM erasable_value
WHERE position >= ? AND position <= ?"""
_GONE = "SELECT position, commitment FROM erased_value WHERE position >= ? AND position <= ?"
_SAID = """
SELECT r.erasure, r.commitment, e.topic, e.state
FROM erased_value r LEFT JOIN stored_events e ON e.rowid = r.erasure + 1
WHERE r.erasure IS NOT NULL"""
_ASTRAY = "SELECT position FROM erasable_value WHERE position < 0 OR position >= ? LIMIT 1"
_COMMITMENT = re.compile(rb'\{"\$c":"([0-9a-f]{64})"\}')


class _Kept(NamedTuple):
    field: object
    opened: Opened | None
    """None where it does not open though its key is there."""
    locked: bool


class Texts:
    """What is kept, and what was erased, beside the events of one page."""

    def __init__(self, connection: sqlite3.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._kept: dict[int, dict[object, _Kept]] = {}
        self._gone: set[tuple[int, object]] = set()
        self.opened = 0
        """Values that opened so far."""
        self.locked = 0
        """Values whose keys are not there."""

    def turn_to(self, first: int, last: int) -> None:
        """Look at the events with these indices next."""
        rows = self._connection.execute(_KEPT, (first, last)).fetchall()
        opened = self._vault.open(0, [each[1:4] for each in rows])
        self._kept = {}
        for position, commitment, _, _, field in rows:
            locked = commitment not in opened
            self.locked += locked
            self.opened += not locked
            kept = _Kept(field, opened.get(commitment), locked)
            self._kept.setdefault(position, {})[commitment] = kept
        self._gone = set(self._connection.execute(_GONE, (first, last)))

    def wrong(self, index: int, event: str, state: object) -> str | None:
        """What is wrong with the texts of an event, if anything is."""
        held = self._kept.get(index, {})
        found = _COMMITMENT.findall(state) if isinstance(state, bytes) else []
        named = {bytes.fromhex(each.decode()) for each in found}
        for commitment, kept in held.items():
            if commitment not in named or not (kept.locked or _fits(event, commitment, kept)):
                return f"a value kept for event {index} is not the one committed to"
        if any((index, each) not in self._gone for each in named - held.keys()):
            return f"a text of event {index} is gone, and no erasure says so"
        return None

    def wrong_beyond(self, size: int) -> tuple[int, str] | None:
        """What is wrong with the tables as a whole: an index, and what is the matter there."""
        if astray := self._connection.execute(_ASTRAY, (size,)).fetchone():
            return size, f"a value is kept for event {astray[0]}, which is not there"
        for erasure, commitment, topic, state in self._connection.execute(_SAID):
            said = str(topic).startswith("Erased.") and commitment.hex().encode() in state
            if not said:
                return max(0, min(erasure, size)), "an erasure is not in the log"
        return None


def _fits(event: str, commitment: object, kept: _Kept) -> bool:
    if kept.opened is None or not isinstance(kept.field, str):
        return False
    return committed_to(kept.opened.salt, event, kept.field, kept.opened.value) == commitment
