"""What a command is: the one decision that may record one kind of fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from govlog.domain.events.fact import Fact, PendingReason
from govlog.domain.facts import Facts, Given
from govlog.domain.stream import Recorded

Decide = Callable[[Any, Any, Given], Fact]
"""Takes the stream's state (or None), the proposed fact and the circumstances; may refuse."""

Waits = Callable[[Facts, Facts, Recorded[Fact]], tuple[PendingReason, ...]]
"""Takes the facts without and with a new one that counts; says why it must wait, if it must."""


class Command(Struct, frozen=True, kw_only=True):
    name: str
    """Imperative, as in an import file: `grant_commission`."""
    fact: type[Fact]
    """What is proposed; mostly the fact that is then recorded."""
    kind: str | None
    """The kind of stream it is for, such as `product`; None means any."""
    decide: Decide
    scope: str
    """What a token must allow."""
    import_scope: str = ""
    """What it must allow where the fact comes with an import; the same where empty."""
    creates: bool = False
    """Whether it begins a stream."""
    on_folded: bool = False
    """Whether it decides on the folded stream with its pending facts, not on the state."""
    on_told: bool = False
    """Whether it decides on the stream with all its facts, as a correction of one of them does."""
    waits: Waits | None = None
    """Asked of live facts: what they do to others may need a second person."""
