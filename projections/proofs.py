"""Proofs: the authority of every act, from the product to the resolution and how that is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from govlog.domain.authority import Flaw
from govlog.domain.events import Fact
from govlog.domain.events.body import ActKind
from govlog.domain.events.resolution import Counts, OutcomeWord, ResolutionTabledAgain
from govlog.domain.reach import products_relying_on
from govlog.domain.resolution import Proof
from govlog.domain.stream import Recorded
from govlog.domain.tri import MAYBE, NO, YES
from govlog.domain.values import Key, Span, StreamId
from projections.acts import JudgedAct, Matter
from projections.known import Known
from projections.links import REACHING
from projections.spells import from_then_on
from projections.view import Segment, View


class AuthorityWord(StrEnum):
    """Whether an act has authority; without it, it changes nothing (rule 15)."""

    GIVEN = "given"
    UNDETERMINED = "undetermined"
    VOID = "void"


WORD = {
    YES: AuthorityWord.GIVEN,
    MAYBE: AuthorityWord.UNDETERMINED,
    NO: AuthorityWord.VOID,
}


class Shown(StrEnum):
    """An approval in one word; only `proven` may be taken for an approval that is shown."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    """It has authority, which is only worded by a source, or given by no recorded mandate."""
    UNDETERMINED = "undetermined"
    VOID = "void"


_SHOWN = {YES: Shown.PROVEN, MAYBE: Shown.UNDETERMINED, NO: Shown.VOID}


class ProofRow(Struct, frozen=True):
    act: ActKind
    product: StreamId
    about: Matter
    subject: str
    """The commission, the assumption or the treatment; empty where it is the product itself."""
    event: str
    """The event that records the act: `stream@version`."""
    decided: Span
    works_from: Span
    """Nothing reaches back: the latest of its own day and that of its resolution (rule 10)."""
    authority: AuthorityWord
    flaw: Flaw
    """Why it has none; empty where it has."""
    proven: bool
    """False where authority is void or open, or only worded by a source (rule 16)."""
    shown: Shown
    resolution: StreamId | None
    body: StreamId | None
    meeting: StreamId | None
    """Where the resolution was put on the table last."""
    outcome: OutcomeWord | None
    outcome_proof: Proof | None
    reason: str | None
    """What decided the vote, as the resolution explains it."""
    counts: Counts | None
    option: Key | None
    """The one that a scored vote carried."""
    fiction: bool


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for product, change in known.changes.items():
        yield from (f"{product}/{event}" for event in change.acts)
    for each in counted:
        if type(each.fact) is ResolutionTabledAgain:
            yield from _naming(each.stream, known)


def _naming(resolution: StreamId, known: Known) -> Iterator[str]:
    """The acts that name a resolution: another meeting changes no authority, but is shown."""
    for product in products_relying_on(resolution, known.facts):
        for event, act in known.account(product).acts.items():
            if act.taken.resolution == resolution:
                yield f"{product}/{event}"


def segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, event = subject.partition("/")
    product = known.facts.product(StreamId(stream))
    found = known.account(StreamId(stream)).acts.get(event) if product else None
    if product is None or found is None:
        return ()
    decided = found.taken.decided
    row = _row(found, event, known, fiction=product.fiction)
    return from_then_on(row, decided)


def _row(found: JudgedAct, event: str, known: Known, *, fiction: bool) -> ProofRow:
    taken, authority = found.taken, found.authority
    resolution = known.facts.resolution(taken.resolution) if taken.resolution else None
    outcome = resolution.outcome if resolution else None
    shown = _SHOWN[authority.given]
    if shown is Shown.PROVEN and not authority.proven:
        shown = Shown.UNPROVEN
    return ProofRow(
        act=found.kind,
        product=found.product,
        about=found.matter,
        subject=found.subject,
        event=event,
        decided=taken.decided,
        works_from=authority.works_from,
        authority=WORD[authority.given],
        flaw=authority.flaw,
        proven=shown is Shown.PROVEN,
        shown=shown,
        resolution=taken.resolution,
        body=resolution.body if resolution else None,
        meeting=resolution.tablings[-1].meeting if resolution else None,
        outcome=outcome.word if outcome else None,
        outcome_proof=outcome.proof if outcome else None,
        reason=outcome.reason if outcome else None,
        counts=outcome.counts if outcome else None,
        option=outcome.option if outcome else None,
        fiction=fiction,
    )


PROOFS = View(
    name="proofs",
    row=ProofRow,
    reads=REACHING | {ResolutionTabledAgain},
    touches=touches,
    segments=segments,
    filters=("resolution", "product", "authority", "body", "act", "proven", "shown", "fiction"),
    scanned=("body", "act", "proven", "shown", "fiction"),
)
