"""Approvals and how they are shown: from the product to the resolution to the vote."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from govlog.domain.events.any_stream import FactCorrected
from govlog.domain.events.body import ActKind, LimitKind, MandateEnded, MandateGranted
from govlog.domain.events.product import ProductProposed
from govlog.domain.events.resolution import (
    ItemKind,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionPostponed,
    ResolutionTabled,
    ResolutionTabledAgain,
)
from govlog.domain.events.risk import RiskAssumed, RiskRaised, RiskTreated, Treatment
from govlog.domain.values import Key, Money, Reference, StreamId
from projections.proofs import PROOFS, ProofRow
from tests.domain import board as boards
from tests.domain.given import History
from tests.projections.built import moved, rows
from tests.projections.community import BOARD, TOOL, a_community, asked, bind, grant, on, text
from tests.projections.histories import history

DAY = "2024-02-01"


def shown(told: History, commission: str = "c", day: str = "2024-03-01") -> tuple[str, bool]:
    """How the grant of a commission is shown, and whether that counts as proven."""
    with asked(told) as views:
        row = next(each for each in views.all("proofs", day) if each.subject == commission)
        return row.shown, row.proven


def resolve(told: History, name: str, *, body: StreamId = BOARD, shown: bool) -> StreamId:
    stream = StreamId(f"resolution:{name}")
    tabled = ResolutionTabled(decided_on=on(DAY), body=body, kind=ItemKind.DECISION, title=text())
    told.record(stream, tabled)
    outcome = OutcomeRecorded(decided_on=on(DAY), outcome=OutcomeWord.CARRIED, vote_shown=shown)
    told.record(stream, outcome)
    return stream


def test_a_vote_that_carried_within_a_mandate_is_a_proof_with_its_counts() -> None:
    told = boards.board().at("2024-03-01")
    mandate = MandateGranted(
        decided_on=on("2024-01-01"),
        mandate=Key("all"),
        acts=tuple(ActKind),
        evidence=(Reference("bylaws.md"),),
    )
    told.record(BOARD, mandate)
    stream = boards.table(told)
    boards.vote(told, stream, chair=boards.FOR, ann=boards.FOR, bo=boards.AGAINST)
    a_product(told)
    grant(told, "c", "2024-03-01", resolution=StreamId(stream))
    assert shown(told) == ("proven", True)
    with asked(told) as views:
        row = views.all("proofs", "2024-03-01", resolution=stream)[0]
        assert (row.product, row.body, row.outcome_proof, row.reason) == (
            TOOL,
            BOARD,
            "vote",
            "majority",
        )
        assert (row.counts.for_, row.counts.against) == (2, 1)


def a_product(told: History) -> None:
    told.record(TOOL, ProductProposed(decided_on=on("2024-01-10"), name="Tool"))


def test_a_resolution_that_a_source_only_words_is_unproven() -> None:
    told = a_community().at("2024-03-01")
    grant(told, "c", DAY, resolution=resolve(told, "worded", shown=False))
    assert shown(told) == ("unproven", False)


def test_a_body_without_a_recorded_mandate_gives_no_proof() -> None:
    told = a_community().at("2024-03-01")
    boards.board(body="body:circle", seats=("dan",), history=told)
    under = resolve(told, "theirs", body=StreamId("body:circle"), shown=True)
    grant(told, "c", DAY, resolution=under, batch=StreamId("batch:old"))
    assert shown(told) == ("unproven", False)


def test_what_is_over_the_limit_is_void_and_never_proven_however_well_the_vote_is_shown() -> None:
    told = a_community().at("2024-03-01")
    told.record(BOARD, MandateEnded(decided_on=on("2024-01-31"), mandate=Key("all")))
    limited = MandateGranted(
        decided_on=on("2024-01-31"),
        mandate=Key("little"),
        acts=tuple(ActKind),
        limit_kind=LimitKind.PER_ACT,
        limit=Money(Decimal(10), "DKK"),
        evidence=(Reference("bylaws.md"),),
    )
    told.record(BOARD, limited)
    grant(told, "c", DAY, ceiling=11, resolution=resolve(told, "shown", shown=True))
    assert shown(told) == ("void", False)


def test_what_partial_dates_leave_open_is_not_proven_yet() -> None:
    told = a_community().at("2024-03-01")
    ended = MandateEnded(decided_on=on("2024-02"), mandate=Key("all"))
    told.record(BOARD, ended)
    grant(told, "c", DAY, resolution=resolve(told, "open", shown=True))
    assert shown(told) == ("undetermined", False)


def test_nothing_is_proven_in_any_history_without_authority_and_an_outcome_that_is_shown() -> None:
    seen: set[str] = set()
    for seed in range(20):
        with moved(history(seed, 80)) as connection:
            for each in rows(connection, PROOFS):
                row = msgspec.json.decode(each.body, type=ProofRow)
                seen.add(row.shown)
                assert row.proven is (row.shown == "proven")
                if row.proven:
                    assert (row.authority, row.flaw, row.outcome) == ("given", "", "carried")
                    assert row.outcome_proof not in (None, "text")
    assert seen >= {"proven", "void"}


def test_an_earlier_outcome_that_a_source_tells_shows_on_the_days_before_the_later_one() -> None:
    told = a_community().at("2024-03-01")
    stream = StreamId("resolution:twice")
    tabled = ResolutionTabled(decided_on=on(DAY), body=BOARD, kind=ItemKind.DECISION, title=text())
    told.record(stream, tabled)
    for day, word in (("2024-02-05", OutcomeWord.LAPSED), ("2024-02-20", OutcomeWord.LOST)):
        told.record(stream, OutcomeRecorded(decided_on=on(day), outcome=word))
    with asked(told) as views:
        seen = [
            views.of("resolutions", stream, day).status
            for day in ("2024-02-04", "2024-02-10", "2024-02-20")
        ]
    assert seen == ["tabled", "lapsed", "lost"]


def test_an_act_leaves_the_proofs_of_the_product_that_a_correction_takes_it_from() -> None:
    told = a_community().at("2024-03-01")
    stream, other = resolve(told, "r", shown=True), StreamId("product:other")
    told.record(other, ProductProposed(decided_on=on("2024-01-10"), name="Other"))
    raised = told.record("risk:r", RiskRaised(decided_on=on(DAY), title=text(), product=TOOL))
    told.record(
        "risk:r",
        RiskTreated(
            decided_on=on(DAY), treatment=Key("t"), kind=Treatment.ACCEPT, resolution=stream
        ),
    )
    bind(told, "i", DAY)
    assumed = told.record(
        "risk:r",
        RiskAssumed(
            decided_on=on(DAY),
            assumption=Key("a"),
            product=TOOL,
            instalment=Key("i"),
            amount=Money(Decimal(10), "DKK"),
            reason=text(),
            resolution=stream,
        ),
    )
    sizes = [len(told.log)]
    for wrong in (raised, assumed):
        told.record("risk:r", FactCorrected(event=wrong.id, field="product", value=f"{other}"))
        sizes.append(len(told.log))
    with asked(told) as views:
        shown = [
            {
                each.subject: each.product
                for each in views.all("proofs", DAY, size)
                if each.subject in ("t", "a")
            }
            for size in sizes
        ]
    assert shown == [
        {"t": TOOL, "a": TOOL},
        {"t": other, "a": TOOL},
        {"t": other, "a": other},
    ]


def test_an_act_shows_the_meeting_at_which_its_resolution_is_tabled_again() -> None:
    told = a_community().at("2024-03-01")
    stream = StreamId("resolution:later")
    first, again = StreamId("meeting:first"), StreamId("meeting:again")
    tabled = ResolutionTabled(
        decided_on=on(DAY), body=BOARD, kind=ItemKind.DECISION, title=text(), meeting=first
    )
    told.record(stream, tabled)
    told.record(stream, ResolutionPostponed(decided_on=on(DAY)))
    grant(told, "c", DAY, resolution=stream)
    before = len(told.log)
    told.record(stream, ResolutionTabledAgain(decided_on=on("2024-02-20"), meeting=again))
    with asked(told) as views:
        seen = [
            next(each.meeting for each in views.all("proofs", DAY, known) if each.subject == "c")
            for known in (before, before + 1)
        ]
    assert seen == [first, again]
