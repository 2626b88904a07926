"""What the publisher has made public, as this worker sees it in its files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from govlog.domain.errors import CheckpointBehind, NotFound
from govlog.ledger import status
from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.errors import Malformed
from govlog.ledger.notes import Note
from govlog.ledger.proofs import inclusion_proof
from govlog.ledger.publication import CHECKPOINT, KEYS, Publication
from govlog.ledger.receipts import Receipt
from govlog.ledger.status import Status
from govlog.ledger.tiles import Tile, TileTree

_LOOK = 0.02
"""Seconds between two looks while somebody waits for a checkpoint."""


class Signed(NamedTuple):
    """The published checkpoint."""

    note: bytes
    checkpoint: Checkpoint
    tag: str
    """An entity tag."""


class Published:
    """Reads the publication; what is read again is looked at anew only once it has changed."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._read: tuple[tuple[int, int, int], Signed] | None = None

    def signed(self) -> Signed:
        """The published checkpoint; NotFound before the first."""
        path = self._publication.folder / CHECKPOINT
        try:
            stat = os.stat(path)  # noqa: PTH116 - called for every receipt
            stamp = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
            if self._read is None or self._read[0] != stamp:
                note = path.read_bytes()
                checkpoint = Checkpoint.parse(Note.parse(note).text)
                tag = f'"{sha256(note).hexdigest()[:32]}"'
                self._read = (stamp, Signed(note, checkpoint, tag))
        except FileNotFoundError:
            raise _not_yet("no checkpoint is published yet") from None
        return self._read[1]

    def tile(self, path: str) -> tuple[Tile, bytes]:
        """A tile or bundle by its path; NotFound where none of that path is published."""
        try:
            tile = Tile.parse(path)
            return tile, self._publication.read(tile)
        except (Malformed, FileNotFoundError):
            raise NotFound(
                f"there is no {path[:80]}",
                mend="read /checkpoint: its size says which tiles there are (c2sp.org/tlog-tiles)",
            ) from None

    def keys(self) -> bytes:
        """The verifier keys and the witness policy, as JSON."""
        try:
            return (self._publication.folder / KEYS).read_bytes()
        except FileNotFoundError:
            raise _not_yet("no key is shown yet") from None

    def receipt(self, index: int, size: int) -> Receipt:
        """A proof for what stands at `index` of the log, which has `size` events by now."""
        signed = self.signed()
        if index >= size:
            raise NotFound(f"the log has no event {index} yet", mend="ask for a lower index")
        if index >= signed.checkpoint.size:
            raise CheckpointBehind(
                f"event {index} is recorded; the published checkpoint ends before it,"
                f" at size {signed.checkpoint.size}",
                mend="try again in a second; /readyz says how publishing stands",
                index=index,
                checkpoint=signed.checkpoint.size,
            )
        tree = TileTree(signed.checkpoint.size, self._publication.read)
        path = inclusion_proof(index, tree.size, tree.perfect)
        return Receipt(index, tuple(path), signed.note)

    def status(self) -> Status | None:
        """The publisher's last word about itself."""
        return status.read(self._publication.folder)

    def wait_until(self, size: int, seconds: float) -> Status | None:
        """Wait for a checkpoint of at least this size with the cosignatures its policy demands.

        None when it did not come in time.
        """
        return _until(lambda: self._covers(size), seconds)

    def _covers(self, size: int) -> Status | None:
        told = self.status()
        if told is None or told.size is None or told.size < size:
            return None
        return told if told.witnessed or not told.demanded else None


def _until(look: Callable[[], Status | None], seconds: float) -> Status | None:
    deadline = time.monotonic() + seconds
    while (found := look()) is None and time.monotonic() < deadline:
        time.sleep(_LOOK)
    return found


def _not_yet(what: str) -> NotFound:
    return NotFound(what, mend="start the publisher: `govlog serve`, or `govlog publish` alone")
