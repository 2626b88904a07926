"""Checks that the texts that are shown belong to the commitments in the entries.

An entry holds `{"$c": hex}` for each text; its opening is the text and a salt. An erased text has
no opening any more.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from govlog.ledger.commitments import commitment
from govlog.ledger.verifier.findings import Findings, Offence
from govlog.ledger.verifier.sources import Source
from govlog.ledger.verifier.whole_log import bundles

PATH = "v1/openings"


def check_opening(entry: bytes, opening: Mapping[str, Any]) -> bool:
    """Whether one opening belongs to an entry; False where the text was erased. Offence if not."""
    index = opening.get("index")
    where = index if isinstance(index, int) else None
    if opening.get("erased"):
        return False
    try:
        field, value = str(opening["field"]), str(opening["value"])
        salt = base64.b64decode(str(opening["salt"]), validate=True)
        framed = json.loads(entry)
        event = f"{framed['stream']}@{framed['version']}"
        committed = _at(framed["state"], field)["$c"]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise Offence(f"the opening is not one of the entry: {error!r}", where) from None
    if commitment(salt, event, field, value).hex() != committed:
        raise Offence(f"the text of {field} is not the one that {event} commits to", where)
    return True


def check_openings(source: Source, size: int, findings: Findings) -> None:
    """Check every opening that the log shows against the entry that it belongs to."""
    if source.read(PATH) is None:
        findings.remarks.append("no texts are shown here: only their commitments were checked")
        return
    opened = erased = 0
    entries = _entries(source, size)
    at, entry = -1, b""
    for opening in _openings(source, size):
        index = opening.get("index")
        if not isinstance(index, int) or not at <= index:
            raise Offence(f"the openings are not in the order of the log: {index!r}")
        if index >= size:
            break  # recorded since the checkpoint was signed
        while at < index:
            at, entry = next(entries)
        if check_opening(entry, opening):
            opened += 1
        else:
            erased += 1
    findings.checked.append(f"{opened} texts are those that the entries commit to")
    if erased:
        findings.checked.append(f"{erased} texts have been erased; their commitments stand")


def _openings(source: Source, size: int) -> Iterator[Mapping[str, Any]]:
    path, after = PATH, -1
    while True:
        page = _page(source, path)
        yield from page["openings"]
        following = page.get("next")
        if following is None or (isinstance(following, int) and following >= size):
            return
        if not isinstance(following, int) or following <= after:
            raise Offence(f"{source.name}/{path} does not get on")
        path, after = f"{PATH}?after={following}", following


def _page(source: Source, path: str) -> Mapping[str, Any]:
    data = source.read(path)
    if data is None:
        raise Offence(f"{source.name} shows no openings at {path}")
    try:
        page = json.loads(data)
        openings: Sequence[object] = page["openings"]
        if all(isinstance(each, Mapping) for each in openings):
            return dict(page)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise Offence(f"{source.name}/{path} is not a page of openings")


def _entries(source: Source, size: int) -> Iterator[tuple[int, bytes]]:
    for start, bundle in bundles(source, size):
        yield from enumerate(bundle, start)


def _at(state: Any, path: str) -> Any:
    for step in path.split("."):
        state = state[int(step)] if isinstance(state, list) else state[step]
    return state
