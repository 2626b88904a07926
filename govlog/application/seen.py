"""Which things there may be, in a megabyte however many they are."""

from __future__ import annotations

from collections.abc import Hashable


class Seen:
    """No is certain, yes nearly (a Bloom filter of one digest).

    Where a million things have been seen, one new one in nine is taken for one of them.
    """

    _SLOTS = 1 << 23

    def __init__(self) -> None:
        self._marks = bytearray(self._SLOTS // 8)

    def add(self, thing: Hashable) -> None:
        slot = hash(thing) % self._SLOTS
        self._marks[slot >> 3] |= 1 << (slot & 7)

    def __contains__(self, thing: Hashable) -> bool:
        slot = hash(thing) % self._SLOTS
        return bool(self._marks[slot >> 3] & 1 << (slot & 7))
