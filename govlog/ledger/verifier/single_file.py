"""Writes the verifier as one file that needs only Python and `cryptography`.

`python -m govlog.ledger.verifier.single_file PATH` makes it; it is run as `python PATH WHAT`.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import govlog.ledger

_MAIN = b"import sys\nfrom govlog.ledger.verifier.command import main\nsys.exit(main())\n"
# Zip stores times; one that never changes makes the same sources give the same file.
_TIME = (1980, 1, 1, 0, 0, 0)


def write(path: Path) -> None:
    """Make the file at `path`, byte for byte the same from the same sources."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sources():
                archive.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
    path.chmod(0o755)


def sources() -> Iterator[tuple[str, bytes]]:
    """The modules that it is made of, by their names within the file."""
    ledger = Path(str(govlog.ledger.__file__)).parent
    yield "__main__.py", _MAIN
    for path in sorted([ledger.parent / "__init__.py", *ledger.rglob("*.py")]):
        yield path.relative_to(ledger.parent.parent).as_posix(), path.read_bytes()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
