"""Would this be covered? Asked before anything is bound, without a token."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, request

from api.conditions import unchanged
from api.moments import known_at
from api.parameters import checked
from api.reading import only_known
from api.refusals import MalformedRequest
from api.rooms import rooms
from api.routes import Route
from api.verdicts import About, Preview, worded
from api.waiting import require_log
from govlog.contract.answers import encode
from govlog.contract.fields import LONGEST_LABEL
from govlog.domain.attribution import Bearer, Reason, Share, Verdict
from govlog.domain.attribution import preview as settle_one
from govlog.domain.commitment import Instalment
from govlog.domain.errors import NotFound
from govlog.domain.values import (
    Key,
    Money,
    PartialDate,
    Span,
    Standing,
    StreamId,
    first_day,
    key,
    last_day,
    money,
    partial_date,
    stream_id,
)

_REQUIRED = ("product", "scope_item", "investor", "amount", "currency")
_PARAMETERS = (*_REQUIRED, "date", "commission", "known_at", "at_least")
_ASKED = Key("?")
"""No recorded instalment can have this key."""


def preview() -> Response:
    """Whether an instalment would be covered if it were bound on a day, and by what.

    The same rules as for what is recorded decide. Without `date` it is asked for today. Also who is
    not registered yet may ask, and is told so.
    """
    only_known(_PARAMETERS)
    here = rooms()
    require_log(here.store)
    size = here.store.size()
    known = known_at(here.store, size)
    day = _day(known, size)
    tag = f'"s{size}.{day}"'
    if held := unchanged(tag):
        return held
    product = _stream("product")
    asked = Instalment(
        instalment=_ASKED,
        investor=_stream("investor"),
        scope_item=_given("scope_item"),
        amount=_money(),
        bound=Span(first_day(day), last_day(day)),
        relies_on=_commission(),
        standing=Standing.BOUND,
        index=known,
        fact="",
    )
    registered = here.store.version(asked.investor, upto=known) > 0
    found = here.knowledge.settlement(product, known)
    if found is None:
        _require_known(product)
        about = About(product, product, day, size, known, registered)
        answer = worded(_not_commissioned(asked), asked, None, about)
    else:
        state, settlement = found
        about = About(product, state.name, day, size, known, registered)
        answer = worded(settle_one(settlement, state, asked), asked, settlement, about)
    response = Response(encode(answer), content_type="application/json")
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Govlog-Size"] = str(size)
    return response


def _not_commissioned(asked: Instalment) -> Verdict:
    """Before a product is in the log it has no commission."""
    share = Share(asked.amount.amount, Bearer.INVESTOR, Reason.NOT_COMMISSIONED)
    return Verdict(_ASKED, asked.investor, asked.amount.currency, asked.bound, (share,))


def _require_known(product: StreamId) -> None:
    if not rooms().store.version(product):
        raise NotFound(f"{product} is not in the log", mend="list /v1/products, or check the id")


def _day(known: int, size: int) -> PartialDate:
    text = request.args.get("date")
    if text is not None:
        return checked(_PARAMETERS, "date", lambda: partial_date(text))
    store = rooms().store
    if known < size and (last := store.page(max(known - 1, 0), 1)):
        return PartialDate(last[0].recorded_on.isoformat())
    return PartialDate(datetime.now(ZoneInfo(store.meta.zone)).date().isoformat())


def _given(name: str) -> str:
    text = request.args.get(name, "").strip()
    if not text:
        raise MalformedRequest(
            f"{name} is missing", mend=f"give {', '.join(_REQUIRED)}", field=name
        )
    if len(text) > LONGEST_LABEL:
        raise MalformedRequest(
            f"{name} is longer than {LONGEST_LABEL} characters",
            mend="write what the log holds, or would hold",
            field=name,
        )
    return text


def _stream(kind: str) -> StreamId:
    prefix = "party" if kind == "investor" else kind
    text = _given(kind)
    name = text if ":" in text else f"{prefix}:{text}"
    return checked(_PARAMETERS, kind, lambda: stream_id(name, prefix))


def _money() -> Money:
    return checked(_PARAMETERS, "amount", lambda: money(_given("amount"), _given("currency")))


def _commission() -> Key | None:
    text = request.args.get("commission")
    return None if text is None else checked(_PARAMETERS, "commission", lambda: key(text))


ROUTES = (
    Route("/v1/attribution/preview", preview, Preview, parameters=_PARAMETERS, required=_REQUIRED),
)
