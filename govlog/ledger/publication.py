"""The folder of a log's public files: tiles, entries, and last of all the checkpoint."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.errors import Frozen, Malformed
from govlog.ledger.keys import VerifierKey
from govlog.ledger.merkle import HASH_BYTES
from govlog.ledger.notes import Note
from govlog.ledger.policy import Party, Policy
from govlog.ledger.tiles import ENTRIES, WIDTH, Tile, bundle, entries_in

CHECKPOINT = "checkpoint"
KEYS = "v1/log/keys"
_ONE_BY_ONE = 32
"""Up to so many files are made durable each for itself; more of them by one sync of everything."""


class Publication:
    """Files that any web server can serve; what is named by the checkpoint is always there.

    Full tiles are final. Partial ones of a tile go away once the tile after it is full too, so that
    who is copying the log finds either.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def checkpoint(self) -> bytes | None:
        """The published checkpoint, verbatim; None before the first."""
        try:
            return (self.folder / CHECKPOINT).read_bytes()
        except FileNotFoundError:
            return None

    def read(self, tile: Tile) -> bytes:
        """A tile or bundle; a partial one also out of the full one. FileNotFoundError if neither.

        Tiles are append-only, so the beginning of a full one is what the partial one was.
        """
        try:
            return (self.folder / tile.path()).read_bytes()
        except FileNotFoundError:
            if tile.is_full:
                raise
        whole = (self.folder / Tile(tile.level, tile.index).path()).read_bytes()
        if tile.level == ENTRIES:
            return bundle(entries_in(whole, WIDTH)[: tile.width])
        return whole[: tile.width * HASH_BYTES]

    def write(self, tiles: Sequence[tuple[Tile, bytes]]) -> None:
        """Make tiles durable; what stands there already must be the same.

        Each appears under its name whole or not at all.
        """
        new = [(self.folder / tile.path(), data) for tile, data in tiles]
        new = [(path, data) for path, data in new if not _stands(path, data)]
        changed = {path.parent for path, _ in new}
        for folder in list(changed):
            changed |= _made(folder)
        for path, data in new:
            _write(_beside(path), data, durable=False)
        if len(new) > _ONE_BY_ONE:
            os.sync()
        else:
            _sync(_beside(path) for path, _ in new)
        for path, _ in new:
            _beside(path).replace(path)
        _sync(changed)
        self._tidy([tile for tile, _ in tiles if tile.is_full])

    def publish(self, checkpoint: bytes) -> bool:
        """Put a checkpoint in place of the published one; False where that is a larger one."""
        with self.locked():
            before = self.checkpoint()
            if before is not None and _size(before) > _size(checkpoint):
                return False
            path = self.folder / CHECKPOINT
            _write(_beside(path), checkpoint, durable=True)
            # The name need not be durable: after a crash the checkpoint before may stand here, and
            # the next start publishes what was bound to.
            _beside(path).replace(path)
            return True

    def show_keys(self, keys: Iterable[VerifierKey], policy: Policy) -> None:
        """Say by which keys the log's signatures are known, and whom it asks to cosign them.

        Nothing vouches for it but the way it is read: who verifies has them from elsewhere.
        """
        log = tuple(Party(each.name, each) for each in keys)
        told = {
            "origin": log[0].name,
            "keys": [str(each.key) for each in log],
            "policy": str(replace(policy, logs=log)),
        }
        path = self.folder / KEYS
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(_beside(path), json.dumps(told).encode(), durable=True)
        _beside(path).replace(path)

    def sweep(self) -> None:
        """Take away what publishers that were killed had not finished; called before the first file
        is written, for what bears this process's own number is then of an earlier one."""
        for path in self.folder.rglob(".*.new"):
            number = path.name.split(".")[-2]
            if number.isdecimal() and not _runs(int(number)):
                path.unlink(missing_ok=True)

    @property
    def frozen(self) -> Path:
        """The file whose presence ends signing."""
        return self.folder / "frozen"

    def refuse_if_frozen(self) -> None:
        """Frozen once an operator has said so; there is no way back but a new origin."""
        if self.frozen.exists():
            raise Frozen(
                f"signing has ended: {self.frozen.read_text('utf-8').strip()}",
                mend="go on under a new origin: `govlog log new-origin`",
            )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder's lock: only short steps are made under it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _tidy(self, full: Sequence[Tile]) -> None:
        """C2SP tlog-tiles lets partial tiles go once the full one is there."""
        for tile in full:
            if tile.index:
                partial = Tile(tile.level, tile.index - 1, 1)
                shutil.rmtree((self.folder / partial.path()).parent, ignore_errors=True)


class LastSigned:
    """What a log has bound itself to: one file, swapped only by who knows what stood there.

    It lies outside the database, so a database that was set back cannot take it along. On one
    host only: a file gives no such swap across hosts.
    """

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self.path = publication.folder / "signed"

    def read(self) -> Checkpoint | None:
        """The last checkpoint that may have been signed; None before the first."""
        try:
            text = self.path.read_text("utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            raise Malformed(f"{self.path} is damaged") from None
        return Checkpoint.parse(text)

    def swap(self, before: Checkpoint | None, after: Checkpoint) -> bool:
        """Put `after` in the place of `before`, durably; False where something else stands."""
        with self._publication.locked():
            if self.read() != before:
                return False
            _write(_beside(self.path), after.body().encode(), durable=True)
            _beside(self.path).replace(self.path)
            _sync([self.path.parent])
            return True


def _size(note: bytes) -> int:
    return Checkpoint.parse(Note.parse(note).text).size


def _stands(path: Path, data: bytes) -> bool:
    """Whether a file is there already; Malformed where it says something else."""
    try:
        there = path.read_bytes()
    except FileNotFoundError:
        return False
    if there != data:
        raise Malformed(f"{path} is published already and says something else")
    return True


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.new")


def _runs(pid: int) -> bool:
    """Whether another process of that number is there; several may publish one folder."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _write(path: Path, data: bytes, *, durable: bool) -> None:
    try:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _made(folder: Path) -> set[Path]:
    """Make a folder with those it lies in; the ones in which a new name must become durable."""
    above: set[Path] = set()
    missing = folder
    while not missing.exists():
        missing = missing.parent
        above.add(missing)
    folder.mkdir(parents=True, exist_ok=True)
    return above


def _sync(paths: Iterable[Path]) -> None:
    """Make files, and names in folders, durable (fsync(2)).

    All at once: a disk that is busy makes several durable in the time that one takes.
    """
    with ThreadPoolExecutor(_ONE_BY_ONE) as threads:
        list(threads.map(_sync_one, paths))


def _sync_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
