"""States and settlements for questions that no view answers, at any size of the log."""

from __future__ import annotations

import threading
from collections import OrderedDict

from govlog.application.facts import Facts
from govlog.domain.attribution import Settlement, settle
from govlog.domain.commitment import Product
from govlog.domain.values import StreamId
from govlog.persistence.store import EventStore

STREAMS = 5_000
SETTLEMENTS = 64
PAGE = 1_000


class Knowledge:
    """What one worker has folded; safe to use from many threads, one at a time."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._turn = threading.Lock()
        self._head = Facts(store, remembered=STREAMS)
        self._settled: OrderedDict[tuple[StreamId, int], Settlement] = OrderedDict()

    def settlement(self, stream: StreamId, size: int) -> tuple[Product, Settlement] | None:
        """A product and who bears what in it, as known at a size; None where it was not there."""
        with self._turn:
            facts = self._facts(size)
            product = facts.product(stream)
            if product is None:
                return None
            key = (stream, size)
            known = self._settled.pop(key, None)
            if known is None:
                known = settle(product, facts)
                if len(self._settled) >= SETTLEMENTS:
                    self._settled.popitem(last=False)
            self._settled[key] = known
            return product, known

    def _facts(self, size: int) -> Facts:
        head = self._head
        if size < head.size:
            return Facts.at(self._store, size, remembered=STREAMS)
        while head.size < size:
            page = self._store.page(head.size, min(PAGE, size - head.size))
            if not page:
                break
            head.follow(page, page[-1].index + 1)
        return head
