"""How much is measured: the quick set, the full set, and one just large enough to run at all."""

from __future__ import annotations

from msgspec import Struct


class Scale(Struct, frozen=True, kw_only=True):
    name: str
    small: int
    """Events of the smaller log."""
    large: int
    """Events of the larger one, against which reads are compared."""
    rounds: int
    """How often each side is measured, in turns; ratios are medians over them."""
    clients: tuple[int, ...]
    """How many connections write at once, one measurement each."""
    writes: int
    """Requests of one round of one side."""
    looks: int
    """Readings of each of the two products in one round."""
    reads: int
    """Questions of each kind in one round of one log."""
    short_stream: int
    long_stream: int
    """Events of the two products that are compared."""
    appends: int
    """Further instalments on each of these in one round."""


QUICK = Scale(
    name="quick",
    small=10_000,
    large=100_000,
    rounds=5,
    clients=(1, 8),
    writes=600,
    reads=300,
    short_stream=50,
    long_stream=5_000,
    appends=6,
    looks=200,
)

FULL = Scale(
    name="full",
    small=10_000,
    large=1_000_000,
    rounds=7,
    clients=(1, 8, 32),
    writes=2_000,
    reads=1_000,
    short_stream=50,
    long_stream=5_000,
    appends=20,
    looks=500,
)

TINY = Scale(
    name="tiny",
    small=1_500,
    large=2_000,
    rounds=2,
    clients=(1, 2),
    writes=24,
    reads=5,
    short_stream=20,
    long_stream=60,
    appends=4,
    looks=4,
)
"""For the tests of the measurements; its figures mean nothing."""

SCALES = {scale.name: scale for scale in (QUICK, FULL, TINY)}
