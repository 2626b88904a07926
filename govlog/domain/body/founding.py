"""A body comes into being, changes its rules, and ends: what may be recorded."""

from __future__ import annotations

from govlog.domain.body.backing import require_alive, require_backing
from govlog.domain.body.body import Body, superiors
from govlog.domain.events.body import BodyDissolved, BodyEstablished, BodyFounded, RulesAdopted
from govlog.domain.facts import Given
from govlog.domain.refusals import (
    AlreadyRecorded,
    existing,
    known_body,
    require_known,
    require_new,
)


def found_body(body: Body | None, proposed: BodyFounded, given: Given) -> BodyFounded:
    """Record a body that rests on bylaws, which stand as evidence."""
    require_new(body, "body")
    require_known(given.facts, proposed.superior, "superior")
    _require_products(proposed, given)
    require_backing(None, proposed, given, bylaws=True)
    return proposed


def establish_body(body: Body | None, proposed: BodyEstablished, given: Given) -> BodyEstablished:
    """Record a body that another's resolution set up; a superior is set up by nobody below it."""
    require_new(body, "body")
    _require_products(proposed, given)
    by = None
    if proposed.superior is not None:
        superior = known_body(given.facts, proposed.superior, "superior")
        by = {superior.stream, *superiors(superior, given.facts)}
    require_backing(proposed.resolution, proposed, given, bylaws=False, by=by)
    return proposed


def adopt_rules(body: Body | None, proposed: RulesAdopted, given: Given) -> RulesAdopted:
    """Record new rules; outcomes name them by version, so a version means one thing."""
    held = existing(body, "body")
    require_alive(held, proposed, given)
    version = proposed.rules.version
    if any(each.rules.version == version for each in held.rules):
        raise AlreadyRecorded(
            f"the version {version!r} names rules of this body already",
            mend="give the new rules a version of their own",
            version=version,
        )
    _require_own_or_above(held, proposed, given)
    return proposed


def dissolve_body(body: Body | None, proposed: BodyDissolved, given: Given) -> BodyDissolved:
    held = existing(body, "body")
    if held.dissolved is not None:
        raise AlreadyRecorded(
            "the body is dissolved already",
            mend="nothing more needs to be recorded",
            dissolved_on=held.dissolved.latest.isoformat(),
        )
    _require_own_or_above(held, proposed, given)
    return proposed


def _require_products(proposed: BodyFounded | BodyEstablished, given: Given) -> None:
    for product in proposed.products:
        require_known(given.facts, product, "products")


def _require_own_or_above(body: Body, proposed: RulesAdopted | BodyDissolved, given: Given) -> None:
    by = {body.stream, *superiors(body, given.facts)}
    if body.resolution is not None:
        set_up = given.facts.resolution(body.resolution)
        by |= {set_up.body} if set_up else set()
    require_backing(proposed.resolution, proposed, given, bylaws=body.on_bylaws, by=by)
