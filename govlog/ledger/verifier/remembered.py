"""What a verifier remembers of each log: the last checkpoint that held, its key, its leaves.

With the leaves a history that was changed afterwards is caught at its first changed entry, even
where the operator has signed it anew with the real key.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.errors import Malformed
from govlog.ledger.keys import VerifierKey
from govlog.ledger.merkle import HASH_BYTES
from govlog.ledger.notes import Note


def state_directory() -> Path:
    """`govlog/verify` in XDG_STATE_HOME, else in `~/.local/state` (XDG Base Directory 0.8)."""
    home = os.environ.get("XDG_STATE_HOME")
    return (Path(home) if home else Path.home() / ".local/state") / "govlog" / "verify"


class Remembered:
    """The memory of one log, in three files named after its origin."""

    def __init__(self, directory: Path, origin: str) -> None:
        self._directory = directory
        self._name = sha256(origin.encode()).hexdigest()[:32]

    @property
    def key(self) -> VerifierKey | None:
        """The key that was trusted first; None of a log that was never looked at."""
        text = self._read("key")
        return None if text is None else VerifierKey.parse(text.decode().strip())

    @property
    def note(self) -> bytes | None:
        """The last checkpoint that held, as it was signed."""
        return self._read("checkpoint")

    @property
    def checkpoint(self) -> Checkpoint | None:
        """The same, read."""
        note = self.note
        return None if note is None else Checkpoint.parse(Note.parse(note).text)

    def leaves(self) -> Leaves:
        """The leaf hashes that led to it; to be closed."""
        self._directory.mkdir(parents=True, exist_ok=True)
        held = self.checkpoint
        return Leaves(self._path("leaves"), held.size if held else 0)

    def renew(self, note: bytes, key: VerifierKey) -> None:
        """From now on this is the last checkpoint that held; its leaves were given before."""
        self._write("key", f"{key}\n".encode())
        self._write("checkpoint", note)

    def keep_contradiction(self, note: bytes) -> Path:
        """Keep a checkpoint that contradicts the remembered one: both are signed evidence."""
        name = f"contradiction-{sha256(note).hexdigest()[:16]}"
        self._write(name, note)
        return self._path(name)

    def _path(self, what: str) -> Path:
        return self._directory / f"{self._name}.{what}"

    def _read(self, what: str) -> bytes | None:
        try:
            return self._path(what).read_bytes()
        except FileNotFoundError:
            return None

    def _write(self, what: str, data: bytes) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        fresh = self._path(f"{what}.new")
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path(what))


class Leaves:
    """Leaf hashes in a file, of which the first `known` belong to the remembered checkpoint."""

    def __init__(self, path: Path, known: int) -> None:
        self.known = known
        self._file: BinaryIO = path.open("r+b" if path.exists() else "w+b")
        held = self._file.seek(0, os.SEEK_END) // HASH_BYTES
        if held < known:
            self._file.close()
            raise Malformed(f"{path} holds {held} leaves of the {known} it should; remove it")

    def first_difference(self, start: int, leaves: list[bytes]) -> int | None:
        """The first index from `start` on at which these leaves are other than remembered."""
        count = min(len(leaves), self.known - start)
        if count <= 0:
            return None
        self._file.seek(start * HASH_BYTES)
        held = self._file.read(count * HASH_BYTES)
        if held == b"".join(leaves[:count]):
            return None
        for place in range(count):
            if held[place * HASH_BYTES : (place + 1) * HASH_BYTES] != leaves[place]:
                return start + place
        return None

    def put(self, start: int, leaves: list[bytes]) -> None:
        """Hold leaves that are not remembered yet; they count once the checkpoint is renewed."""
        fresh = leaves[max(0, self.known - start) :]
        if fresh:
            self._file.seek(max(start, self.known) * HASH_BYTES)
            self._file.write(b"".join(fresh))

    def close(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
