"""Opens a log for the views, in whichever process makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from govlog.application.facts import Facts
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from projections.log import Log
from projections.moving import FactsAt

Opening = Callable[[], AbstractContextManager[tuple[Log, FactsAt]]]
"""Opens the log anew where it is called; it can be pickled and so sent to another process."""


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[EventStore, FactsAt]]:
    """The log, and its counted states at any of its sizes."""
    with EventStore.open(settings) as store:
        yield store, partial(Facts.at, store)
