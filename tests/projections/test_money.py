"""Commissions, investments, exposure and proofs: what they answer at two dates."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from govlog.domain.attribution import Bearer, Reason
from govlog.domain.authority import Flaw
from govlog.domain.events.any_stream import FactCorrected
from govlog.domain.events.body import ActKind, BodyFounded, LimitKind, MandateGranted, Rules
from govlog.domain.events.dispute import DisputeOutcome, DisputeSettled, InvestmentDisputed
from govlog.domain.events.fact import PendingReason
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionGranted,
    CommissionReviewed,
    CommissionRevoked,
    InvestmentDeclared,
    InvestmentWithdrawn,
    ProductExited,
    ProductPaused,
    ProductRenamed,
)
from govlog.domain.values import (
    Ceiling,
    CeilingKind,
    Key,
    Money,
    StreamId,
)
from projections.commissions import Headroom
from projections.investments import BorneBy
from projections.proofs import AuthorityWord
from projections.terms import CommissionStatus
from tests.projections.community import (
    PLAN,
    TOOL,
    VENDOR,
    a_community,
    annul,
    approve,
    asked,
    bind,
    carry,
    grant,
    on,
    text,
)

C = "product:tool/c"


def test_a_dispute_marks_an_instalment_while_it_is_open_and_changes_no_share() -> None:
    history = a_community().at("2024-12-01")
    bind(history, "i", "2024-02-01", investment=Key("w"))
    bind(history, "other", "2024-02-01")
    for name, instalment, investment in (("one", Key("i"), None), ("all", None, Key("w"))):
        fact = InvestmentDisputed(
            decided_on=on("2024-03-01"),
            dispute=Key(name),
            instalment=instalment,
            investment=investment,
            by=VENDOR,
            grounds=text(),
        )
        history.record(TOOL, fact)
    for name, day in (("one", "2024-04-01"), ("all", "2024-05-01")):
        settled = DisputeSettled(
            decided_on=on(day), dispute=Key(name), outcome=DisputeOutcome.UPHELD
        )
        history.record(TOOL, settled)
    with asked(history) as views:
        days = ("2024-02-29", "2024-03-01", "2024-04-30", "2024-05-01")
        rows = [views.of("investments", f"{TOOL}/i", day) for day in days]
        assert [each.disputed for each in rows] == [False, True, True, False]
        assert len({each.shares for each in rows}) == 1
        disputed = views.all("investments", "2024-04-01", disputed=True)
        assert [each.instalment for each in disputed] == ["i"]


def test_a_commission_shows_what_is_left_on_each_day() -> None:
    history = a_community()
    grant(history, "c", "2024-01-10")
    history.at("2024-03-01")
    bind(history, "i1", "2024-02-01", 400)
    bind(history, "i2", "2024-02-20", 700)
    with asked(history) as views:
        left = {
            day: views.of("commissions", C, day).headroom
            for day in ("2024-01-31", "2024-02-01", "2024-02-20")
        }
        assert left == {
            "2024-01-31": Headroom(Decimal(1000), Decimal(1000)),
            "2024-02-01": Headroom(Decimal(600), Decimal(600)),
            "2024-02-20": Headroom(Decimal(0), Decimal(0)),
        }
        assert views.of("commissions", C, "2024-02-20", 8).drawn_at_most == 400
        shares = views.of("investments", "product:tool/i2", "2024-03-01").shares
        assert [(each.amount, each.reason) for each in shares] == [
            (Decimal(600), Reason.COVERED),
            (Decimal(100), Reason.OVER_CEILING),
        ]


def test_a_commission_says_why_it_is_not_in_force() -> None:
    history = a_community()
    grant(history, "c", "2024-01-10", until=on("2024-05"))
    grant(history, "r", "2024-01-10")
    grant(history, "v", "2024-01-10", resolution=StreamId("resolution:none"))
    history.at("2024-03-01")
    revoked = CommissionRevoked(decided_on=on("2024-03-01"), commission=Key("r"), resolution=PLAN)
    history.record(TOOL, revoked)
    history.at("2024-08-01")
    history.record(TOOL, ProductExited(decided_on=on("2024-08-01"), resolution=PLAN))
    grant(history, "l", "2024-07-01", effective_from=on("2024-09"))
    with asked(history) as views:

        def status(name: str, day: str) -> CommissionStatus:
            status: CommissionStatus = views.of("commissions", f"product:tool/{name}", day).status
            return status

        assert status("c", "2024-05-31") is CommissionStatus.IN_FORCE
        assert status("c", "2024-06-01") is CommissionStatus.EXPIRED
        assert status("r", "2024-02-29") is CommissionStatus.IN_FORCE
        assert status("r", "2024-03-01") is CommissionStatus.REVOKED
        assert status("v", "2024-02-01") is CommissionStatus.AUTHORITY_VOID
        assert status("l", "2024-08-31") is CommissionStatus.NOT_YET
        assert views.of("commissions", "product:tool/v", "2024-02-01").flaw is Flaw.NOT_RECORDED
        assert views.row("commissions", C, "2024-01-09") is None


def test_an_exit_ends_every_commission_that_was_granted_before() -> None:
    history = a_community()
    grant(history, "c", "2024-01-10")
    history.at("2024-03-01")
    history.record(TOOL, ProductExited(decided_on=on("2024-03-01"), resolution=PLAN))
    with asked(history) as views:
        assert views.of("commissions", C, "2024-02-29").status is CommissionStatus.IN_FORCE
        assert views.of("commissions", C, "2024-03-01").status is CommissionStatus.WITHDRAWN_PRODUCT
        assert not views.of("portfolio", TOOL, "2024-03-01").commissioned
        assert not views.of("portfolio", TOOL, "2024-03-01").admitted


def test_an_amendment_gives_new_terms_from_its_day_and_a_review_a_new_date() -> None:
    history = a_community()
    grant(history, "c", "2024-01-10", next_review=on("2024-06"))
    history.at("2024-07-01")
    amended = CommissionAmended(
        decided_on=on("2024-03-01"),
        commission=Key("c"),
        resolution=PLAN,
        scope=("api", "app"),
        ceiling=Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(1500)),
    )
    history.record(TOOL, amended)
    reviewed = CommissionReviewed(
        decided_on=on("2024-06-20"), commission=Key("c"), next_review=on("2025-06")
    )
    history.record(TOOL, reviewed)
    with asked(history) as views:
        before, after = (views.of("commissions", C, f"2024-0{month}") for month in ("2-29", "3-01"))
        assert (before.scope, before.headroom.at_least) == (("api",), 1000)
        assert (after.scope, after.headroom.at_least) == (("api", "app"), 1500)
        assert after.next_review == "2024-06"
        assert views.of("commissions", C, "2024-06-20").next_review == "2025-06"


def test_a_ceiling_that_is_none_or_unknown_leaves_no_number() -> None:
    history = a_community()
    grant(history, "c", "2024-01-10", ceiling=None)
    with asked(history) as views:
        assert views.of("commissions", C, "2024-02-01").headroom is None


def test_a_late_record_is_not_a_late_decision() -> None:
    """Rule 5, in its own example."""
    history = a_community()
    history.at("2024-03-20")
    bind(history, "i", "2024-03-15")
    history.at("2024-06-01")
    known_in_april = len(history.log)
    late = grant(history, "c", "2024-03-01", pending=(PendingReason.LATE,))
    waiting = len(history.log)
    history.by("party:second")
    word = approve(history, late)
    with asked(history) as views:
        for known in (known_in_april, waiting):
            row = views.of("investments", "product:tool/i", "2024-06-01", known)
            assert (row.bearer, row.shares[0].reason) == (BorneBy.INVESTOR, Reason.NOT_COMMISSIONED)
            assert views.row("commissions", C, "2024-06-01", known) is None
        row = views.of("investments", "product:tool/i", "2024-03-15")
        assert (row.bearer, row.shares[0].commission) == (BorneBy.COMMUNITY, "c")
        register = views.of("approvals", late.id, "2024-06-01", waiting)
        assert (register.counting, register.late_days, register.word_by) == ("pending", 92, None)
        register = views.of("approvals", late.id, "2024-06-01")
        assert (register.counting, register.word) == ("approved", word.id)
        assert register.word_by == "party:second"


def test_an_annulment_reaches_every_product_that_relied_on_it_and_no_earlier_answer() -> None:
    history = a_community()
    carry(history, "resolution:money", "2024-01-10")
    for stream in (TOOL, StreamId("product:other")):
        grant(history, "c", "2024-01-10", resolution=StreamId("resolution:money"), stream=stream)
    bind(history, "i", "2024-01-10")
    before = len(history.log)
    history.at("2024-05-01")
    annul(history, "resolution:money", "2024-05-01")
    with asked(history) as views:
        for day in ("2024-01-10", "2024-05-01"):
            row = views.of("investments", "product:tool/i", day)
            assert (row.shares[0].reason, row.open) == (Reason.AUTHORITY_VOID, True)
            assert views.of("investments", "product:tool/i", day, before).shares[0].proven
        assert [each.event for each in views.all("investments", "2024-05-01", open=True)]
        proof = views.all("proofs", "2024-05-01", resolution="resolution:money")[0]
        assert (proof.authority, proof.flaw) == (AuthorityWord.VOID, Flaw.ANNULLED)
        was = views.all("proofs", "2024-05-01", before, resolution="resolution:money")[0]
        assert (was.authority, was.proven) == (AuthorityWord.GIVEN, True)
        assert views.of("resolutions", "resolution:money", "2024-05-01").status == "annulled"


def test_a_share_that_lost_its_place_keeps_the_name_of_the_fact_that_took_it() -> None:
    history = a_community()
    grant(history, "c", "2024-01-10", ceiling=500)
    history.at("2024-03-01")
    bind(history, "later", "2024-02-20", 500)
    earlier = bind(history, "earlier", "2024-02-10", 300)
    history.at("2024-04-01")
    bind(history, "unrelated", "2024-04-01", 10)
    with asked(history) as views:
        row = views.of("investments", "product:tool/later", "2024-04-01")
        assert [(each.amount, each.bearer, each.displaced_by) for each in row.shares] == [
            (Decimal(200), Bearer.COMMUNITY, None),
            (Decimal(300), Bearer.INVESTOR, earlier.id),
        ]
        assert (row.open, row.displaced, row.bearer) == (True, True, BorneBy.MIXED)


def test_a_share_that_a_corrected_outcome_takes_the_place_of_keeps_the_correction_s_name() -> None:
    history = a_community()
    carry(history.at("2024-03-05"), "resolution:money", "2024-02-10")
    outcome = history.log[-1].id
    grant(history, "c", "2024-02-10", resolution=StreamId("resolution:money"))
    bind(history, "i", "2024-02-20")
    right = FactCorrected(
        decided_on=on("2024-04-01"), event=outcome, field="decided_on", value="2024-02-20"
    )
    history.at("2024-04-01").record("resolution:money", right)
    waiting = replace(
        right, value="2024-03-01", decided_on=on("2024-04-02"), pending=(PendingReason.CORRECTS,)
    )
    correction = history.at("2024-04-02").record("resolution:money", waiting)
    approve(history, correction)
    with asked(history) as views:
        (share,) = views.of("investments", "product:tool/i", "2024-04-02").shares
        assert (share.bearer, share.displaced_by) == (Bearer.INVESTOR, correction.id)


def test_a_declaration_shows_until_and_after_it_is_withdrawn() -> None:
    history = a_community()
    declared = InvestmentDeclared(
        decided_on=on("2024-01-10"), investment=Key("w"), investor=VENDOR, scope_item="api"
    )
    history.record(TOOL, declared)
    history.at("2024-03-01")
    history.record(TOOL, InvestmentWithdrawn(decided_on=on("2024-03-01"), investment=Key("w")))
    with asked(history) as views:
        assert [each.withdrawn for each in views.all("declarations", "2024-02-29")] == [False]
        assert [each.withdrawn for each in views.all("declarations", "2024-03-01")] == [True]


def test_authority_that_a_source_only_words_is_shown_as_unproven() -> None:
    history = a_community()
    fact = CommissionGranted(
        decided_on=on("2024-01-10"),
        commission=Key("c"),
        scope=("api",),
        ceiling=Ceiling(CeilingKind.NONE, "DKK"),
        authority_text=text(),
        batch=StreamId("batch:b"),
        pending=(PendingReason.IMPORT,),
    )
    approve(history, history.record(TOOL, fact))
    with asked(history) as views:
        proof = next(each for each in views.all("proofs", "2024-02-01") if each.subject == "c")
        assert (proof.authority, proof.proven, proof.resolution) == ("given", False, None)
        row = views.of("commissions", C, "2024-02-01")
        assert (row.status, row.proven) == (CommissionStatus.IN_FORCE, False)


def test_a_commission_that_had_expired_is_not_revoked_afterwards() -> None:
    """As attribution has it: of two endings the first is the reason."""
    history = a_community()
    grant(history, "c", "2024-01-10", until=on("2024-02"))
    history.at("2024-03-01")
    revoked = CommissionRevoked(decided_on=on("2024-03-01"), commission=Key("c"), resolution=PLAN)
    history.record(TOOL, revoked)
    bind(history, "i", "2024-03-01")
    with asked(history) as views:
        assert views.of("commissions", C, "2024-03-01").status is CommissionStatus.EXPIRED
        row = views.of("investments", "product:tool/i", "2024-03-01")
        assert row.shares[0].reason is Reason.EXPIRED


def test_the_lag_of_an_instalment_runs_from_the_day_it_was_bound() -> None:
    history = a_community()
    history.at("2024-06-01")
    late = (PendingReason.LATE,)
    waiting = bind(history, "i", "2024-05-20", bound_on=on("2024-03-01"), pending=late)
    with asked(history) as views:
        assert views.of("approvals", waiting.id, "2024-06-01").late_days == 92


def test_an_act_beyond_its_limit_is_not_shown_as_proven() -> None:
    history = a_community()
    group = StreamId("body:group")
    history.record(
        group, BodyFounded(decided_on=on("2024-01-10"), name="g", rules=Rules(version="1"))
    )
    limited = MandateGranted(
        decided_on=on("2024-01-10"),
        mandate=Key("m"),
        acts=tuple(ActKind),
        limit_kind=LimitKind.PER_ACT,
        limit=Money(Decimal(10), "DKK"),
        resolution=PLAN,
    )
    history.record(group, limited)
    carry(history, "resolution:group", "2024-01-10", body=group)
    grant(history, "c", "2024-01-10", resolution=StreamId("resolution:group"))
    with asked(history) as views:
        proof = views.all("proofs", "2024-02-01", resolution="resolution:group")[0]
        assert (proof.flaw, proof.proven) == (Flaw.OVER_LIMIT, False)


def test_which_of_two_names_came_last_is_left_open_where_their_days_overlap() -> None:
    history = a_community().at("2024-05-10")
    history.record(TOOL, ProductRenamed(decided_on=on("2024-04-20"), name="Bridge"))
    history.record(TOOL, ProductRenamed(decided_on=on("2024-04"), name="Ferry"))
    with asked(history) as views:
        rows = [
            views.row("portfolio", TOOL, "2024-05-01"),
            views.row("names", f"{TOOL}/2", "2024-05-01"),
        ]
        assert [row is not None and row.certain for row in rows] == [False, False]


def test_which_of_two_steps_or_amendments_came_last_is_left_open_where_their_days_overlap() -> None:
    history = a_community()
    grant(history, "c", "2024-01-10")
    history.at("2024-05-10")
    history.record(TOOL, ProductPaused(decided_on=on("2024-04"), resolution=PLAN))
    history.record(TOOL, ProductExited(decided_on=on("2024-04-20"), resolution=PLAN))
    for day, ceiling in (("2024-03", 500), ("2024-03-15", 700)):
        amended = CommissionAmended(
            decided_on=on(day),
            commission=Key("c"),
            resolution=PLAN,
            ceiling=Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(ceiling)),
        )
        history.record(TOOL, amended)
    with asked(history) as views:
        rows = [
            views.row("portfolio", TOOL, "2024-05-01"),
            views.row("commissions", C, "2024-04-01"),
        ]
        assert [row is not None and row.certain for row in rows] == [False, False]
