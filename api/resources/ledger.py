"""The transparency log: checkpoint, tiles, keys, receipts and openings, all to be had by GET."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import msgspec
from flask import Response, request
from msgspec import Struct

from api.closed import may_read_closed
from api.conditions import unchanged
from api.paging import whole_number
from api.reading import only_known
from api.rooms import rooms
from api.routes import Route
from govlog.contract.answers import encode
from govlog.domain.errors import NotFound, TextErased
from govlog.exchange.openings import Opening, Openings, openings, page_after

TEXT = "text/plain; charset=utf-8"
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_WHILE = "public, max-age=300"
"""A partial tile never changes, but goes away once the full one is there."""


class Keys(Struct, frozen=True):
    """How the log's signatures are known, and who is asked to cosign."""

    origin: str
    keys: tuple[str, ...]
    """Verifier keys, C2SP signed-note: any of them signs checkpoints."""
    policy: str
    """C2SP tlog-policy; `quorum none` means that no witness is relied on."""


class Bundle(Struct, frozen=True):
    """A receipt that states something readable, and holds with the service gone."""

    receipt: str
    """c2sp.org/tlog-proof@v1."""
    entry: str
    """The entry's bytes, base64."""
    openings: tuple[Opening, ...]
    """The texts that the entry commits to, as far as the one who asks may see them."""
    proves: str
    look_at: str
    """Where a later revocation or correction would show."""


def checkpoint() -> Response:
    """The log's signed checkpoint (C2SP tlog-checkpoint), with its cosignatures."""
    signed = rooms().published.signed()
    held = unchanged(signed.tag)
    answer = held if held is not None else Response(signed.note, content_type=TEXT)
    answer.headers["ETag"] = signed.tag
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def tile(name: str) -> Response:
    """A tile of hashes or a bundle of entries, C2SP tlog-tiles: `tile/<L>/<N>[.p/<W>]`."""
    found, data = rooms().published.tile(f"tile/{name}")
    answer = Response(data, content_type="application/octet-stream")
    answer.headers["Cache-Control"] = _FOR_EVER if found.is_full else _FOR_A_WHILE
    return answer


def keys() -> Response:
    """The verifier keys of the log and its witness policy; compare them with what you know."""
    answer = Response(rooms().published.keys(), content_type="application/json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def receipt(index: int) -> Response:
    """That an event stands in the log: a tlog-proof as text, the bundle where JSON is asked for."""
    only_known(())
    if request.accept_mimetypes.best_match(("text/plain", "application/json")) == (
        "application/json"
    ):
        return bundle(index)
    here = rooms()
    made = here.published.receipt(index, here.store.size())
    answer = Response(bytes(made), content_type=TEXT)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def bundle(index: int) -> Response:
    """A receipt with its entry and the texts in it: readable, and valid with the service gone."""
    only_known(())
    here = rooms()
    made = here.published.receipt(index, here.store.size())
    entry = next(here.store.entries(index, index + 1))
    size = here.published.signed().checkpoint.size
    told = Bundle(
        receipt=bytes(made).decode(),
        entry=b64encode(entry.framed).decode(),
        openings=tuple(openings(here.store, [entry], closed_too=may_read_closed())),
        proves=f"that this was recorded as event {index} by size {size} of the log; what was"
        " recorded later, such as a revocation or a correction, is not excluded",
        look_at=_look_at(entry.framed, size),
    )
    answer = Response(encode(told), content_type="application/json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def texts() -> Response:
    """The texts and salts behind the commitments of the entries after `after`, an index.

    An erased text is marked so; texts of closed items are left out for those who may not see them.
    """
    only_known(("after",))
    after = whole_number("after", -1) if "after" in request.args else -1
    page = page_after(rooms().store, after, closed_too=may_read_closed())
    answer = Response(encode(page), content_type="application/json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def opening(index: int, field: str) -> Response:
    """The text and salt of one member of an entry; 410 once it is erased."""
    only_known(())
    answer = Response(encode(_one(index, field)), content_type="application/json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _one(index: int, field: str) -> Opening:
    store = rooms().store
    found = next(store.entries(index, index + 1), None) if index < store.size() else None
    for each in _named(found, field):
        if each.erased:
            raise TextErased(
                f"the text of {field} in event {index} has been erased",
                mend="nothing can be done: the entry, its commitment and all proofs stand",
                index=index,
                field=field,
            )
        return each
    raise NotFound(
        f"event {index} has no text {field} that you may see",
        mend="/v1/openings lists what there is",
        index=index,
    )


def _named(entry: Any, field: str) -> Iterator[Opening]:
    entries = [entry] if entry else []
    found = openings(rooms().store, entries, closed_too=may_read_closed())
    return (each for each in found if each.field == field)


def _look_at(entry: bytes, size: int) -> str:
    """The history of the entry's stream after what the checkpoint covers."""
    stream = msgspec.json.decode(entry)["stream"]
    return f"{request.host_url}v1/streams/{stream}/history?at_least={size}"


ROUTES = (
    Route("/checkpoint", checkpoint),
    Route("/tile/<path:name>", tile),
    Route("/v1/log/keys", keys, Keys),
    Route("/v1/receipts/<int:index>", receipt),
    Route("/v1/receipts/<int:index>/bundle", bundle, Bundle),
    Route("/v1/openings", texts, Openings, parameters=("after",)),
    Route("/v1/openings/<int:index>/<field>", opening, Opening),
)
