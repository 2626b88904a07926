"""The file that holds a log's signing keys: nobody but its owner may read it."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from govlog.ledger.errors import Malformed
from govlog.ledger.keys import NOTE, SigningKey


def create(path: Path, origin: str) -> SigningKey:
    """Make a log's first key; FileExistsError where there is a file already."""
    key = SigningKey.generate(origin)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, [key])
    return key


def read(path: Path, origin: str) -> tuple[SigningKey, ...]:
    """The keys that sign: one, or two while keys change, the old one first.

    Malformed where the file is no such file, is another log's, or can be read by others.
    FileNotFoundError where there is none.
    """
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Malformed(f"others may read {path}: chmod 600 {path}, and change the key if they did")
    keys = tuple(map(SigningKey.parse, path.read_text("utf-8").split()))
    if not keys or any(each.verifier.kind != NOTE for each in keys):
        raise Malformed(f"{path} holds no key that signs checkpoints")
    if any(each.verifier.name != origin for each in keys):
        raise Malformed(f"{path} holds the key of {keys[0].verifier.name}, not of {origin}")
    return keys


def replace(path: Path, keys: Sequence[SigningKey]) -> None:
    """Put other keys in the place of those that are there."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    _write(new, keys)
    new.replace(path)


def _write(path: Path, keys: Sequence[SigningKey]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{each.secret_text()}\n" for each in keys)
        file.flush()
        os.fsync(file.fileno())
