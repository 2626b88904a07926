"""Everything a log holds about a person: what a data protection officer has to be able to list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from govlog.application.certificate import Erasure, of_person
from govlog.domain.errors import NotFound
from govlog.domain.values import KINDS, StreamId
from govlog.persistence.access import AccessTokens
from govlog.persistence.clock_words import ClockWord
from govlog.persistence.entry import recorded_at
from govlog.persistence.fields import named
from govlog.persistence.store import EventStore


class HeldValue(Struct, frozen=True):
    """One value that can be erased."""

    event: str
    index: int
    field: str
    since: str
    """When it was recorded, RFC 3339."""
    commitment: str
    value: str | None
    """None where it stands in a closed item, for who may not read those."""


class Mention(Struct, frozen=True):
    """An event that refers to the person by the opaque id, which cannot be erased."""

    event: str
    index: int
    since: str
    topic: str


class HeldToken(Struct, frozen=True):
    """An access token bound to the person; never its secret."""

    id: str
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class PersonalData(Struct, frozen=True):
    """What is held about a person (GDPR article 15), as of one size of the log."""

    party: StreamId
    origin: str
    size: int
    values: tuple[HeldValue, ...]
    mentions: tuple[Mention, ...]
    """Events that name the id, in the order of the log."""
    recorded: int
    """How many events the person recorded; they say so by the id."""
    tokens: tuple[HeldToken, ...]
    clock_words: tuple[ClockWord, ...]
    """What the person said of the log's clock as its operator."""
    erasures: tuple[Erasure, ...]
    """What was erased before."""


def held_about(
    store: EventStore, tokens: AccessTokens, party: StreamId, *, closed_too: bool
) -> PersonalData:
    """Everything about a person; NotFound for an id that the log does not know."""
    if not store.read(party):
        raise NotFound(f"there is no {party} in the log", mend="check the id", id=party)
    return PersonalData(
        party=party,
        origin=store.meta.origin,
        size=store.size(),
        values=tuple(_values(store, party, closed_too=closed_too)),
        mentions=tuple(sorted(_mentions(store, party), key=lambda each: each.index)),
        recorded=store.recorded_by(party),
        tokens=tuple(_tokens(tokens, party)),
        clock_words=tuple(store.clock_words(party)),
        erasures=of_person(store, store.meta.origin, party).erasures,
    )


def _values(store: EventStore, party: StreamId, *, closed_too: bool) -> Iterator[HeldValue]:
    kept = store.about(party)
    texts = store.reveal((each.commitment for each in kept), closed_too=closed_too)
    for each in kept:
        yield HeldValue(
            event=each.event,
            index=each.index,
            field=each.field,
            since=recorded_at(each.recorded_us),
            commitment=each.commitment,
            value=texts.get(each.commitment),
        )


def _mentions(store: EventStore, party: StreamId) -> Iterator[Mention]:
    for kind in KINDS:
        for stream in store.citing(party, kind):
            for each in store.read(stream):
                if party in named(each.fact):
                    topic = type(each.fact).__name__
                    yield Mention(each.id, each.index, recorded_at(each.recorded_us), topic)


def _tokens(tokens: AccessTokens, party: StreamId) -> Iterator[HeldToken]:
    for each in tokens.of(party):
        yield HeldToken(
            id=each.id,
            label=each.label,
            scopes=tuple(sorted(each.scopes)),
            created_at=each.created_at,
            expires_at=each.expires_at,
            revoked_at=each.revoked_at,
        )
