"""Refusals that several aggregates share: what must exist, and what must not exist yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from govlog.domain.errors import NotFound, RuleViolation
from govlog.domain.facts import Facts
from govlog.domain.values import Key, StreamId, kind_of

if TYPE_CHECKING:
    from govlog.domain.body import Body
    from govlog.domain.meeting import Meeting
    from govlog.domain.resolution import Resolution

S = TypeVar("S")


class AlreadyRecorded(RuleViolation):
    """Nothing is overwritten: an id or key names one thing for good."""

    slug = "already-recorded"
    rule = 4


class UnknownReference(RuleViolation):
    """A fact names something that is not in the log, or is still pending there."""

    slug = "unknown-reference"


def existing(state: S | None, noun: str) -> S:
    """The state of the stream a fact is meant for; there must be one."""
    if state is None:
        raise NotFound(
            f"there is no such {noun} in the log, or its first fact is still pending",
            mend=f"record the {noun} first, or have its first fact approved",
        )
    return state


def require_new(state: object | None, noun: str) -> None:
    if state is not None:
        raise AlreadyRecorded(
            f"this {noun} is in the log already", mend=f"choose another id for the new {noun}"
        )


def require_unused(key: Key, used: object, noun: str) -> None:
    """Refuse a key that names another thing of the same stream."""
    if used:
        raise AlreadyRecorded(
            f"the key {key!r} names another {noun} of this stream already",
            mend=f"choose another key: one key names one {noun} for good",
            key=key,
        )


def require_known(facts: Facts, stream: StreamId | None, field: str) -> None:
    """Refuse a named party, body, debate, meeting, resolution or product that is not in the log."""
    if stream is None:
        return
    match kind_of(stream):
        case "party":
            known: object | None = facts.party(stream)
        case "body":
            known = facts.body(stream)
        case "debate":
            known = facts.debate(stream)
        case "meeting":
            known = facts.meeting(stream)
        case "resolution":
            known = facts.resolution(stream)
        case "catalogue":
            known = facts.catalogue(stream)
        case "product":
            known = facts.product(stream)
        case _:
            known = None
    if known is None:
        raise unknown(stream, field)


def known_body(facts: Facts, stream: StreamId, field: str) -> Body:
    found = facts.body(stream)
    if found is None:
        raise unknown(stream, field)
    return found


def known_meeting(facts: Facts, stream: StreamId, field: str) -> Meeting:
    found = facts.meeting(stream)
    if found is None:
        raise unknown(stream, field)
    return found


def known_resolution(facts: Facts, stream: StreamId, field: str) -> Resolution:
    found = facts.resolution(stream)
    if found is None:
        raise unknown(stream, field)
    return found


def unknown(stream: StreamId, field: str) -> UnknownReference:
    return UnknownReference(
        f"{field} {stream!r} is not in the log, or is still pending there",
        mend="record it first, or name one that is recorded",
        field=field,
        id=stream,
    )
