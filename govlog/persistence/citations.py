"""Which streams name which others: the index that is written with every fact (docs/adr/0006)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from govlog.domain.values import StreamId

ALL = 2**62
"""Upto this position: without bound."""

_SELECT = """
SELECT citing FROM citation WHERE cited = ? AND citing >= ? AND citing < ? AND position < ?
ORDER BY position"""

Ask = Callable[[str, Sequence[Any]], Iterable[tuple[StreamId]]]
"""Executes a statement."""


def citing(ask: Ask, cited: StreamId, kind: str, upto: int = ALL) -> list[StreamId]:
    """The streams of a kind in which some fact names `cited`, by their first such fact."""
    return [stream for (stream,) in ask(_SELECT, (cited, *streams_of(kind), upto))]


def streams_of(kind: str) -> tuple[str, str]:
    """The bounds of a kind's streams: `;` is the character after `:`."""
    return f"{kind}:", f"{kind};"
