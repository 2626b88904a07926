"""A sealed archive: everything public about a log in one file, with the tool that checks it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.errors import NotFound
from govlog.exchange.openings import Openings, page_after
from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.notes import Note
from govlog.ledger.publication import KEYS, Publication
from govlog.ledger.tiles import tiles_of
from govlog.ledger.verifier import single_file
from govlog.persistence.store import EventStore

TOOL = "govlog-verify.pyz"
_OPENINGS = "v1/openings"
# Zip stores times; one that never changes makes the same log give the same archive.
_TIME = (1980, 1, 1, 0, 0, 0)
_README = """This archive holds what the log {origin} had published at size {size}: its signed
checkpoint, every entry, every tile of hashes, and the texts that were public.

Check it with Python and the package `cryptography`, with a copy of the tool that you trust (the
one in here is for convenience) and a key that came to you another way:

    python3 {tool} ARCHIVE.zip --key VKEY
"""

Progress = Callable[[int, int], None]
"""Told how many resources are in, and how many there are."""


class Sealed(Struct, frozen=True):
    """What an archive holds."""

    origin: str
    size: int
    texts: int
    """Openings; those of erased texts say so."""


def seal(store: EventStore, publication: Publication, path: Path, progress: Progress) -> Sealed:
    """Write the archive of the present checkpoint; NotFound while nothing is published.

    Texts of closed items are left out. The same checkpoint and texts give the same bytes.
    """
    note = publication.checkpoint()
    if note is None:
        raise NotFound(
            "nothing of this log is published yet", mend="run `govlog serve` or `govlog publish`"
        )
    checkpoint = Checkpoint.parse(Note.parse(note).text)
    tiles = list(tiles_of(checkpoint.size))
    texts = 0
    with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as archive:
        about = _README.format(origin=checkpoint.origin, size=checkpoint.size, tool=TOOL)
        _put(archive, "README.txt", about.encode())
        _put(archive, "checkpoint", note)
        _put(archive, KEYS, (publication.folder / KEYS).read_bytes())
        _put(archive, TOOL, _tool())
        for number, tile in enumerate(tiles, start=1):
            _put(archive, tile.path(), publication.read(tile))
            progress(number, len(tiles))
        for name, page in _openings(store, checkpoint.size):
            _put(archive, name, msgspec.json.encode(page))
            texts += len(page.openings)
    return Sealed(checkpoint.origin, checkpoint.size, texts)


def _openings(store: EventStore, size: int) -> Iterator[tuple[str, Openings]]:
    """The pages under the names by which a service is asked for them."""
    name, after = _OPENINGS, -1
    while True:
        page = page_after(store, after, closed_too=False)
        if page.next is None or page.next + 1 >= size:
            yield name, replace(page, next=None)
            return
        yield name, page
        name, after = f"{_OPENINGS}?after={page.next}", page.next


def _tool() -> bytes:
    with TemporaryDirectory() as folder:
        made = Path(folder, TOOL)
        single_file.write(made)
        return made.read_bytes()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
