"""The log as known at one size: what the functions of views may look up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from govlog.application.counting import cause_of
from govlog.domain.attribution import Verdict
from govlog.domain.corrected import MENDS
from govlog.domain.events import Fact
from govlog.domain.events.any_stream import ApprovalRefused, Approved
from govlog.domain.facts import Facts
from govlog.domain.reach import products_reached
from govlog.domain.stream import Folded, Recorded
from govlog.domain.values import Key, StreamId
from projections.account import Account, Change
from projections.remembered import FEW

ACCOUNTS_REMEMBERED = 50
"""So many accounts are kept however large: those of products that facts come in turns about."""


class CountedFacts(Facts, Protocol):
    """Counted states that move on event by event."""

    def folded(self, stream: StreamId) -> Folded[Any]:
        """A stream with what is pending in it and what was refused."""
        ...

    def advance(self, recorded: Recorded[Fact]) -> Sequence[Recorded[Fact]]:
        """Take the next event of the log; answers the facts that begin to count through it."""
        ...


Read = Callable[[StreamId], Sequence[Recorded[Fact]]]
"""All facts of a stream that are recorded by now, perhaps later ones too."""

Recall = Callable[[StreamId, Key], Verdict | None]
"""The verdict on an instalment as the views have it, with its marks of displacement."""


class Known:
    """Moves on with `advance`; everything it answers is as known at `size`."""

    def __init__(
        self,
        size: int,
        facts: CountedFacts,
        read: Read,
        recall: Recall,
        instalments: int = FEW.instalments,
    ) -> None:
        """The accounts in memory hold about as many `instalments` at most."""
        self.size = size
        """How many events had been recorded."""
        self.facts: Facts = facts
        """The counted states of all streams."""
        self._counted = facts
        self._begun: Sequence[Recorded[Fact]] = ()
        self._changes: dict[StreamId, Change] | None = {}
        self._read = read
        self._recall = recall
        self._latest: Recorded[Fact] | None = None
        self._accounts: dict[StreamId, Account] = {}
        self._held = 0
        self._instalments = instalments

    def folded(self, stream: StreamId) -> Folded[Any]:
        """A stream with what is pending in it and what was refused."""
        return self._counted.folded(stream)

    def event(self, event_id: str) -> Recorded[Fact]:
        """An event that is recorded by now, by its `stream@version`."""
        if self._latest is not None and self._latest.id == event_id:
            return self._latest
        stream, _, version = event_id.rpartition("@")
        return self._read(StreamId(stream))[int(version) - 1]

    def is_recorded(self, event_id: str) -> bool:
        """Whether an event stands in the log by now."""
        stream, _, version = event_id.rpartition("@")
        return int(version) <= self._counted.folded(StreamId(stream)).version

    def reads_now(self, event_id: str) -> Recorded[Fact]:
        """An event as the corrections in effect mend it; as it was recorded where none does."""
        stream = StreamId(event_id.rpartition("@")[0])
        return self._counted.folded(stream).corrected.get(event_id) or self.event(event_id)

    def word_on(self, event_id: str) -> Recorded[Fact] | None:
        """The second person's word on a fact that waited for it; None where there is none yet."""
        if _speaks_of(self._latest, event_id):
            return self._latest
        stream = StreamId(event_id.rpartition("@")[0])
        words = (each for each in self._read(stream) if each.index < self.size)
        return next((each for each in words if _speaks_of(each, event_id)), None)

    def account(self, product: StreamId) -> Account:
        """What is known of a product's money; the product exists."""
        if self._changes is None:
            self._changes = self._move_on()
        account = self._accounts.get(product)
        if account is None:
            account, _ = self._restored(product, "")
            self._put_back(product, account)
        return account

    @property
    def has_room(self) -> bool:
        """Whether a further account would make it forget none."""
        return self._held < self._instalments

    def advance(self, recorded: Recorded[Fact]) -> Sequence[Recorded[Fact]]:
        """Take the next event; answers the facts that begin to count through it."""
        if self._changes is None and self._accounts:
            # Nobody has asked what became of them: they are worked out anew when somebody does.
            for product in self._reached():
                self._taken_out(product)
        self._begun = self._counted.advance(recorded)
        self._changes = None
        self.size = recorded.index + 1
        self._latest = recorded
        return self._begun

    @property
    def begun(self) -> Sequence[Recorded[Fact]]:
        """The facts that begin to count through the latest event, whatever they are about."""
        return self._begun

    @property
    def changes(self) -> Mapping[StreamId, Change]:
        """The products that the latest event reached, also through links; worked out when asked."""
        if self._changes is None:
            self._changes = self._move_on()
        return self._changes

    def _move_on(self) -> dict[StreamId, Change]:
        """Move on the accounts that the latest event reached."""
        changes = {}
        for product, facts in self._reached().items():
            change = self._moved(product, facts)
            if change is not None:
                changes[product] = change
        return changes

    def _reached(self) -> dict[StreamId, list[Recorded[Fact]]]:
        reached: dict[StreamId, list[Recorded[Fact]]] = {}
        for fact in self._begun:
            for product in products_reached(fact, self.facts):
                reached.setdefault(product, []).append(fact)
        return reached

    def _moved(self, product: StreamId, counted: Sequence[Recorded[Fact]]) -> Change | None:
        state = self.facts.product(product)
        if state is None or self._latest is None:
            return None
        fact_id = cause_of(self._begun, self._latest)
        account = self._taken_out(product)
        if account is None or _mends(counted):
            account, change = self._restored(product, fact_id, counted, account)
        else:
            change = account.take(counted, state, self.facts, fact_id)
        self._put_back(product, account)
        return change

    def _restored(
        self,
        product: StreamId,
        fact_id: str,
        counted: Sequence[Recorded[Fact]] = (),
        before: Account | None = None,
    ) -> tuple[Account, Change]:
        """Worked out anew; `before` is the account as it was, where it is remembered."""
        state = self.facts.product(product)
        if state is None:
            raise LookupError(f"{product} is not in the log")
        account = Account(state, self.facts)

        def remembered(name: Key) -> Verdict | None:
            if before is None:
                return self._recall(product, name)
            held = before.holdings.get(name)
            return held.verdict if held else None

        return account, account.restore(fact_id, remembered, counted)

    def _taken_out(self, product: StreamId) -> Account | None:
        account = self._accounts.pop(product, None)
        if account is not None:
            self._held -= account.size
        return account

    def _put_back(self, product: StreamId, account: Account) -> None:
        """Keep it as the one used last; forget those used longest ago where they are too many."""
        self._accounts[product] = account
        self._held += account.size
        while self._held > self._instalments and len(self._accounts) > ACCOUNTS_REMEMBERED:
            self._taken_out(next(iter(self._accounts)))


def _mends(counted: Sequence[Recorded[Fact]]) -> bool:
    return any(type(each.fact) in MENDS for each in counted)


def _speaks_of(word: Recorded[Fact] | None, event_id: str) -> bool:
    return (
        word is not None
        and isinstance(word.fact, Approved | ApprovalRefused)
        and event_id.rpartition("@")[0] == word.stream
        and event_id in word.fact.facts
    )
