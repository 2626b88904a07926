"""Backups while the log is served, and their way back: nothing is called restored unverified.

A backup is a folder with `events.db`, `access.db` and `manifest.json`; the keys go to another
folder. The erasure journal belongs to neither: it must outlive them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import msgspec
from msgspec import Struct

from govlog.domain.errors import StoreUnusable
from govlog.ledger.merkle import Frontier
from govlog.persistence.audit import Progress, audit
from govlog.persistence.datastore import storage_error
from govlog.persistence.entry import recorded_at
from govlog.persistence.erasure_journal import Entry, ErasureJournal
from govlog.persistence.keys import Keys, truncate_write_ahead_log
from govlog.persistence.migrate import migrate
from govlog.persistence.replaying import Replayed, replay_erasures
from govlog.persistence.settings import Settings

MANIFEST = "manifest.json"
_ASIDE = ".restoring-"


class Backed(Struct, frozen=True):
    """One file of a backup."""

    bytes: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What a backup holds; written last, so that one without it is not whole."""

    format: int = 1
    origin: str
    created_at: str
    size: int
    """Of the log in it."""
    root: str
    """Of its tree, hex."""
    files: Mapping[str, Backed]


class Restored(Struct, frozen=True):
    """What stands again, after it was verified."""

    size: int
    root: str
    openings: int
    """Values that open and are the ones committed to."""
    locked: int
    """Values whose keys are not in this backup of the keys: they stay unreadable."""
    erased: int
    """Values that the backup still held and the journal took out again."""
    unrecorded: int
    """Those of them that no event of the restored log tells of; see `govlog erase --resume`."""


def back_up(settings: Settings, to: Path, keys_to: Path) -> Manifest:
    """Copy a log into two new folders while it is served, each file in one committed state."""
    _require_apart(to, keys_to)
    for folder in (to, keys_to):
        _require_empty(folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Keys last: whoever was given one for what stands in the copy of the log has it in theirs.
    files = {name: _copied(path, to / name) for name, path in _data(settings).items()}
    keys = {"keys.db": _copied(settings.keys_db, keys_to / "keys.db")}
    with closing(_reading(to / "events.db")) as copy:
        (origin,) = copy.execute("SELECT origin FROM log_meta").fetchone()
        frontier = Frontier.unpacked(*copy.execute("SELECT size, roots FROM frontier").fetchone())
    manifest = Manifest(
        origin=origin,
        created_at=recorded_at(time.time_ns() // 1000),
        size=frontier.size,
        root=frontier.root().hex(),
        files=files,
    )
    _write(keys_to / MANIFEST, msgspec.structs.replace(manifest, files=keys))
    _write(to / MANIFEST, manifest)
    return manifest


def restore(
    settings: Settings,
    source: Path,
    keys_from: Path,
    *,
    journal: bool = True,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Restored:
    """Bring a backup back into an empty place: verified, and with nothing erased in it.

    Everything is made ready in a folder aside; the log's own file takes its place last. Without
    `journal` it is not asked for: only where nothing was ever erased.
    """
    manifest, _ = _read_manifest(source), _read_manifest(keys_from)
    entries = _erasures(settings, manifest.origin) if journal else []
    targets = {**_data(settings), "keys.db": settings.keys_db}
    for path in targets.values():
        if path.exists():
            raise StoreUnusable(
                f"{path} is there already, and a restore overwrites nothing",
                mend="name an empty directory in GOVLOG_DATA, or move away what stands there",
            )
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o750)
    for killed in settings.data.glob(f"{_ASIDE}*"):
        shutil.rmtree(killed)
    with tempfile.TemporaryDirectory(prefix=_ASIDE, dir=settings.data) as aside:
        made = Settings(Path(aside), settings.lock_timeout)
        for name in _data(made):
            shutil.copyfile(source / name, made.data / name)
        shutil.copyfile(keys_from / "keys.db", made.keys_db)
        migrate(made)
        replayed = _replay(made, entries)
        restored = _verified(made, manifest, replayed, lambda done: progress(done, manifest.size))
        _into_place({**_data(made), "keys.db": made.keys_db}, targets)
    return restored


def _replay(made: Settings, entries: list[Entry]) -> Replayed:
    with closing(Keys(made.keys_db, lock_timeout=made.lock_timeout)) as keys:
        keys.begin_epoch()
    return replay_erasures(made, entries)


def _verified(
    made: Settings, manifest: Manifest, replayed: Replayed, progress: Progress
) -> Restored:
    remembered = {manifest.size: bytes.fromhex(manifest.root)} if manifest.size else {}
    found = audit(made.events_db, made.keys_db, remembered=remembered, progress=progress)
    if found.offence is not None:
        raise StoreUnusable(
            f"the backup is not whole: {found.offence.what}",
            mend="take another backup; nothing was put in place",
            index=found.offence.index,
        )
    return Restored(
        size=found.size,
        root=found.root.hex(),
        openings=found.openings,
        locked=found.locked,
        erased=replayed.erased,
        unrecorded=replayed.unrecorded,
    )


def _erasures(settings: Settings, origin: str) -> list[Entry]:
    if not settings.erasures.exists():
        raise StoreUnusable(
            f"there is no erasure journal at {settings.erasures}",
            mend="bring the log's latest journal there (GOVLOG_ERASURES), or say --nothing-erased",
        )
    return [each for each in ErasureJournal(settings.erasures).entries() if each.origin == origin]


def _data(settings: Settings) -> dict[str, Path]:
    return {"access.db": settings.access_db, "events.db": settings.events_db}


def _require_apart(to: Path, keys_to: Path) -> None:
    one, other = to.resolve(), keys_to.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise StoreUnusable(
            "the keys would lie with what they lock up",
            mend="name another place for the keys, best on another machine",
        )


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreUnusable(
            f"{folder} is there already and not empty", mend="name a new folder for each backup"
        )


def _copied(source: Path, copy: Path) -> Backed:
    """Copy a database with SQLite's online backup, in one step and so of one state."""
    try:
        with closing(_reading(source)) as reading, closing(sqlite3.connect(copy)) as writing:
            copy.chmod(0o600)
            reading.backup(writing)
            # One file that needs no write-ahead log beside it.
            writing.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise storage_error(error) from error
    _synced(copy)
    return _backed(copy)


def _backed(path: Path) -> Backed:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Backed(path.stat().st_size, digest)


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)


def _read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder whose files are the ones it names."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise StoreUnusable(
            f"{folder} holds no whole backup: {error}", mend="name the folder of a backup"
        ) from error
    for name, backed in manifest.files.items():
        if not (folder / name).is_file() or _backed(folder / name) != backed:
            raise StoreUnusable(
                f"{folder / name} is not the file that was backed up",
                mend="take another copy of the backup",
            )
    return manifest


def _write(path: Path, manifest: Manifest) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    _synced(path)


def _synced(path: Path) -> None:
    for each in (path, path.parent):
        file = os.open(each, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def _into_place(made: Mapping[str, Path], targets: Mapping[str, Path]) -> None:
    """The log itself last: what is not there yet is not served."""
    for name in sorted(made, key=lambda each: each == "events.db"):
        truncate_write_ahead_log(made[name], patience=1)
        targets[name].parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        shutil.move(made[name], targets[name])
        _synced(targets[name])
