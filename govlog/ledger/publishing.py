"""The publisher at work: a checkpoint at most a second after a write, and a word on how it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from threading import Event

from govlog.ledger import status
from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.errors import Contradicted, Stopped
from govlog.ledger.gathering import Gathering
from govlog.ledger.notes import Note
from govlog.ledger.publication import CHECKPOINT, Publication
from govlog.ledger.publisher import Published, Publisher
from govlog.ledger.status import Status

POLL = 0.05
"""Seconds between two looks at the log."""
PACE = 0.25
"""Seconds from one checkpoint to the next at least: what is written meanwhile shares one."""
PATROL = 0.5
"""Seconds between two looks at a tile's worth of old entries."""
AGAIN = 5.0
"""Seconds after which witnesses are asked once more for what is missing."""
TROUBLED = 1.0
"""Seconds between two tries when something is wrong."""


class Publishing:
    """Runs a publisher until it is told to stop."""

    def __init__(
        self,
        publisher: Publisher,
        publication: Publication,
        gathering: Gathering | None,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`say` is told once when something goes wrong, and once when it goes on."""
        self._publisher = publisher
        self._publication = publication
        self._gathering = gathering
        self._say = say
        self._clock = clock
        asked = 0 if gathering is None else gathering.asked
        demanded = gathering is not None and gathering.demanded
        self.status = Status(since=clock(), witnesses=asked, demanded=demanded)
        self._shown: Status | None = None
        self._patrols = self._asks = 0.0

    def run(self, stop: Event, until: Callable[[], bool] = lambda: False) -> None:
        """Look, publish, look again, until told to stop."""
        while not stop.is_set() and not until():
            stop.wait(self.turn())

    def turn(self) -> float:
        """Do what is to be done now; answers how many seconds there is nothing to do after it."""
        began = time.monotonic()
        try:
            pause = self._work()
        except Stopped:
            return 0.0
        except Contradicted as refusal:
            told = {"kind": refusal.kind, "message": str(refusal), "mend": refusal.mend}
            self._trouble(status.REFUSING, {**told, **refusal.seen})
            pause = _longer(began)
        except Exception as error:  # noqa: BLE001 - whatever fails, it is tried again and shown
            said = str(error) or type(error).__name__
            self._trouble(status.FAILING, {"kind": type(error).__name__, "message": said})
            pause = _longer(began)
        self._show()
        return pause

    def _work(self) -> float:
        now = time.monotonic()
        if now - self._patrols >= PATROL:
            self._patrols = now
            self._publisher.patrol()
        published = self._publisher.step()
        if published is None and self._lacks_cosignatures() and now - self._asks >= AGAIN:
            self._asks = now
            published = self._publisher.again()
        if self.status.state != status.PUBLISHING:
            self._say("publishing goes on")
            self.status = replace(
                self.status, state=status.PUBLISHING, since=self._clock(), problem=None
            )
        if published is None:
            if self.status.size is None:
                self._note_earlier()
            return POLL
        self._note(published)
        return max(0.0, PACE - (time.monotonic() - now))

    def _lacks_cosignatures(self) -> bool:
        return self.status.demanded and not self.status.witnessed

    def _note_earlier(self) -> None:
        """After a restart nothing may be new: what is public then, an earlier run published."""
        data = self._publication.checkpoint()
        if data is None:
            return
        note = Note.parse(data)
        at = (self._publication.folder / CHECKPOINT).stat().st_mtime
        self._note(Published(Checkpoint.parse(note.text), note, at))

    def _note(self, published: Published) -> None:
        self._asks = time.monotonic()
        note, gathering = published.note, self._gathering
        enough = gathering is not None and gathering.is_met(note.signatures, note.text)
        own = published.checkpoint.origin
        self.status = replace(
            self.status,
            size=published.checkpoint.size,
            published_at=published.at,
            cosigned_by=tuple(each.name for each in note.signatures if each.name != own),
            witnessed=enough,
            complaints={} if gathering is None else dict(gathering.complaints),
        )

    def _trouble(self, state: str, problem: dict[str, object]) -> None:
        if (self.status.state, self.status.problem) == (state, problem):
            return
        self._say(f"publishing has stopped: {problem['message']}")
        self.status = replace(self.status, state=state, since=self._clock(), problem=problem)

    def _show(self) -> None:
        if self.status == self._shown:
            return
        try:
            self._publication.folder.mkdir(parents=True, exist_ok=True)
            self.status.write(self._publication.folder)
        except OSError:  # it has been said; a full disk takes no file about itself either
            return
        self._shown = self.status


def _longer(began: float) -> float:
    """Looking through all of a long log takes a while: most of the time it is not done."""
    return min(60.0, max(TROUBLED, 10 * (time.monotonic() - began)))
