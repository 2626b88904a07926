"""Where one request is worked through, inside the transaction and on top of what came before it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from itertools import islice
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from govlog.application.batches import FACTS_IN_ONE
from govlog.application.command import Command
from govlog.application.counting import as_counted
from govlog.application.facts import States
from govlog.application.late_days import LateDays
from govlog.application.overlay import Overlay, Provisional
from govlog.application.preview import Shown, preview, preview_levels
from govlog.domain.correcting import Told
from govlog.domain.errors import AlreadyExists, MalformedValue, NotFound, StaleVersion
from govlog.domain.events.any_stream import BatchRecorded, Erased
from govlog.domain.events.fact import Fact
from govlog.domain.facts import Given, Typed, plainly_typed
from govlog.domain.impact import Flip
from govlog.domain.level_flips import LevelFlip
from govlog.domain.recording import admit
from govlog.domain.stream import NOTHING, Folded, Recorded
from govlog.domain.values import Personal, StreamId, kind_of, stream_id
from govlog.persistence.erasable import Kept
from govlog.persistence.writing import Writing

_KEY_BYTES = 8


class Actor(Struct, frozen=True):
    """Who acts, and what the token at hand allows."""

    person: StreamId
    token: str
    """Its id; empty for the command line."""
    scopes: frozenset[str]
    organisations: frozenset[StreamId] = frozenset()
    """Those that the person may act for."""


class Order(Struct, frozen=True):
    """One command to record."""

    command: str
    stream: StreamId | None
    """None where the command begins a stream and leaves its id to the log."""
    fact: Fact
    """As proposed: the decision may complete it."""
    expected: int | None = None
    """The version of the stream that the caller has seen; None is not checked."""


class Desk:
    """Facts put on a desk are staged for the log and seen by everything decided after them."""

    def __init__(
        self,
        writing: Writing,
        below: States,
        actor: Actor,
        late_days: LateDays,
        typed: Typed = plainly_typed,
    ) -> None:
        self._writing = writing
        self._below = below
        self._late_days = late_days
        self._typed = typed
        self.actor = actor
        self.overlay = Overlay(below)
        self.recorded: list[Recorded[Fact]] = []

    def given(self, facts: States | None = None, *, importing: bool = False) -> Given:
        """The circumstances in which a decision is made here."""
        return Given(
            facts=self.overlay if facts is None else facts,
            recorded_on=self._writing.today,
            person=self.actor.person,
            organisations=self.actor.organisations,
            scopes=self.actor.scopes,
            importing=importing,
            late_days=self._late_days(self.overlay, self._writing.today),
            typed=self._typed,
        )

    def decide(self, command: Command, order: Order) -> None:
        """Make a live decision and put its fact down."""
        stream, folded = self._place(command, order)
        state = self._seen(command, stream, self.overlay)
        given = self.given()
        fact = command.decide(state, order.fact, given)
        fact = admit(fact, given, late_days=given.late_days)
        recorded = self._append(stream, fact, folded)
        if command.waits is None:
            self._down(recorded, folded)
            return
        counted = as_counted(recorded)
        after = Overlay(self.overlay)
        after.advance(counted, self._writing.named_by(recorded), folded)
        if reasons := command.waits(self.overlay, after, counted):
            self._writing.back_to(recorded.index)
            pending = tuple(dict.fromkeys((*fact.pending, *reasons)))
            recorded = self._append(stream, replace(fact, pending=pending), folded)
            self._down(recorded, folded)
        elif counted is recorded:
            self.overlay.absorb(after)
            self.recorded.append(recorded)
        else:
            self._down(recorded, folded)

    def bring_in(self, command: Command, order: Order, seen: Provisional, batch: StreamId) -> None:
        """Make a decision as part of an import, which sees its own facts as if they counted."""
        stream, folded = self._place(command, order)
        state = self._seen(command, stream, seen)
        given = self.given(seen, importing=True)
        fact = replace(command.decide(state, order.fact, given), batch=batch)
        fact = admit(fact, given, late_days=given.late_days)
        self._down(self._append(stream, fact, folded), folded)

    def list_as_part(self, batch: StreamId, source: str) -> None:
        """Put down on the batch's own stream which facts came with it."""
        facts = tuple(each.id for each in self.recorded)
        for ids in in_portions(facts):
            self.put(batch, BatchRecorded(source=Personal(text=source), facts=ids))

    def put(self, stream: StreamId, fact: Fact) -> None:
        """Stage a fact as the next of its stream."""
        folded = self.overlay.folded(stream)
        self._down(self._append(stream, fact, folded), folded)

    def kept(self, person: StreamId | None, commitments: Sequence[str]) -> list[Kept]:
        """The values to erase that still stand, with those whose erasure no event tells of."""
        standing = [] if person is None else self._writing.about(person)
        named = [*self._writing.kept(commitments), *self._writing.unrecorded(commitments)]
        return list({each.commitment: each for each in (*standing, *named)}.values())

    def erase(self, stream: StreamId, fact: Erased, values: Sequence[Kept]) -> None:
        """Stage that values are erased, as the next fact of a stream."""
        folded = self.overlay.folded(stream)
        recorded = self._append(stream, fact, folded)
        self._writing.erase(values, recorded.index)
        self._down(recorded, folded)

    def impact(self, shown: Shown) -> tuple[Flip, ...]:
        """What the facts on this desk change as soon as all of them count."""
        return preview(self._below, self.recorded, shown)

    def level_impact(self) -> tuple[LevelFlip, ...]:
        """The levels that change with them."""
        return preview_levels(self._below, self.recorded)

    def _seen(self, command: Command, stream: StreamId, states: States) -> object:
        """What a command decides on."""
        if command.on_told:
            return Told(states.folded(stream), states.told(stream))
        return states.folded(stream) if command.on_folded else states.state(stream)

    def _append(self, stream: StreamId, fact: Fact, folded: Folded[Any]) -> Recorded[Fact]:
        version = folded.version + 1
        return self._writing.append(stream, version, fact, self.actor.person, self.actor.token)

    def _down(self, recorded: Recorded[Fact], folded: Folded[Any]) -> None:
        self.overlay.advance(recorded, self._writing.named_by(recorded), folded)
        self.recorded.append(recorded)

    def _place(self, command: Command, order: Order) -> tuple[StreamId, Folded[Any]]:
        """The stream that an order is for, in the version its caller has seen."""
        stream = order.stream
        if stream is None:
            if not command.creates or command.kind is None:
                raise MalformedValue("id", None, f"say which stream to {command.name} on")
            return StreamId(f"{command.kind}:{secrets.token_hex(_KEY_BYTES)}"), NOTHING
        if command.kind is not None and kind_of(stream) != command.kind:
            raise MalformedValue("id", stream, f"name a {command.kind}")
        folded = self.overlay.folded(stream)
        if command.creates:
            stream_id(stream)
            # What was refused never counts, so a refused beginning may be made again.
            if folded.provisional is not None:
                raise AlreadyExists(
                    f"{stream} is in the log already",
                    mend="choose another key, or leave it out",
                    id=stream,
                )
        elif folded.version == 0:
            raise NotFound(f"there is no {stream} in the log", mend="check the id", id=stream)
        self.require_version(stream, order.expected)
        return stream, folded

    def require_version(self, stream: StreamId, expected: int | None) -> None:
        """Refuse what was decided on another version of a stream; None is not checked."""
        if expected is None:
            return
        current = self.overlay.folded(stream).version
        if expected != current:
            raise StaleVersion(
                f"{stream} is at version {current}, not {expected}",
                mend="read it again and decide anew",
                id=stream,
                expected=expected,
                current=current,
            )


def in_portions(ids: Sequence[str]) -> list[tuple[str, ...]]:
    """Ids in portions that each fit in one fact."""
    remaining = iter(ids)
    portions = iter(lambda: tuple(islice(remaining, FACTS_IN_ONE)), ())
    return list(portions)
