"""The elements of OS2iot's set-up, and what shows each of them on a day: evidence, or a claim only.

The board of OS2 named them on 25 September 2023: joined authorities, a product coordinator, a
steering group, a coordination group, contributions to a central economy, a vendor agreement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from msgspec import Struct

from govlog.domain.body import Body
from govlog.domain.commitment import (
    Claim,
    Lasting,
    Participation,
    Product,
    coordinator_on,
    lasts,
    takes_part,
)
from govlog.domain.events.body import BodyRole
from govlog.domain.standing import standing
from govlog.domain.tri import Tri, begun, surely_last
from govlog.domain.values import PartialDate, Personal, Reference, Span, StreamId
from projections.findings import Finding, findings, found_by
from projections.known import Known
from projections.spells import day_after, open_on, turning


class Shown(StrEnum):
    """How well an element is shown."""

    EVIDENCED = "evidenced"
    """A recorded fact shows it, in force on the day."""
    CLAIMED = "claimed"
    """A source says so, and nothing else shows it."""
    MISSING = "missing"


class Evidence(Struct, frozen=True):
    """A fact that shows an element."""

    event: str
    who: StreamId
    since: Span
    until: date | None
    resolution: StreamId | None
    """Of a body: the one that set it up."""
    references: tuple[Reference, ...]


class Said(Struct, frozen=True):
    """What a source says about an element: shown beside it, and no evidence of the fact."""

    event: str
    text: Personal
    by: StreamId | None
    count: int | None
    """Where a source counts; 0 where it says that there is none."""
    holds: Span
    holds_on: PartialDate | None


class Element(Struct, frozen=True):
    shown: Shown
    count: int
    """How many facts show it."""
    evidence: tuple[Evidence, ...]
    claims: tuple[Said, ...]
    findings: tuple[Finding, ...]
    """What evaluations measured about it; the latest comes last."""


class Elements(Struct, frozen=True):
    """Exactly those of OS2iot."""

    authorities: Element
    coordinator: Element
    steering_group: Element
    coordination_group: Element
    central_economy: Element
    vendor_agreement: Element


TOPICS = {
    "authorities": "authorities_joined",
    "coordinator": "product_coordinator",
    "steering_group": "steering_group",
    "coordination_group": "coordination_group",
    "central_economy": "central_economy",
    "vendor_agreement": "vendor_agreement",
}
"""Which topic of claims is about which element."""


class Ground(Struct, frozen=True):
    """What a product's elements rest on, at one size of the log."""

    product: Product
    groups: dict[BodyRole, tuple[Body, ...]]
    measured: dict[str, tuple[Finding, ...]]
    """By topic."""
    claims: dict[str, tuple[Claim, ...]]
    """By topic, the latest last."""
    lastings: list[Lasting]
    spans: list[Span]
    """When something that shows an element may have begun or ended, or was said or found."""

    def days(self) -> Iterator[date]:
        """The days on which something of it may begin or end."""
        yield from turning(*self.spans)
        for lasting in self.lastings:
            yield from day_after(lasting.until)

    def on(self, day: date) -> tuple[Elements, bool]:
        """The elements at the end of a day, and whether they are certain."""
        elements = Elements(
            authorities=self._element("authorities", self._authorities(day), day),
            coordinator=self._element("coordinator", self._coordinator(day), day),
            steering_group=self._element(
                "steering_group", self._bodies(BodyRole.STEERING_GROUP, day), day
            ),
            coordination_group=self._element(
                "coordination_group", self._bodies(BodyRole.COORDINATION_GROUP, day), day
            ),
            central_economy=self._element("central_economy", self._contributions(day), day),
            vendor_agreement=self._element("vendor_agreement", self._contracts(day), day),
        )
        return elements, self._certain(day)

    def _element(self, name: str, evidence: Iterable[Evidence], day: date) -> Element:
        topic = TOPICS[name]
        return _element(
            tuple(evidence), self._said(topic, day), found_by(self.measured[topic], day)
        )

    def _authorities(self, day: date) -> Iterator[Evidence]:
        for party, each in sorted(self.product.agreements.authorities.items()):
            if takes_part(each, Span(day, day)) is Tri.YES:
                holding = [held for held in each.joined if _holds(held, each, day) is Tri.YES]
                yield _lasting(party, max(holding, key=_by_start))

    def _coordinator(self, day: date) -> Iterator[Evidence]:
        now, _ = coordinator_on(self.product.agreements, day)
        if now is not None:
            yield _lasting(now.party, now.lasting)

    def _contributions(self, day: date) -> Iterator[Evidence]:
        for _, each in sorted(self.product.agreements.contributions.items()):
            if lasts(each.lasting, Span(day, day)) is Tri.YES:
                yield _lasting(each.party, each.lasting)

    def _contracts(self, day: date) -> Iterator[Evidence]:
        for _, each in sorted(self.product.agreements.contracts.items()):
            if lasts(each.lasting, Span(day, day)) is Tri.YES:
                yield _lasting(each.vendor, each.lasting)

    def _bodies(self, role: BodyRole, day: date) -> Iterator[Evidence]:
        today = Span(day, day)
        for body in self.groups.get(role, ()):
            gone = body.dissolved is not None and begun(body.dissolved, today) is not Tri.NO
            if begun(body.founded, today) is Tri.YES and not gone:
                yield Evidence(body.fact, body.stream, body.founded, None, body.resolution, ())

    def _said(self, topic: str, day: date) -> tuple[Said, ...]:
        return tuple(
            [_said(each) for each in self.claims.get(topic, ()) if each.holds.earliest <= day]
        )

    def _certain(self, day: date) -> bool:
        """Whether all that partial dates allow shows the same, and the same source has the word."""
        _, sure = coordinator_on(self.product.agreements, day)
        return (
            sure
            and not open_on(day, *self.spans)
            and all(_surely_holds(each, day) for each in self._participations())
            and all(_have_last_word(self.claims.get(topic, ()), day) for topic in TOPICS.values())
        )

    def _participations(self) -> Iterable[Participation]:
        return self.product.agreements.authorities.values()


def _have_last_word(claims: tuple[Claim, ...], day: date) -> bool:
    """Whether no order of claims lets another one say last whether there is one."""
    said = [each for each in claims if each.holds.earliest <= day]
    if not said:
        return True
    *before, last = said
    others = [(e.holds, e.index) for e in before if (e.count == 0) is not (last.count == 0)]
    return surely_last((last.holds, last.index), others)


def ground_of(product: Product, known: Known) -> Ground:
    """With the bodies that are the product's groups and whose resolution, if any, stands."""
    groups: dict[BodyRole, tuple[Body, ...]] = {}
    for stream in sorted(known.facts.citing(product.stream, "body")):
        body = known.facts.body(stream)
        if body is None or body.role is None or product.stream not in body.products:
            continue
        source = known.facts.resolution(body.resolution) if body.resolution else None
        if body.resolution is None or (source is not None and standing(source, known.facts)):
            groups[body.role] = (*groups.get(body.role, ()), body)
    measured = {topic: findings(product, topic, known.facts) for topic in TOPICS.values()}
    claims: dict[str, tuple[Claim, ...]] = {}
    for claim in sorted(product.claims.values(), key=_by_day):
        claims[claim.topic] = (*claims.get(claim.topic, ()), claim)
    lastings = _lastings(product)
    spans = [each.since for each in lastings]
    for participation in product.agreements.authorities.values():
        spans += [leaving.since for leaving in participation.left]
    for bodies in groups.values():
        for body in bodies:
            spans += [body.founded, *([body.dissolved] if body.dissolved else [])]
    for topic in TOPICS.values():
        spans += [each.holds for each in claims.get(topic, ())]
        spans += [each.found for each in measured[topic]]
    return Ground(product, groups, measured, claims, lastings, spans)


def _lastings(product: Product) -> list[Lasting]:
    agreements = product.agreements
    found = [each.lasting for each in agreements.coordinators]
    found += [each.lasting for each in agreements.contributions.values()]
    found += [each.lasting for each in agreements.contracts.values()]
    for each in agreements.authorities.values():
        found += each.joined
    return found


def _element(
    evidence: tuple[Evidence, ...], claims: tuple[Said, ...], found: tuple[Finding, ...]
) -> Element:
    shown = Shown.EVIDENCED if evidence else Shown.MISSING
    # The word of a source counts as a claim that there is one, unless its last word is "none".
    if not evidence and claims and claims[-1].count != 0:
        shown = Shown.CLAIMED
    return Element(shown, len(evidence), evidence, claims, found)


def _holds(joining: Lasting, participation: Participation, day: date) -> Tri:
    """Whether it is by this joining that an authority takes part."""
    return takes_part(Participation((joining,), participation.left), Span(day, day))


def _by_start(joining: Lasting) -> tuple[date, int]:
    return joining.since.latest, joining.index


def _surely_holds(participation: Participation, day: date) -> bool:
    answers = [(each, _holds(each, participation, day)) for each in participation.joined]
    holding = [each for each, answer in answers if answer is Tri.YES]
    last = max(holding, key=_by_start, default=None)
    sure = last is None or surely_last(
        (last.since, last.index), ((e.since, e.index) for e in holding if e is not last)
    )
    return sure and all(answer is not Tri.MAYBE for _, answer in answers)


def _lasting(who: StreamId, lasting: Lasting) -> Evidence:
    return Evidence(lasting.fact, who, lasting.since, lasting.until, None, lasting.evidence)


def _said(claim: Claim) -> Said:
    return Said(claim.fact, claim.text, claim.by, claim.count, claim.holds, claim.holds_on)


def _by_day(claim: Claim) -> tuple[date, int]:
    return claim.holds.latest, claim.index
