"""A publisher that is killed between any two of its steps leaves what the next one goes on from."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from govlog.ledger.publication import Publication
from govlog.ledger.publisher import Publisher
from tests.ledger.shelf import KEY, Shelf, numbered, publish_all, published

CALLS = ("open", "replace", "mkdir", "unlink", "rmdir")
"""These and fsync: what a publisher leaves on the disk, it leaves between two of them."""


class Killed(BaseException):
    """Nobody catches it; and who is dead makes no further call either."""


def killed_after(calls: int, work: Callable[[], object]) -> bool:
    """Have `work` die after so many calls; whether it came to that."""
    left = iter(range(calls))
    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, _counted(getattr(os, name), left))
        # A kill loses nothing that was written, so what fsync does is not needed here.
        patch.setattr(os, "fsync", _counted(lambda _: None, left))
        try:
            work()
        except Killed:
            return True
    return False


def _counted(inner: Callable[..., Any], left: Iterator[int]) -> Callable[..., Any]:
    def counted(*given: Any, **named: Any) -> Any:
        if next(left, None) is None:
            raise Killed
        return inner(*given, **named)

    return counted


@pytest.mark.parametrize(("before", "after"), [(0, 3), (255, 256), (250, 520)])
def test_every_kill_leaves_a_whole_publication(before: int, after: int, tmp_path: Path) -> None:
    first, grown = Shelf(numbered(0, before)), Shelf(numbered(0, after))
    kills = 0
    for calls in range(400):
        folder = tmp_path / str(calls)
        if before:
            publish_all(Publisher(first, Publication(folder), [KEY]))
        publisher = Publisher(grown, Publication(folder), [KEY])
        killed = killed_after(calls, lambda: publish_all(publisher))  # noqa: B023 - runs now
        if (folder / "checkpoint").exists():
            assert published(folder)[0].size in (before, after)
        else:
            assert not before
        publish_all(Publisher(grown, Publication(folder), [KEY]))
        assert published(folder)[1] == numbered(0, after)
        if not killed:
            break
        kills += 1
    assert kills > 10
