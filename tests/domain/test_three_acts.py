"""Correction, amendment and annulment are three acts, and meet each other (rules 19-21)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import to_builtins

from govlog.domain.commissioning import NeedsNewResolution, amend_commission
from govlog.domain.events.product import CommissionAmended
from govlog.domain.events.resolution import ResolutionAnnulled
from govlog.domain.resolution import annul_resolution, standing
from govlog.domain.values import Ceiling, CeilingKind, Key, Reference, StreamId
from tests.domain.board import AGAINST, FOR, carried, day, resolution, table, vote
from tests.domain.given import History
from tests.domain.test_correcting import (
    LAMP,
    ceiling,
    commissioned,
    correct,
    covered,
    fact_of,
    instalment,
    say,
    withdraw,
)


def stands(history: History, stream: str) -> bool:
    return standing(resolution(history, stream), history.facts())


def annulled(history: History, stream: str, by: str) -> None:
    fact = ResolutionAnnulled(
        decided_on=day(history.given().recorded_on.isoformat()),
        ground="outside_mandate",
        resolution=StreamId(by),
    )
    history.when(annul_resolution, stream, fact)


def test_an_amendment_needs_a_new_resolution_and_works_forward_where_a_correction_does_not() -> (
    None
):
    history, facts = commissioned()
    cut = CommissionAmended(
        decided_on=day("2024-03-10"),
        commission=Key("c"),
        ceiling=Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(500)),
        resolution=StreamId("resolution:plan"),
    )
    with pytest.raises(NeedsNewResolution):
        history.decide(amend_commission, LAMP, cut)
    carried(history, "cut")
    cut = CommissionAmended(
        decided_on=cut.decided_on,
        commission=cut.commission,
        ceiling=cut.ceiling,
        resolution=StreamId("resolution:cut"),
    )
    history.when(amend_commission, LAMP, cut)
    assert covered(history) == 800
    say(history, correct(history, facts["commission"], "ceiling", to_builtins(ceiling(500))))
    assert covered(history) == 500


def test_an_annulment_falls_when_the_vote_that_carried_its_resolution_is_corrected() -> None:
    """It takes effect only if what it cites stood: a resolution that never carried never did."""
    history, _ = commissioned()
    stream = table(history, "annul")
    vote(history, stream, chair=FOR, ann=FOR, bo=AGAINST)
    annulled(history, "resolution:plan", stream)
    assert (stands(history, "resolution:plan"), covered(history)) == (False, 0)
    correction = correct(history, fact_of(history, "VoteCast", "ann"), "ballot", "against")
    assert covered(history) == 0
    say(history, correction)
    assert (stands(history, "resolution:plan"), covered(history)) == (True, 800)
    say(history, withdraw(history, correction))
    assert (stands(history, "resolution:plan"), covered(history)) == (False, 0)


def test_an_annulment_that_cited_the_wrong_resolution_is_corrected_and_keeps_its_place() -> None:
    history, _ = commissioned()
    first, second = carried(history, "first"), carried(history, "second")
    annulled(history, "resolution:plan", first)
    annulment = history.log[-1]
    annulled(history, first, second)
    assert stands(history, "resolution:plan")
    say(history, correct(history, annulment, "resolution", second))
    assert not stands(history, "resolution:plan")


def test_a_correction_that_takes_a_share_s_cover_away_shows_like_what_another_fact_displaces() -> (
    None
):
    history, facts = commissioned()
    instalment(history, "j", 200)
    assert (covered(history, "i"), covered(history, "j")) == (800, 200)
    amount = {"amount": "900", "currency": "DKK"}
    say(history, correct(history, facts["instalment"], "amount", amount))
    assert (covered(history, "i"), covered(history, "j")) == (900, 100)


def test_a_ruling_carries_an_annulment_whatever_becomes_of_the_resolution_beside_it() -> None:
    history, _ = commissioned()
    stream = table(history, "annul")
    vote(history, stream, chair=FOR, ann=FOR, bo=AGAINST)
    fact = ResolutionAnnulled(
        decided_on=day("2024-03-10"),
        ground="ruling",
        resolution=StreamId(stream),
        ruling=Reference("ruling-7.pdf"),
    )
    history.when(annul_resolution, "resolution:plan", fact)
    say(history, correct(history, fact_of(history, "VoteCast", "ann"), "ballot", "against"))
    assert not stands(history, "resolution:plan")
