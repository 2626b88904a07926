"""The erasure journal: what was asked to be erased, kept where no backup reaches.

One JSON object a line: first that an erasure begins, then that it is done. It holds commitments
and opaque ids, never a value. What begins and is not done is carried out when the log is next
started; a restore carries out everything again.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.errors import StoreUnusable
from govlog.domain.values import StreamId


class Entry(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One erasure."""

    erasure: str
    """Its id in the journal."""
    origin: str
    """The log's."""
    at: str
    """When it began, RFC 3339."""
    by: StreamId
    token: str = ""
    ground: str
    party: StreamId | None = None
    """The person who is erased as a whole."""
    commitments: tuple[str, ...] = ()
    """What stood when it began; of a person more may be found."""
    done: bool = False


class _Done(Struct, frozen=True, kw_only=True):
    erasure: str
    done: str
    commitments: tuple[str, ...]


class ErasureJournal:
    """The journal of one log; a file that is only ever appended to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, entry: Entry) -> None:
        """Write down what is going to be erased, before anything is."""
        self._append(entry)

    def done(self, erasure: str, at: str, commitments: Iterable[str]) -> None:
        """Write down that an erasure is carried out, and what it came to erase."""
        self._append(_Done(erasure=erasure, done=at, commitments=tuple(commitments)))

    def entries(self) -> list[Entry]:
        """Every erasure that ever began, in order.

        A last line that is torn never was acknowledged, so nothing was done for it.
        """
        if not self._path.exists():
            return []
        found: dict[str, Entry] = {}
        *lines, _torn = self._path.read_bytes().split(b"\n")
        for number, line in enumerate(lines, start=1):
            if line:
                self._take(line, number, found)
        return list(found.values())

    def _take(self, line: bytes, number: int, found: dict[str, Entry]) -> None:
        try:
            if b'"done":"' not in line:
                entry = msgspec.json.decode(line, type=Entry)
                found[entry.erasure] = entry
                return
            done = msgspec.json.decode(line, type=_Done)
            begun = found[done.erasure]
        except (msgspec.MsgspecError, KeyError) as error:
            raise StoreUnusable(
                f"line {number} of the erasure journal {self._path} cannot be read: {error}",
                mend="bring a whole copy of the journal; nothing may be served without it",
            ) from error
        commitments = tuple(dict.fromkeys((*begun.commitments, *done.commitments)))
        found[done.erasure] = replace(begun, commitments=commitments, done=True)

    def _append(self, line: Struct) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            held = os.pread(file, os.fstat(file).st_size, 0)
            if not held.endswith(b"\n"):
                os.ftruncate(file, held.rfind(b"\n") + 1)
            os.write(file, msgspec.json.encode(line) + b"\n")
            os.fsync(file)
        finally:
            os.close(file)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
