"""Commands that arrive together share one commit; one that comes alone never changes thread.

Whoever finds no leader leads: it takes what has queued up, has it committed, and hands over to the
first of those that came in the meantime.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from govlog.domain.errors import OutcomeUnknown, StoreBusy

Q = TypeVar("Q")
A = TypeVar("A")

LARGEST_GROUP = 128


class Ticket(Generic[Q, A]):
    """One request on its way; whoever commits it puts down an answer or a refusal."""

    def __init__(self, request: Q) -> None:
        self.request = request
        self.answer: A | None = None
        self.refusal: BaseException | None = None
        self.parked: threading.Lock | None = None
        """Held until there is an answer, or until it is this one's turn to lead."""
        self.leads = False

    @property
    def is_answered(self) -> bool:
        return self.answer is not None or self.refusal is not None

    def outcome(self) -> A:
        if self.refusal is not None:
            raise self.refusal
        assert self.answer is not None  # noqa: S101 - a ticket that is woken holds one of the two
        return self.answer


Take = Callable[[], Sequence[Ticket[Q, A]]]
Commit = Callable[[Take[Q, A]], None]
"""Takes the queue (once it may write), commits it, and answers every ticket it took."""


class GroupCommit(Generic[Q, A]):
    """The queue before the log."""

    def __init__(self, commit: Commit[Q, A], patience: float) -> None:
        """`patience` is how many seconds a request waits for others before it gives up."""
        self._commit = commit
        self._patience = patience
        self._mutex = threading.Lock()
        self._queue: deque[Ticket[Q, A]] = deque()
        self._is_led = False

    def submit(self, request: Q) -> A:
        """Have the request committed; returns its answer or raises its refusal."""
        ticket: Ticket[Q, A] = Ticket(request)
        with self._mutex:
            self._queue.append(ticket)
            if self._is_led:
                ticket.parked = threading.Lock()
                ticket.parked.acquire()
            self._is_led = True
        if ticket.parked is None or self._is_to_lead(ticket, ticket.parked):
            self._lead(ticket)
        return ticket.outcome()

    def _is_to_lead(self, ticket: Ticket[Q, A], parked: threading.Lock) -> bool:
        if not parked.acquire(timeout=self._patience):
            self._give_up(ticket)
        return ticket.leads

    def _give_up(self, ticket: Ticket[Q, A]) -> None:
        with self._mutex:
            if ticket.leads or ticket.is_answered:
                return
            if ticket in self._queue:
                self._queue.remove(ticket)
                ticket.refusal = StoreBusy(
                    f"the log did not get to this in {self._patience:g} seconds",
                    mend="nothing was recorded; try again",
                )
            else:
                ticket.refusal = _unknown()

    def _lead(self, own: Ticket[Q, A]) -> None:
        taken: list[Ticket[Q, A]] = []

        def take() -> Sequence[Ticket[Q, A]]:
            with self._mutex:
                while self._queue and len(taken) < LARGEST_GROUP:
                    taken.append(self._queue.popleft())
            return taken

        try:
            self._commit(take)
        finally:
            self._hand_over(own)
            for ticket in taken:
                if not ticket.is_answered:
                    ticket.refusal = _unknown()
                if ticket is not own and ticket.parked is not None:
                    ticket.parked.release()

    def _hand_over(self, own: Ticket[Q, A]) -> None:
        with self._mutex:
            if own in self._queue:  # an interruption came before the queue was taken
                self._queue.remove(own)
            if not self._queue:
                self._is_led = False
                return
            following = self._queue[0]
            following.leads = True
            if following.parked is not None:
                following.parked.release()


def _unknown() -> OutcomeUnknown:
    return OutcomeUnknown(
        "the answer of the log was lost on the way",
        mend="try again with the same idempotency key: nothing is recorded twice",
    )
