"""A log in a folder, as a mirror holds it, to be checked and to be spoilt."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.commitments import commitment
from govlog.ledger.keys import NOTE, SigningKey
from govlog.ledger.merkle import leaf_hash
from govlog.ledger.notes import Note, cosign, sign
from govlog.ledger.proofs import inclusion_proof, tree_root
from govlog.ledger.receipts import Receipt
from govlog.ledger.tiles import ENTRIES, HEIGHT, bundle, tiles_of
from tests.ledger.memory import MemoryTree

ORIGIN = "log.example/a"
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
SALT = bytes(range(32))


def entry(number: int, text: str = "as decided", *, minutes: int = 0) -> bytes:
    """An entry in the frame of the house, with one committed text."""
    stream, version = f"debate:d{number}", 1
    when = BEGUN + timedelta(seconds=number, minutes=minutes)
    committed = commitment(SALT, f"{stream}@{version}", "title", text).hex()
    framed = {
        "stream": stream,
        "version": version,
        "topic": "DebateOpened",
        "recorded_at": when.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z",
        "recorded_by": "party:anna",
        "token": "",
        "state": {"title": {"$c": committed}, "question": 'a "recorded_at":"9" in a text'},
    }
    return json.dumps(framed, separators=(",", ":")).encode()


def opening(number: int, text: str = "as decided") -> dict[str, Any]:
    """What opens the text of an entry."""
    return {
        "index": number,
        "event": f"debate:d{number}@1",
        "field": "title",
        "salt": base64.b64encode(SALT).decode(),
        "value": text,
    }


class Mirror:
    """A folder with everything a log publishes."""

    def __init__(
        self, directory: Path, key: SigningKey | None = None, witnesses: Sequence[SigningKey] = ()
    ) -> None:
        self.directory = directory
        self.key = key or SigningKey.generate(ORIGIN, NOTE)
        self._witnesses = witnesses

    def publish(
        self, entries: Sequence[bytes], openings: Iterable[dict[str, Any]] | None = None
    ) -> Checkpoint:
        """Write tiles, entries, openings and the signed checkpoint of exactly these entries."""
        tree = MemoryTree(map(leaf_hash, entries))
        for tile in tiles_of(len(entries)):
            if tile.level == ENTRIES:
                data = bundle(entries[tile.first : tile.first + tile.width])
            else:
                height = HEIGHT * tile.level
                hashes = (tree.perfect(height, tile.first + n) for n in range(tile.width))
                data = b"".join(hashes)
            self.write(tile.path(), data)
        checkpoint = Checkpoint(
            self.key.verifier.name, len(entries), tree_root(len(entries), tree.perfect)
        )
        self.write("checkpoint", self.signed(checkpoint))
        shown = list(openings if openings is not None else map(opening, range(len(entries))))
        self.write("v1/openings", json.dumps({"openings": shown, "next": None}).encode())
        keys = {"origin": ORIGIN, "keys": [str(self.key.verifier)]}
        self.write("v1/log/keys", json.dumps(keys).encode())
        return checkpoint

    def signed(self, checkpoint: Checkpoint) -> bytes:
        """The note with the log's signature and its witnesses'."""
        body = checkpoint.body()
        cosigned = (cosign(body, witness, 1_800_000_000) for witness in self._witnesses)
        return bytes(Note(body, (sign(body, self.key), *cosigned)))

    def receipt(self, entries: Sequence[bytes], index: int) -> Receipt:
        """The receipt of one of the published entries."""
        tree = MemoryTree(map(leaf_hash, entries))
        path = inclusion_proof(index, len(entries), tree.perfect)
        return Receipt(index, tuple(path), (self.directory / "checkpoint").read_bytes())

    def write(self, path: str, data: bytes) -> None:
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def tiles(self) -> list[Path]:
        """The files of all tiles and bundles."""
        return sorted(path for path in (self.directory / "tile").rglob("*") if path.is_file())
