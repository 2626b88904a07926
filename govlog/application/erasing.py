"""Erases for good: journal first, then the log, then keys, tokens, write-ahead logs and views."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from govlog.application import certificate
from govlog.application.certificate import Certificate
from govlog.application.decision_log import Actor, DecisionLog
from govlog.application.erasure import Wanted
from govlog.domain.events.any_stream import Erased, ErasureGround
from govlog.persistence.access import AccessTokens
from govlog.persistence.entry import recorded_at
from govlog.persistence.erasable import Kept
from govlog.persistence.erasure_journal import Entry, ErasureJournal
from govlog.persistence.store import EventStore

Clear = Callable[[Sequence[str]], bool]
"""Clears what else may hold these values (by commitment); False when it is to be asked again."""

_ID_BYTES = 8


class Plan(Struct, frozen=True):
    """What an erasure would take out."""

    values: tuple[Kept, ...]
    tokens: tuple[str, ...]
    """Ids of access tokens in force that would end."""


class Eraser:
    """Carries out erasures in one log, each exactly once however often it is asked or killed."""

    def __init__(
        self, store: EventStore, log: DecisionLog, tokens: AccessTokens, clear: Clear
    ) -> None:
        self._store = store
        self._log = log
        self._tokens = tokens
        self._clear = clear
        self._journal = ErasureJournal(store.settings.erasures)

    def plan(self, wanted: Wanted, actor: Actor) -> Plan:
        """What would go; refuses what `erase` would refuse, and changes nothing."""
        receipt = self._log.erase(wanted, actor, dry_run=True)
        names = [name for each in receipt.recorded for name in _named(each.fact)]
        tokens = [] if wanted.party is None else self._tokens.of(wanted.party)
        return Plan(
            values=tuple(self._store.kept(names)),
            tokens=tuple(each.id for each in tokens if each.revoked_at is None),
        )

    def erase(self, wanted: Wanted, actor: Actor) -> Certificate:
        """Erase, or say that it is done already; the certificate is the same either way.

        Once the journal has it, it is carried out: now, or when the log is next started.
        """
        receipt = self._log.erase(wanted, actor, dry_run=True)
        if not receipt.recorded:
            finished = [self._carry_out(each, wanted, actor) for each in self._unfinished(wanted)]
            return finished[-1] if finished else self._certificate(wanted, complete=True)
        names = (name for each in receipt.recorded for name in _named(each.fact))
        entry = Entry(
            erasure=secrets.token_hex(_ID_BYTES),
            origin=self._store.meta.origin,
            at=_now(),
            by=actor.person,
            token=actor.token,
            ground=wanted.ground,
            party=wanted.party,
            commitments=tuple(names),
        )
        self._journal.begin(entry)
        return self._carry_out(entry, wanted, actor)

    def resume(self, *, unrecorded: bool = False) -> list[Certificate]:
        """Carry out what was begun and not finished.

        With `unrecorded`, say in the log also what a restore erased again from the journal.
        """
        begun = [
            each
            for each in self._journal.entries()
            if each.origin == self._store.meta.origin and (unrecorded or not each.done)
        ]
        certificates = []
        for entry in begun:
            actor = Actor(entry.by, entry.token, frozenset({"erase"}))
            wanted = Wanted(ErasureGround(entry.ground), entry.party, entry.commitments)
            if entry.done and not self._log.erase(wanted, actor, dry_run=True).recorded:
                continue
            certificates.append(self._carry_out(entry, wanted, actor))
        return certificates

    def _carry_out(self, entry: Entry, wanted: Wanted, actor: Actor) -> Certificate:
        receipt = self._log.erase(wanted, actor)
        names = [name for each in receipt.recorded for name in _named(each.fact)]
        names = list(dict.fromkeys((*entry.commitments, *names)))
        if wanted.party is not None:
            self._tokens.forget(wanted.party)
            self._store.forget_clock_words(wanted.party)
        swept = self._store.sweep()
        complete = self._clear(names) and swept
        if complete:
            self._journal.done(entry.erasure, _now(), names)
        return self._certificate(wanted, complete=complete)

    def _certificate(self, wanted: Wanted, *, complete: bool) -> Certificate:
        origin = self._store.meta.origin
        if wanted.party is not None:
            made = certificate.of_person(self._store, origin, wanted.party)
        else:
            made = certificate.of_values(self._store, origin, wanted.commitments)
        return replace(made, complete=complete)

    def _unfinished(self, wanted: Wanted) -> list[Entry]:
        return [
            each
            for each in self._journal.entries()
            if not each.done
            and (
                each.party == wanted.party
                if wanted.party is not None
                else not set(each.commitments).isdisjoint(wanted.commitments)
            )
        ]


def _named(fact: object) -> tuple[str, ...]:
    return fact.commitments if isinstance(fact, Erased) else ()


def _now() -> str:
    return recorded_at(time.time_ns() // 1000)
