"""How often one client may do a thing: a fixed window, counted per worker.

The `limits` package does the same and more, but its memory storage starts a timer thread every few
milliseconds under load, which took as long as the rest of a write.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from govlog.domain.errors import MalformedValue

_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0}


class Rate:
    """At most so many in a window, for each client; safe to use from many threads."""

    def __init__(self, text: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`text` is `<number>/<second, minute or hour>`."""
        number, _, window = text.partition("/")
        if not (number.isascii() and number.isdigit() and int(number)) or window not in _SECONDS:
            raise MalformedValue("rate", text, "write a number per window, such as 600/minute")
        self.text = text
        self._most = int(number)
        self._window = _SECONDS[window]
        self._clock = clock
        self._lock = threading.Lock()
        self._ends = 0.0
        self._counts: dict[str, int] = {}

    def allows(self, client: str) -> bool:
        """Count once more for a client; whether that is still within the rate."""
        now = self._clock()
        with self._lock:
            if now >= self._ends:
                # All windows end together, so that those who came once are not remembered.
                self._ends = now + self._window
                self._counts.clear()
            count = self._counts.get(client, 0) + 1
            self._counts[client] = count
        return count <= self._most
