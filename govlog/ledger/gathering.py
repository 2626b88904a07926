"""Cosignatures, asked of the witnesses of a policy: the client's side of C2SP tlog-witness."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from http.client import HTTPResponse
from typing import NamedTuple

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.encoding import from_decimal
from govlog.ledger.errors import LedgerError, Malformed, Unverified, WitnessAhead
from govlog.ledger.keys import VerifierKey
from govlog.ledger.notes import Note, Signature, holds, signature_lines
from govlog.ledger.policy import NONE, Policy
from govlog.ledger.proofs import consistency_proof
from govlog.ledger.submission import Submission
from govlog.ledger.tiles import TileTree

LONGEST_REQUEST = 5.0
"""Seconds after which a witness that does not answer is given up on."""
LARGEST_SKEW = 300
"""Seconds that a witness's clock and the one here may differ without a word about it."""
_LARGEST_ANSWER = 65_536


class Asked(NamedTuple):
    """A witness: its key, and the address that its `add-checkpoint` stands under."""

    key: VerifierKey
    url: str


class Answer(NamedTuple):
    status: int
    body: bytes


Post = Callable[[str, bytes], Answer]
"""Sends a body to an address; OSError where nobody answers."""


def post(url: str, body: bytes) -> Answer:
    """By HTTP; an answer that is an error is an answer, too.

    TimeoutError also where it comes byte by byte: who stops the publisher waits for it.
    """
    until = time.monotonic() + 2 * LONGEST_REQUEST
    request = urllib.request.Request(url, body, {"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=LONGEST_REQUEST) as answer:  # noqa: S310
            return Answer(answer.status, _read(answer, until))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _read(error, until))


def _read(answer: HTTPResponse | urllib.error.HTTPError, until: float) -> bytes:
    body = bytearray()
    while len(body) < _LARGEST_ANSWER and (part := answer.read1(_LARGEST_ANSWER)):
        if time.monotonic() > until:
            raise TimeoutError(f"its answer was not there within {2 * LONGEST_REQUEST:g} s")
        body += part
    return bytes(body)


class Gathering:
    """Asks all witnesses at once and goes on as soon as the policy is met, or patience ends."""

    def __init__(
        self,
        policy: Policy,
        *,
        patience: float,
        send: Post = post,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`patience` is in seconds; witnesses without an address are not asked."""
        self._policy = policy
        self._asked = [Asked(e.key, e.url) for e in policy.witnesses if e.url is not None]
        self._patience = patience
        self._send = send
        self._clock = clock
        self._sizes: dict[VerifierKey, int] = {}
        self._claims: dict[VerifierKey, int] = {}
        """Larger sizes than are here, by the witnesses that say they have cosigned them."""
        self._busy: dict[VerifierKey, Future[Signature | None]] = {}
        self._threads = ThreadPoolExecutor(max(1, len(self._asked)), "witness")
        self.complaints: dict[str, str] = {}
        """What is wrong with a witness, by its name: no cosignature came, or its clock is off."""

    @property
    def asked(self) -> int:
        """How many witnesses there are."""
        return len(self._asked)

    @property
    def demanded(self) -> bool:
        """Whether the policy asks for a quorum."""
        return self._policy.quorum != NONE

    def is_met(self, signatures: Collection[Signature], text: str) -> bool:
        """Whether there is a quorum, and these cosignatures are one."""
        known = self._known(signatures, text)
        return self.demanded and self._policy.met(known)

    def cosigned(self, checkpoint: bytes, tree: TileTree) -> tuple[Signature, ...]:
        """Those that came in time; WitnessAhead where too many claim to have cosigned more.

        What a witness claims it has not signed (C2SP tlog-witness, 409), so one alone keeps nobody
        from signing: only those without whom there is no quorum are believed.
        """
        text = Note.parse(checkpoint).text
        size = Checkpoint.parse(text).size
        began = time.monotonic()
        asking: dict[Future[Signature | None], Asked] = {}
        for each in self._asked:
            if (earlier := self._busy.get(each.key)) is None or earlier.done():
                future = self._threads.submit(self._ask, each, checkpoint, text, size, tree)
                self._busy[each.key] = future
                asking[future] = each
            else:
                self.complaints[each.key.name] = "it has not answered yet"
        signatures: dict[VerifierKey, Signature] = {}
        waiting = set(asking)
        while waiting and not self._is_enough(signatures):
            left = self._patience - (time.monotonic() - began)
            done, waiting = wait(waiting, max(0.0, left), FIRST_COMPLETED)
            if not done:
                break
            for future in done:
                if (signature := future.result()) is not None:
                    signatures[asking[future].key] = signature
        if not self._is_enough(signatures):
            for future in waiting:
                self.complaints[asking[future].key.name] = f"no answer within {self._patience:g} s"
            self._refuse_if_set_back(size)
        return tuple(signatures.values())

    def _refuse_if_set_back(self, size: int) -> None:
        ahead = {key: claimed for key, claimed in self._claims.items() if claimed > size}
        others = [each.key for each in self._asked if each.key not in ahead]
        if not ahead or (others and self._policy.met(others)):
            return
        witness, claimed = max(ahead.items(), key=lambda each: each[1])
        raise WitnessAhead(
            f"{witness.name} has cosigned {claimed} events of this log, only {size} are here:"
            " an old state was put back",
            mend="restore the newest backup, or go on under a new origin: `govlog log new-origin`;"
            " a witness that is wrong leaves the policy",
            witness=witness.name,
            size=size,
            signed_size=claimed,
        )

    def _is_enough(self, cosigned: Collection[VerifierKey]) -> bool:
        """Where no quorum is asked for, everybody is waited for as long as there is time."""
        return self.demanded and self._policy.met(cosigned)

    def _known(self, signatures: Collection[Signature], text: str) -> set[VerifierKey]:
        return {
            each.key
            for each in self._asked
            for signature in signatures
            if holds(signature, text, each.key)
        }

    def _ask(
        self, asked: Asked, checkpoint: bytes, text: str, size: int, tree: TileTree
    ) -> Signature | None:
        """One witness's cosignature; None with a complaint where it gives none."""
        try:
            answer = self._submit(asked, checkpoint, tree)
            if answer.status == 409:
                stated = _size(answer)
                if stated > size:
                    self._claims[asked.key] = stated
                    raise Unverified(
                        f"it says it has cosigned {stated} events of this log, only {size} are"
                        " here: an old state was put back, or it is wrong"
                    )
                self._sizes[asked.key] = stated
                answer = self._submit(asked, checkpoint, tree)
            signature = _cosignature(asked, answer, text)
        except (OSError, LedgerError) as error:
            self.complaints[asked.key.name] = str(error) or type(error).__name__
            return None
        self._sizes[asked.key] = size
        self._claims.pop(asked.key, None)
        self._compare_clocks(asked, signature)
        return signature

    def _compare_clocks(self, asked: Asked, signature: Signature) -> None:
        """Of two clocks one is wrong; whose, is for the operators to find out."""
        skew = signature.cosigned_at - self._clock()
        if abs(skew) <= LARGEST_SKEW:
            self.complaints.pop(asked.key.name, None)
            return
        ahead = "ahead of" if skew > 0 else "behind"
        self.complaints[asked.key.name] = f"its clock is {abs(skew):.0f} s {ahead} the one here"

    def _submit(self, asked: Asked, checkpoint: bytes, tree: TileTree) -> Answer:
        old = self._sizes.get(asked.key, 0)
        proof = consistency_proof(min(old, tree.size), tree.size, tree.perfect)
        body = bytes(Submission(old, tuple(proof), checkpoint))
        return self._send(f"{asked.url.rstrip('/')}/add-checkpoint", body)


def _size(answer: Answer) -> int:
    """The size that a witness cosigned last, which it states when asked from another one."""
    return from_decimal(answer.body.decode("ascii", "replace").removesuffix("\n"))


def _cosignature(asked: Asked, answer: Answer, text: str) -> Signature:
    if answer.status != 200:
        said = answer.body.decode("utf-8", "replace").strip()[:200]
        raise Malformed(f"it answered {answer.status}: {said}")
    lines = signature_lines(answer.body.decode("utf-8", "replace"))
    for each in lines:
        if holds(each, text, asked.key):
            return each
    raise Malformed("it answered with no cosignature of its key that holds")
