"""Sustainability: which elements of OS2iot's set-up a product has, each with what shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import astuple

from govlog.domain.events import Fact
from govlog.domain.events.agreement import (
    AuthorityJoined,
    AuthorityWithdrew,
    ContributionAgreed,
    CoordinatorAppointed,
    VendorContracted,
)
from govlog.domain.events.any_stream import Stated
from govlog.domain.events.body import BodyDissolved, BodyEstablished, BodyFounded
from govlog.domain.events.catalogue import CriteriaAdopted, LevelSchemeAdopted
from govlog.domain.events.evaluation import EvaluationPublished, SelfAssessed
from govlog.domain.events.product import ProductProposed
from govlog.domain.events.resolution import ResolutionAnnulled
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId, kind_of
from projections.elements import Elements, Shown, ground_of
from projections.known import Known
from projections.links import OUTCOMES, annulled_or_restored
from projections.spells import spells
from projections.view import Segment, View


class SustainabilityRow(Struct, frozen=True):
    """A product beside the pattern that OS2's board named; nothing is scored."""

    product: StreamId
    elements: Elements
    evidenced: int
    claimed: int
    missing: int
    complete: bool
    """Whether facts show all six."""
    fiction: bool


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if kind_of(each.stream) == "product":
            yield each.stream
        elif kind_of(each.stream) == "body":
            yield from _products_of(each.stream, known)
            # A correction may have named others.
            yield from getattr(each.fact, "products", ())
        elif kind_of(each.stream) == "catalogue":
            yield from known.facts.citing(each.stream, "product")
        elif isinstance(each.fact, (*OUTCOMES, ResolutionAnnulled)):
            for resolution in annulled_or_restored(each.stream, known):
                for body in known.facts.citing(resolution, "body"):
                    yield from _products_of(body, known)


def _products_of(stream: StreamId, known: Known) -> Iterator[str]:
    body = known.facts.body(stream)
    if body is not None:
        yield from body.products


def segments(subject: str, known: Known) -> Iterable[Segment]:
    product = known.facts.product(StreamId(subject))
    if product is None:
        return ()
    ground = ground_of(product, known)
    first = product.names[0].since.earliest

    def on(day: date) -> tuple[SustainabilityRow, bool]:
        elements, certain = ground.on(day)
        shown = [each.shown for each in astuple(elements)]
        evidenced = shown.count(Shown.EVIDENCED)
        row = SustainabilityRow(
            product=product.stream,
            elements=elements,
            evidenced=evidenced,
            claimed=shown.count(Shown.CLAIMED),
            missing=shown.count(Shown.MISSING),
            complete=evidenced == len(shown),
            fiction=product.fiction,
        )
        return row, certain

    return spells([first, *[day for day in ground.days() if day >= first]], on)


SUSTAINABILITY = View(
    name="sustainability",
    row=SustainabilityRow,
    reads=frozenset(
        (
            ProductProposed,
            Stated,
            CoordinatorAppointed,
            AuthorityJoined,
            AuthorityWithdrew,
            ContributionAgreed,
            VendorContracted,
            SelfAssessed,
            EvaluationPublished,
            LevelSchemeAdopted,
            CriteriaAdopted,
            BodyFounded,
            BodyEstablished,
            BodyDissolved,
            *OUTCOMES,
            ResolutionAnnulled,
        )
    ),
    touches=touches,
    segments=segments,
    filters=("product", "complete", "fiction"),
    scanned=("complete", "fiction"),
)
