"""The one door for writing: decided under the write lock, recorded whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from govlog.application import erasure, second_person
from govlog.application.command import Command
from govlog.application.commands import COMMANDS
from govlog.application.desk import Actor, Desk, Order
from govlog.application.erasure import Wanted
from govlog.application.facts import REMEMBERED, Facts
from govlog.application.group_commit import GroupCommit, Take, Ticket
from govlog.application.late_days import LateDays
from govlog.application.log_under_lock import LogUnderLock
from govlog.application.overlay import Overlay, Provisional, Seen
from govlog.application.preview import Shown, nothing_shown
from govlog.domain import continuity
from govlog.domain.errors import GovlogError, KeyReused, MalformedValue, ScopeRequired
from govlog.domain.events.fact import Fact
from govlog.domain.events.log import KeyRotated
from govlog.domain.facts import Typed, plainly_typed
from govlog.domain.impact import Flip
from govlog.domain.level_flips import LevelFlip
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId, stream_id
from govlog.persistence.store import EventStore
from govlog.persistence.writing import Writing

__all__ = ["Actor", "DecisionLog", "Order", "Receipt"]

CATCH_UP_LIMIT = 20_000
"""Further behind than this, states are forgotten and folded anew where they are needed."""


class Receipt(Struct, frozen=True):
    """What was recorded for one request."""

    recorded: tuple[Recorded[Fact], ...]
    """In the order of the orders; what lists an import's facts comes after them."""
    size: int
    """From this size of the log on all of it is known."""
    replayed: bool = False
    """True where the idempotency key had been used: nothing was recorded this time."""
    impact: tuple[Flip, ...] = ()
    """Of a dry run: the verdicts that change once the facts count."""
    levels: tuple[LevelFlip, ...] = ()
    """And the levels."""
    texts: Mapping[str, str] = {}
    """Of a dry run: what its commitments commit to, which stands nowhere else."""


class _Request(Struct, frozen=True):
    work: Callable[[Desk], None]
    actor: Actor
    key: str | None
    digest: bytes
    dry_run: bool
    shows_impact: bool = True


class DecisionLog:
    """Records decisions in one log; safe to use from many threads.

    Decisions are made while the lock is held, on states that are current, so nothing they read can
    change before they are stored.
    """

    def __init__(
        self,
        store: EventStore,
        commands: Mapping[str, Command] = COMMANDS,
        *,
        typed: Typed = plainly_typed,
        shown: Shown = nothing_shown,
    ) -> None:
        """`typed` reads the values of corrections, which only the corrected fact gives a form.

        `shown` knows what earlier facts have displaced, which a dry run goes on from.
        """
        self._store = store
        self._commands = commands
        self._typed = typed
        self._shown = shown
        self._late_days = LateDays(store.meta.root_body)
        self._log = LogUnderLock(store)
        self._facts = Facts(self._log)
        self._import: StreamId | None = None
        self._seen: dict[StreamId, Seen] = {}
        patience = 3 * store.settings.lock_timeout
        self._group: GroupCommit[_Request, Receipt] = GroupCommit(self._commit, patience)

    def record(
        self,
        orders: Sequence[Order],
        actor: Actor,
        *,
        key: str | None = None,
        digest: bytes = b"",
        batch: StreamId | None = None,
        source: str | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Record all orders, in their order and in one transaction, or none of them.

        A `key` that this person has used before gives the same receipt again, provided that
        `digest` (of the request's body) is the same. With `batch` the orders are part of an import
        from `source`: their facts wait until a second person approves the batch as a whole.
        A dry run answers what would be recorded and what that would change, and records nothing.
        """
        if not orders:
            raise MalformedValue("orders", [], "name at least one command")
        commands = [self._command(order) for order in orders]
        for command in commands:
            imported = batch is not None and command.import_scope
            _require_scope(actor, imported or command.scope)

        if batch is not None:
            stream_id(batch, "batch")

        def work(desk: Desk) -> None:
            if batch is None:
                for command, order in zip(commands, orders, strict=True):
                    desk.decide(command, order)
                return
            seen = Provisional(desk.overlay, batch, self._seen_by(batch))
            for command, order in zip(commands, orders, strict=True):
                desk.bring_in(command, order, seen, batch)
            desk.list_as_part(batch, source or "")

        request = _Request(work, actor, key, digest, dry_run, shows_impact=batch is None)
        return self._group.submit(request)

    def approve_batch(
        self,
        batch: StreamId,
        actor: Actor,
        *,
        expected: int | None = None,
        key: str | None = None,
        digest: bytes = b"",
        dry_run: bool = False,
    ) -> Receipt:
        """Let what waits of an import count from here on, as a whole (rule 5).

        `expected` is the version of the batch's own stream that was looked at: an import that has
        grown since is refused. None is not checked.
        """
        _require_scope(actor, "approve")

        def work(desk: Desk) -> None:
            second_person.approve(desk, batch, expected)

        return self._group.submit(_Request(work, actor, key, digest, dry_run))

    def refuse_batch(
        self,
        batch: StreamId,
        actor: Actor,
        *,
        grounds: str | None = None,
        expected: int | None = None,
        key: str | None = None,
        digest: bytes = b"",
        dry_run: bool = False,
    ) -> Receipt:
        """Say that what waits of an import shall never count."""
        _require_scope(actor, "approve")

        def work(desk: Desk) -> None:
            second_person.refuse(desk, batch, expected, grounds)

        return self._group.submit(_Request(work, actor, key, digest, dry_run))

    def erase(self, wanted: Wanted, actor: Actor, *, dry_run: bool = False) -> Receipt:
        """Record that values are erased and take them out, in one transaction.

        Only `govlog.application.erasing` calls this: keys and journal are its care. Nothing is
        recorded where nothing is left to erase.
        """
        _require_scope(actor, "erase")

        def work(desk: Desk) -> None:
            erasure.put_down(desk, wanted)

        return self._group.submit(_Request(work, actor, None, b"", dry_run, shows_impact=False))

    def note_key(self, old: str, new: str, actor: Actor) -> Receipt:
        """Record that the log is signed with a new key from here on, both named by verifier key."""
        _require_scope(actor, "admin")

        def work(desk: Desk) -> None:
            desk.put(continuity.STREAM, KeyRotated(old=old, new=new))

        return self._group.submit(_Request(work, actor, None, b"", dry_run=False))

    def _seen_by(self, batch: StreamId) -> dict[StreamId, Seen]:
        """What the latest import saw of its streams; kept while every part of it is recorded."""
        if self._import != batch or len(self._seen) > REMEMBERED:
            self._import, self._seen = batch, {}
        return self._seen

    def _command(self, order: Order) -> Command:
        command = self._commands.get(order.command)
        if command is None:
            raise MalformedValue("command", order.command, "name one that the documentation lists")
        if not isinstance(order.fact, command.fact):
            raise TypeError(f"{command.name} takes {command.fact.__name__}")
        return command

    def _commit(self, take: Take[_Request, Receipt]) -> None:
        tickets: Sequence[Ticket[_Request, Receipt]] = ()
        answers: list[Receipt | Exception] = []
        try:
            with self._store.writing() as writing:
                tickets = take()
                self._log.writing = writing
                self._catch_up(writing)
                group = Overlay(self._facts)
                answers = [self._answer(each.request, writing, group) for each in tickets]
            self._facts.absorb(group.changed, group.cited, writing.size)
        except GovlogError as refusal:
            self._import = None
            # The whole group fails with the store, also where it never got to its queue.
            answers = [refusal] * len(tickets or (tickets := take()))
        except BaseException:
            self._import = None
            raise
        for ticket, answer in zip(tickets, answers, strict=True):
            if isinstance(answer, Receipt):
                ticket.answer = answer
            else:
                ticket.refusal = answer

    def _catch_up(self, writing: Writing) -> None:
        """Other processes write too: bring the remembered states to the end of the log."""
        behind = writing.size - self._facts.size
        if behind > CATCH_UP_LIMIT or behind < 0:
            self._facts.forget(writing.size)
        elif behind:
            self._facts.follow(writing.at(self._facts.size, behind), writing.size)

    def _answer(self, request: _Request, writing: Writing, group: Overlay) -> Receipt | Exception:
        """One request's receipt or refusal; a refusal leaves no trace for the others."""
        size = writing.size
        try:
            return self._work(request, writing, group)
        except Exception as refusal:  # noqa: BLE001 - it is raised again in the caller's thread
            writing.back_to(size)
            self._import = None
            return refusal

    def _work(self, request: _Request, writing: Writing, group: Overlay) -> Receipt:
        actor, key, size = request.actor, request.key, writing.size
        if key is not None and not request.dry_run:
            used = writing.idempotent(actor.person, key)
            if used is not None:
                if not writing.same_body(used, actor.person, key, request.digest):
                    raise KeyReused(
                        f"the idempotency key {key!r} was used with another body",
                        mend="use a new key for a new request",
                        key=key,
                    )
                facts = tuple(writing.at(used.first, used.count))
                return Receipt(facts, used.first + used.count, replayed=True)
        # Nothing lies on the facts before the first request of a group: one layer less to look at.
        below = group if group.changed else self._facts
        desk = Desk(writing, below, actor, self._late_days, self._typed)
        request.work(desk)
        receipt = Receipt(tuple(desk.recorded), writing.size)
        if request.dry_run:
            impact = desk.impact(self._shown) if request.shows_impact else ()
            levels = desk.level_impact() if request.shows_impact else ()
            texts = writing.texts(size)
            writing.back_to(size)
            self._import = None
            return replace(receipt, impact=impact, levels=levels, texts=texts)
        if key is not None:
            writing.remember(actor.person, key, request.digest, size, writing.size - size)
        group.absorb(desk.overlay)
        return receipt


def _require_scope(actor: Actor, scope: str) -> None:
    if scope not in actor.scopes:
        raise ScopeRequired(
            f"this needs the scope {scope}", mend="use a token that has it", scope=scope
        )
