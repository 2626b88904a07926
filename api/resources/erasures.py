"""Personal data: what is held about a person, and its erasure."""

from __future__ import annotations

from flask import Response, request
from msgspec import Struct

from api.bodies import dry_run, json_body
from api.parameters import stream_in_path
from api.reading import only_known
from api.refusals import TokenRequired
from api.rooms import rooms
from api.routes import Route
from api.security import require_scope
from govlog.application.certificate import Certificate
from govlog.application.erasure import Wanted
from govlog.application.personal_data import PersonalData, held_about
from govlog.contract.answers import encode
from govlog.contract.erasures import ERASURE
from govlog.contract.refusal import parsed


class PlannedValue(Struct, frozen=True):
    """A value that would go."""

    event: str
    index: int
    field: str
    commitment: str


class Planned(Struct, frozen=True):
    """What an erasure would take out."""

    values: tuple[PlannedValue, ...]
    tokens: tuple[str, ...]
    """Ids of access tokens in force that would end."""


def erase() -> Response:
    """Erase a person, or single values by their commitments, for good.

    It is recorded by commitments, never by a name; with `dry_run` the answer lists what would go.
    Erasing again changes nothing and answers the same certificate, so no key is needed.
    """
    here = rooms()
    actor = here.door.writer(request, "erase")
    preview = dry_run(request)
    members = parsed(ERASURE, json_body(request))
    wanted = Wanted(
        ground=members["ground"],
        party=members.get("party"),
        commitments=tuple(members.get("values") or ()),
    )
    if preview:
        plan = here.eraser.plan(wanted, actor)
        values = tuple(
            PlannedValue(each.event, each.index, each.field, each.commitment)
            for each in plan.values
        )
        return _answer(Planned(values, plan.tokens))
    return _answer(here.eraser.erase(wanted, actor))


def personal_data(key: str) -> Response:
    """Everything that is held about a person, for a data protection officer (scope `erase`)."""
    only_known(())
    here = rooms()
    actor = here.door.reader(request)
    if actor is None:
        raise TokenRequired("this needs a token", mend="send Authorization: Bearer <token>")
    require_scope(actor, "erase")
    person, closed_too = stream_in_path(f"party:{key}"), "read:closed" in actor.scopes
    return _answer(held_about(here.store, here.tokens, person, closed_too=closed_too))


def _answer(document: Struct) -> Response:
    response = Response(encode(document), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


ROUTES = (
    Route("/v1/erasures", erase, Certificate, "POST", body=ERASURE),
    Route("/v1/parties/<key>/personal-data", personal_data, PersonalData),
)
