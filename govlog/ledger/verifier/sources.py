"""Where a log is read from: a service, a mirror in a folder, or a sealed archive."""

from __future__ import annotations

import http.client
import zipfile
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from govlog.ledger.errors import LedgerError

LARGEST_RESOURCE = 256 * (2 + 65_535)
"""Bytes: a full bundle of entries of the largest size; nothing else is longer."""
PATIENCE = 30.0
"""Seconds for one answer."""


class Unreachable(LedgerError):
    """The source cannot be read; nothing is said about the log."""


class Source(Protocol):
    """Reads resources by the paths that they have in the service."""

    name: str

    def read(self, path: str) -> bytes | None:
        """The bytes at a path such as `tile/0/000`; None where there are none."""


class Folder:
    """A mirror: one file for each resource."""

    def __init__(self, directory: Path) -> None:
        self.name = str(directory)
        self._directory = directory

    def read(self, path: str) -> bytes | None:
        try:
            return (self._directory / path).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        except OSError as error:
            raise Unreachable(f"{self._directory / path}: {error.strerror}") from None


class Archive:
    """A sealed archive: a mirror in a zip file."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise Unreachable(f"{path} cannot be read as an archive: {error}") from None

    def read(self, path: str) -> bytes | None:
        try:
            with self._zip.open(path) as file:
                return file.read(LARGEST_RESOURCE + 1)
        except KeyError:
            return None
        except (OSError, zipfile.BadZipFile) as error:
            raise Unreachable(f"{path} in {self.name} cannot be read: {error}") from None


class Service:
    """A running log, asked over one kept connection."""

    def __init__(self, address: str) -> None:
        self.name = address
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Unreachable(f"{address} is no address: use http://… or https://…")
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._connection = kind(parts.hostname, parts.port, timeout=PATIENCE)
        self._prefix = parts.path.rstrip("/")

    def read(self, path: str) -> bytes | None:
        for attempt in (1, 2):
            try:
                return self._get(path)
            except (OSError, http.client.HTTPException) as error:
                # A kept connection may have been closed in between; a new one is tried once.
                self._connection.close()
                if attempt == 2:
                    raise Unreachable(f"{self.name}/{path} cannot be read: {error}") from None
        raise AssertionError("unreachable")

    def _get(self, path: str) -> bytes | None:
        self._connection.request("GET", f"{self._prefix}/{path}", headers={"Accept": "*/*"})
        answer = self._connection.getresponse()
        body = answer.read(LARGEST_RESOURCE + 1)
        if answer.status in (404, 410):
            answer.close()
            return None
        if answer.status != 200:
            self._connection.close()
            raise Unreachable(f"{self.name}/{path} answers {answer.status} {answer.reason}")
        return body


class Keeping:
    """Keeps a mirror of what is read, and reads from it what never changes."""

    def __init__(self, source: Source, directory: Path) -> None:
        self.name = source.name
        self._source = source
        self._directory = directory

    def read(self, path: str) -> bytes | None:
        file = self._directory / path
        # Full tiles are final (tlog-tiles); anything else may have grown or changed.
        if path.startswith("tile/") and ".p/" not in path and file.is_file():
            return file.read_bytes()
        data = self._source.read(path)
        if data is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            fresh = file.with_name(f"{file.name}.new")
            fresh.write_bytes(data)
            fresh.replace(file)
        return data


def source_of(text: str) -> Source:
    """A service for an address, an archive for a file, a mirror for a folder."""
    if "://" in text:
        return Service(text)
    path = Path(text)
    if path.is_file():
        return Archive(path)
    if not path.is_dir():
        raise Unreachable(f"{text} is neither an address nor a folder nor an archive")
    return Folder(path)
