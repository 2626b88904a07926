"""The commissions of a product with the authority of everything about them (rules 7, 10, 15)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from msgspec import Struct

from govlog.domain.authorities import Authorities
from govlog.domain.authority import NOTHING, ActOf, Authority
from govlog.domain.commitment import Amendment, Commission, LifeStage, Product, Taken
from govlog.domain.events.body import ActKind
from govlog.domain.raising import AmendmentOf, grant_of
from govlog.domain.tri import NO, YES, begun
from govlog.domain.values import Span

T = TypeVar("T")


class Change(Struct, frozen=True):
    """An amendment with its authority judged."""

    amendment: Amendment
    authority: Authority


class Exit(Struct, frozen=True):
    """One exit or closure as it bears on a commission granted on some day."""

    authority: Authority
    back: tuple[tuple[Authority, int], ...]
    """Readmissions, with their position in the log."""
    index: int


class Judged(Struct, frozen=True):
    """A commission with the authority of everything about it judged at one size of the log."""

    commission: Commission
    authority: Authority
    changes: tuple[Change, ...]
    revocations: tuple[Authority, ...]
    exits: tuple[Exit, ...]

    @property
    def void(self) -> bool:
        """Whether some act of it may lack authority (rule 8)."""
        return self.authority.given is not YES or any(
            change.authority.given is not YES for change in self.changes
        )

    def proven_on(self, day: Span) -> bool:
        """Whether the grant and every amendment that may hold by then are more than worded."""
        acts = [self.authority]
        acts += [each.authority for each in self.changes if begun(each.authority.works_from, day)]
        return all(each.proven for each in acts if each.given is not NO)

    def scopes(self) -> set[str]:
        """Every scope item it ever named."""
        amended = (change.amendment.scope or frozenset() for change in self.changes)
        return set(self.commission.scope).union(*amended)

    def ever_in_scope(self, item: str) -> bool:
        """Whether it ever named the scope item."""
        return item in self.commission.scope or any(
            item in (change.amendment.scope or ()) for change in self.changes
        )


def judge_commissions(product: Product, authorities: Authorities) -> list[Judged]:
    """All commissions of a product with their authority, in the order they were recorded."""
    exits = tuple(_exits(product, authorities))
    judged = []
    for commission in sorted(product.commissions.values(), key=lambda each: each.granted.index):
        changes = [
            Change(each, authorities.of(AmendmentOf(product.stream, commission, each)))
            for each in commission.amendments
        ]
        changes.sort(key=lambda each: (each.authority.works_from, each.amendment.taken.index))
        revocations = (
            authorities.of(ActOf(ActKind.REVOCATION, product.stream, NOTHING, each))
            for each in commission.revocations
        )
        judged.append(
            Judged(
                commission,
                authorities.of(grant_of(product, commission)),
                tuple(changes),
                tuple(each for each in revocations if each.given is not NO),
                exits,
            )
        )
    return judged


def _exits(product: Product, authorities: Authorities) -> Iterator[Exit]:
    def judged(taken: Taken, kind: ActKind) -> Authority:
        return authorities.of(ActOf(kind, product.stream, NOTHING, taken))

    admissions = [
        (authority, event.taken.index)
        for event in product.life
        if event.stage is LifeStage.ADMITTED
        and (authority := judged(event.taken, ActKind.ADMISSION)).given is not NO
    ]
    for event in product.life:
        if event.stage not in (LifeStage.EXITED, LifeStage.CLOSED):
            continue
        authority = judged(event.taken, ActKind.EXIT)
        if authority.given is not NO:
            yield Exit(authority, tuple(admissions), event.taken.index)
