"""Who bears the risk, and why: rules 6 to 14, one sentence each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from govlog.domain.attribution import Bearer, Reason, Share, carry, settle, timeline
from govlog.domain.attribution.timeline import NO_TAKEOVER, takeovers
from govlog.domain.events import body, product, resolution, risk
from govlog.domain.events.body import ActKind, LimitKind
from govlog.domain.values import (
    Ceiling,
    CeilingKind,
    Key,
    Money,
    PartialDate,
    Personal,
    Reference,
    Standing,
    StreamId,
)
from tests.domain.given import History

PRODUCT = StreamId("product:plan")
BOARD = StreamId("body:board")
NORDLYS = StreamId("party:nordlys")


def dkk(amount: int) -> Money:
    return Money(Decimal(amount), "DKK")


class Case(History):
    """A board with a mandate, a product, and short words for what happens to it."""

    def __init__(self, **mandate: Any) -> None:
        super().__init__()
        self.at("2024-01-01")
        self.found(BOARD)
        self.mandate("all", **mandate)
        self.record(
            PRODUCT, product.ProductProposed(decided_on=PartialDate("2024-01-01"), name="Plan")
        )
        self.resolve("admit", "2024-01-02")
        self.record(
            PRODUCT,
            product.ProductAdmitted(
                decided_on=PartialDate("2024-01-02"), resolution=StreamId("resolution:admit")
            ),
        )

    def found(self, stream: StreamId) -> None:
        rules = body.Rules(version="1")
        founded = body.BodyFounded(decided_on=PartialDate("2024-01-01"), name=stream, rules=rules)
        self.record(stream, founded)

    def mandate(self, name: str, *, of: StreamId = BOARD, **more: Any) -> None:
        granted = body.MandateGranted(
            decided_on=PartialDate("2024-01-01"),
            mandate=Key(name),
            evidence=(Reference("bylaws"),),
            **({"acts": tuple(ActKind)} | more),
        )
        self.record(of, granted)

    def resolve(
        self,
        name: str,
        day: str | None,
        *,
        kind: str = "decision",
        of: StreamId = BOARD,
        **more: Any,
    ) -> StreamId:
        stream = StreamId(f"resolution:{name}")
        when = PartialDate(day) if day else None
        self.record(
            stream,
            resolution.ResolutionTabled(
                decided_on=when,
                body=of,
                kind=resolution.ItemKind(kind),
                title=Personal(text="t"),
                **more,
            ),
        )
        self.record(
            stream,
            resolution.OutcomeRecorded(
                decided_on=when, outcome=resolution.OutcomeWord.CARRIED, vote_shown=True
            ),
        )
        return stream

    def grant(self, name: str, day: str, ceiling: int | CeilingKind = 100, **more: Any) -> None:
        if "resolution" not in more:
            more["resolution"] = self.resolve(f"grant-{name}", day)
        cap = (
            Ceiling(ceiling, "DKK")
            if isinstance(ceiling, CeilingKind)
            else Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(ceiling))
        )
        self.record(
            PRODUCT,
            product.CommissionGranted(
                decided_on=PartialDate(day),
                commission=Key(name),
                ceiling=cap,
                **({"scope": ("code",)} | more),
            ),
        )

    def amend(self, name: str, day: str, **more: Any) -> None:
        if "resolution" not in more:
            more["resolution"] = self.resolve(f"amend-{name}-{len(self.log)}", day)
        if isinstance(more.get("ceiling"), int):
            more["ceiling"] = Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(more["ceiling"]))
        self.record(
            PRODUCT,
            product.CommissionAmended(decided_on=PartialDate(day), commission=Key(name), **more),
        )

    def revoke(self, name: str, day: str, **more: Any) -> None:
        stream = self.resolve(f"revoke-{name}", day)
        self.record(
            PRODUCT,
            product.CommissionRevoked(
                decided_on=PartialDate(day), commission=Key(name), resolution=stream, **more
            ),
        )

    def annul(self, name: str, *, by: str | None = None) -> None:
        self.record(
            f"resolution:{name}",
            resolution.ResolutionAnnulled(
                decided_on=PartialDate("2024-01-01"),
                ground="ruling",
                resolution=StreamId(f"resolution:{by}") if by else None,
            ),
        )

    def bind(self, name: str, day: str | None, amount: int | Money = 10, **more: Any) -> None:
        when = PartialDate(day) if day else None
        self.record(
            PRODUCT,
            product.InstalmentCommitted(
                decided_on=when,
                bound_on=when,
                instalment=Key(name),
                amount=dkk(amount) if isinstance(amount, int) else amount,
                **({"investor": NORDLYS, "scope_item": "code"} | more),
            ),
        )

    def leave(self, day: str) -> None:
        stream = self.resolve(f"leave-{len(self.log)}", day)
        self.record(PRODUCT, product.ProductExited(decided_on=PartialDate(day), resolution=stream))

    def shares(self, name: str, size: int | None = None) -> tuple[Share, ...]:
        facts = self.facts(size)
        state = facts.product(PRODUCT)
        assert state is not None
        return settle(state, facts).verdicts[Key(name)].shares

    def reasons(self, name: str) -> list[tuple[int, str]]:
        return [(int(each.amount), each.reason.value) for each in self.shares(name)]


@pytest.fixture
def case() -> Case:
    return Case().at("2024-12-31")


def test_an_instalment_bound_under_a_commission_in_force_is_covered(case: Case) -> None:
    case.grant("c", "2024-03-01")
    case.bind("i", "2024-04-01")
    (share,) = case.shares("i")
    assert (share.bearer, share.reason) == (Bearer.COMMUNITY, Reason.COVERED)
    assert (share.commission, share.resolution, share.proven) == ("c", "resolution:grant-c", True)


def test_a_product_without_a_commission_is_at_the_investors_own_risk(case: Case) -> None:
    case.bind("i", "2024-04-01")
    assert case.reasons("i") == [(10, "not_commissioned")]


@pytest.mark.parametrize(
    ("bind", "reason"),
    [
        ({"scope_item": "hardware"}, "out_of_scope"),
        ({"investor": StreamId("party:other")}, "wrong_party"),
        ({"amount": Money(Decimal(10), "EUR")}, "wrong_currency"),
        ({"day": "2024-02-01"}, "before_commission"),
        ({"day": "2024-07-01"}, "expired"),
    ],
)
def test_the_first_condition_that_fails_is_the_reason(
    case: Case, bind: dict[str, Any], reason: str
) -> None:
    case.grant("c", "2024-03-01", parties=(NORDLYS,), until=PartialDate("2024-06"))
    case.bind("i", **({"day": "2024-04-01"} | bind))
    assert case.reasons("i") == [(10, reason)]


def test_until_is_the_last_day_in_force_and_a_partial_one_means_the_last_day_of_its_period(
    case: Case,
) -> None:
    case.grant("c", "2024-03-01", until=PartialDate("2024-06"))
    case.bind("last", "2024-06-30")
    case.bind("after", "2024-07-01")
    assert case.reasons("last") == [(10, "covered")]
    assert case.reasons("after") == [(10, "expired")]


def test_a_revoked_commission_still_covers_what_was_bound_before(case: Case) -> None:
    case.grant("c", "2024-03-01")
    case.revoke("c", "2024-06-01")
    case.bind("before", "2024-05-31")
    case.bind("on", "2024-06-01")
    assert case.reasons("before") == [(10, "covered")]
    assert case.reasons("on") == [(10, "revoked")]


def test_a_commission_granted_and_revoked_on_one_day_was_never_in_force(case: Case) -> None:
    case.grant("c", "2024-03-01")
    case.revoke("c", "2024-03-01")
    case.bind("i", "2024-03-01")
    assert case.reasons("i") == [(10, "revoked")]


def test_a_revocation_works_from_the_day_of_notice_where_that_is_later(case: Case) -> None:
    case.grant("c", "2024-03-01")
    case.revoke("c", "2024-06-01", notified_on=PartialDate("2024-06-10"))
    case.bind("i", "2024-06-05")
    assert case.reasons("i") == [(10, "covered")]


def test_a_commission_works_from_the_day_its_resolution_carried_where_that_is_later(
    case: Case,
) -> None:
    late = case.resolve("late", "2024-05-01")
    case.grant("c", "2024-03-01", resolution=late)
    case.bind("i", "2024-04-01")
    case.bind("j", "2024-05-01")
    assert case.reasons("i") == [(10, "before_commission")]
    assert case.reasons("j") == [(10, "covered")]


def test_a_later_start_stands_in_effective_from(case: Case) -> None:
    case.grant("c", "2024-03-01", effective_from=PartialDate("2024-05"))
    case.bind("i", "2024-04-30")
    case.bind("j", "2024-05-01")
    assert case.reasons("i") == [(10, "before_commission")]
    assert case.reasons("j") == [(10, "covered")]


def test_an_instalment_is_split_at_the_ceiling(case: Case) -> None:
    case.grant("c", "2024-03-01", 100)
    case.bind("i", "2024-04-01", 70)
    case.bind("j", "2024-04-02", 70)
    assert case.reasons("i") == [(70, "covered")]
    assert case.reasons("j") == [(30, "covered"), (40, "over_ceiling")]


def test_the_ceiling_is_drawn_in_the_order_of_bound_on_then_recording(case: Case) -> None:
    case.grant("c", "2024-03-01", 100)
    case.bind("later", "2024-05-01", 60)
    case.bind("earlier", "2024-04-01", 60)
    case.bind("same-day", "2024-05-01", 60)
    assert case.reasons("earlier") == [(60, "covered")]
    assert case.reasons("later") == [(40, "covered"), (20, "over_ceiling")]
    assert case.reasons("same-day") == [(60, "over_ceiling")]


def test_a_ceiling_of_none_covers_all_and_a_ceiling_of_zero_nothing(case: Case) -> None:
    case.grant("none", "2024-03-01", CeilingKind.NONE, scope=("a",))
    case.grant("zero", "2024-03-01", 0, scope=("b",))
    case.bind("i", "2024-04-01", 10**9, scope_item="a")
    case.bind("j", "2024-04-01", 1, scope_item="b")
    assert case.reasons("i") == [(10**9, "covered")]
    assert case.reasons("j") == [(1, "over_ceiling")]


def test_an_unknown_ceiling_gives_undetermined(case: Case) -> None:
    case.grant("c", "2024-03-01", CeilingKind.UNKNOWN)
    case.bind("i", "2024-04-01")
    (share,) = case.shares("i")
    assert (share.reason, share.bearer) == (Reason.UNDETERMINED, Bearer.UNDETERMINED)
    assert share.reasons == (Reason.COVERED, Reason.OVER_CEILING)
    assert share.commissions == ("c",)


def test_a_ceiling_cut_below_what_is_drawn_leaves_nothing(case: Case) -> None:
    case.grant("c", "2024-03-01", 100)
    case.bind("i", "2024-04-01", 80)
    case.amend("c", "2024-05-01", ceiling=50)
    case.bind("j", "2024-06-01", 10)
    assert case.reasons("i") == [(80, "covered")]
    assert case.reasons("j") == [(10, "over_ceiling")]


def test_a_raise_never_reaches_back(case: Case) -> None:
    case.grant("c", "2024-03-01", 100)
    case.bind("i", "2024-04-01", 150)
    case.amend("c", "2024-05-01", ceiling=200)
    case.bind("j", "2024-06-01", 150)
    assert case.reasons("i") == [(100, "covered"), (50, "over_ceiling")]
    assert case.reasons("j") == [(100, "covered"), (50, "over_ceiling")]


def test_an_amendment_holds_for_its_whole_day(case: Case) -> None:
    case.grant("c", "2024-03-01", scope=("other",))
    case.amend("c", "2024-05-01", scope=("code",))
    case.bind("i", "2024-05-01")
    assert case.reasons("i") == [(10, "covered")]


def test_the_named_commission_is_tried_first_then_others_in_the_order_granted(case: Case) -> None:
    case.grant("second", "2024-03-02", 10)
    case.grant("first", "2024-03-01", 10)
    case.grant("named", "2024-03-03", 10)
    case.bind("i", "2024-04-01", 25, relies_on=Key("named"))
    assert [(each.commission, int(each.amount)) for each in case.shares("i")] == [
        ("named", 10),
        ("first", 10),
        ("second", 5),
    ]


def test_the_reason_is_that_of_the_named_commission(case: Case) -> None:
    case.grant("named", "2024-03-01", scope=("other",))
    case.grant("near", "2024-06-01")
    case.bind("i", "2024-04-01", relies_on=Key("named"))
    assert case.reasons("i") == [(10, "out_of_scope")]


def test_without_a_name_the_commission_that_met_most_conditions_gives_the_reason(
    case: Case,
) -> None:
    case.grant("far", "2024-03-01", scope=("other",))
    case.grant("near", "2024-06-01")
    case.bind("i", "2024-04-01")
    (share,) = case.shares("i")
    assert (share.reason, share.commission) == (Reason.BEFORE_COMMISSION, "near")


def test_an_exit_ends_cover_and_readmission_revives_no_old_commission(case: Case) -> None:
    case.grant("c", "2024-03-01")
    case.leave("2024-05-01")
    back = case.resolve("back", "2024-06-01")
    case.record(
        PRODUCT, product.ProductAdmitted(decided_on=PartialDate("2024-06-01"), resolution=back)
    )
    case.bind("before", "2024-04-30")
    case.bind("out", "2024-05-01")
    case.bind("back", "2024-07-01")
    assert case.reasons("before") == [(10, "covered")]
    assert case.reasons("out") == [(10, "withdrawn_product")]
    assert case.reasons("back") == [(10, "withdrawn_product")]


def test_out_and_in_on_one_day_is_no_exit(case: Case) -> None:
    case.grant("c", "2024-03-01")
    case.leave("2024-05-01")
    back = case.resolve("back", "2024-05-01")
    case.record(
        PRODUCT, product.ProductAdmitted(decided_on=PartialDate("2024-05-01"), resolution=back)
    )
    case.bind("i", "2024-06-01")
    assert case.reasons("i") == [(10, "covered")]


def test_a_pause_does_not_end_cover_but_shows(case: Case) -> None:
    case.grant("c", "2024-03-01")
    case.record(PRODUCT, product.ProductPaused(decided_on=PartialDate("2024-03-02")))
    case.bind("i", "2024-04-01")
    (share,) = case.shares("i")
    assert (share.reason, share.flags) == (Reason.COVERED, ("paused",))


def test_annulment_turns_what_was_covered_into_authority_void(case: Case) -> None:
    case.grant("c", "2024-03-01", 30)
    case.bind("i", "2024-04-01", 50)
    case.annul("grant-c")
    assert case.reasons("i") == [(30, "authority_void"), (20, "not_commissioned")]


def test_an_annulled_annulment_gives_back_what_it_took(case: Case) -> None:
    case.grant("c", "2024-03-01")
    case.bind("i", "2024-04-01")
    case.resolve("undo", "2024-05-01")
    case.annul("grant-c", by="undo")
    assert case.reasons("i") == [(10, "authority_void")]
    case.annul("undo")
    assert case.reasons("i") == [(10, "covered")]


def test_a_commission_without_authority_is_passed_over_for_the_rest(case: Case) -> None:
    case.grant("void", "2024-03-01")
    case.grant("good", "2024-03-02")
    case.annul("grant-void")
    case.bind("i", "2024-04-01", relies_on=Key("void"))
    (share,) = case.shares("i")
    assert (share.reason, share.commission) == (Reason.COVERED, "good")


def test_a_raise_without_authority_would_have_covered_what_is_authority_void(case: Case) -> None:
    case.grant("c", "2024-03-01", 100)
    case.amend("c", "2024-03-02", ceiling=130, resolution=StreamId("resolution:nowhere"))
    case.bind("i", "2024-04-01", 150)
    assert case.reasons("i") == [(100, "covered"), (30, "authority_void"), (20, "over_ceiling")]


@pytest.mark.parametrize(
    ("day", "blamed"), [("2024-03-20", "resolution:nowhere"), ("2024-03", None)]
)
def test_of_two_amendments_without_authority_the_first_to_work_is_to_blame_if_that_is_known(
    case: Case, day: str, blamed: str | None
) -> None:
    case.grant("c", "2024-03-01", 100)
    case.amend("c", "2024-03-10", ceiling=130, resolution=StreamId("resolution:nowhere"))
    case.amend("c", day, ceiling=140, resolution=StreamId("resolution:neither"))
    case.bind("i", "2024-04-01", 120)
    assert case.reasons("i") == [(100, "covered"), (20, "authority_void")]
    assert case.shares("i")[1].resolution == blamed


def test_a_mandate_covers_the_kind_of_act_on_the_day_of_the_resolution() -> None:
    case = Case(acts=(ActKind.ADMISSION,)).at("2024-12-31")
    case.grant("c", "2024-03-01")
    case.bind("i", "2024-04-01")
    assert case.reasons("i") == [(10, "authority_void")]


def test_a_limit_per_act_covers_no_larger_ceiling() -> None:
    case = Case(limit_kind=LimitKind.PER_ACT, limit=dkk(100)).at("2024-12-31")
    case.grant("within", "2024-03-01", 100, scope=("a",))
    case.grant("over", "2024-03-01", 101, scope=("b",))
    case.bind("i", "2024-04-01", scope_item="a")
    case.bind("j", "2024-04-01", scope_item="b")
    assert case.reasons("i") == [(10, "covered")]
    assert case.reasons("j") == [(10, "authority_void")]


def test_what_lacks_authority_would_have_worked_from_the_day_its_resolution_carried(
    case: Case,
) -> None:
    late = case.resolve("late", "2024-05-01")
    case.grant("c", "2024-03-01", resolution=late)
    case.bind("before", "2024-04-01")
    case.bind("after", "2024-05-01")
    case.annul("late")
    assert case.reasons("before") == [(10, "not_commissioned")]
    assert case.reasons("after") == [(10, "authority_void")]


def test_what_never_had_the_scope_item_is_still_the_first_tried_on_a_tie(case: Case) -> None:
    case.grant("first", "2024-03-01", scope=("docs",))
    case.grant("second", "2024-03-02", scope=("docs",))
    case.bind("i", "2024-04-01")
    case.amend("second", "2024-05-01", scope=("code",))
    (share,) = case.shares("i")
    assert (share.reason, share.commission) == (Reason.OUT_OF_SCOPE, "first")


def test_an_exit_between_the_decision_and_its_start_ends_the_commission(case: Case) -> None:
    """Rule 7g: had been out since the grant, which is when it was decided."""
    case.grant("c", "2024-03-01", effective_from=PartialDate("2024-06-01"))
    case.leave("2024-04-01")
    back = case.resolve("back", "2024-05-01")
    case.record(
        PRODUCT, product.ProductAdmitted(decided_on=PartialDate("2024-05-01"), resolution=back)
    )
    case.bind("i", "2024-07-01")
    assert case.reasons("i") == [(10, "withdrawn_product")]


def test_a_day_of_notice_delays_only_what_takes_cover_away(case: Case) -> None:
    case.grant("c", "2024-03-01", notified_on=PartialDate("2024-05-01"))
    case.bind("i", "2024-04-01")
    assert case.reasons("i") == [(10, "covered")]


def test_an_amendment_that_is_only_worded_unproves_what_is_bound_under_it(case: Case) -> None:
    case.grant("c", "2024-03-01")
    case.bind("before", "2024-04-30")
    case.amend(
        "c",
        "2024-05-01",
        scope=("code", "docs"),
        resolution=None,
        authority_text=Personal(text="as agreed"),
        batch=StreamId("batch:b"),
    )
    case.bind("after", "2024-05-01")
    assert [each.proven for each in case.shares("before")] == [True]
    assert [each.proven for each in case.shares("after")] == [False]


def test_who_comes_in_again_is_no_longer_paused(case: Case) -> None:
    case.record(PRODUCT, product.ProductPaused(decided_on=PartialDate("2024-02-01")))
    case.leave("2024-03-01")
    back = case.resolve("back", "2024-04-01")
    case.record(
        PRODUCT, product.ProductAdmitted(decided_on=PartialDate("2024-04-01"), resolution=back)
    )
    case.grant("c", "2024-04-01")
    case.bind("i", "2024-04-02")
    assert [each.flags for each in case.shares("i")] == [()]


def test_a_pause_with_a_later_start_shows_from_there(case: Case) -> None:
    case.grant("c", "2024-02-01")
    paused = product.ProductPaused(
        decided_on=PartialDate("2024-03-01"), effective_from=PartialDate("2024-05-01")
    )
    case.record(PRODUCT, paused)
    case.bind("before", "2024-04-30")
    case.bind("after", "2024-05-01")
    assert [each.flags for each in case.shares("before")] == [()]
    assert [each.flags for each in case.shares("after")] == [("paused",)]


def test_a_budget_is_used_up_in_the_order_decided() -> None:
    case = Case(limit_kind=LimitKind.BUDGET, limit=dkk(150)).at("2024-12-31")
    case.grant("later", "2024-03-02", 100, scope=("a",))
    case.grant("earlier", "2024-03-01", 100, scope=("b",))
    case.bind("i", "2024-04-01", scope_item="a")
    case.bind("j", "2024-04-01", scope_item="b")
    assert case.reasons("i") == [(10, "authority_void")]
    assert case.reasons("j") == [(10, "covered")]


@pytest.mark.parametrize("kind", [LimitKind.BUDGET, LimitKind.PER_ACT])
def test_a_raise_beyond_the_limit_is_no_step_towards_a_higher_one(kind: LimitKind) -> None:
    case = Case(limit_kind=kind, limit=dkk(150)).at("2024-12-31")
    case.grant("c", "2024-03-01", 100)
    case.amend("c", "2024-03-02", ceiling=300)
    case.amend("c", "2024-03-03", ceiling=320)
    case.bind("i", "2024-04-01", 250)
    assert case.reasons("i") == [(100, "covered"), (150, "authority_void")]


def test_a_raise_after_one_that_is_open_may_be_by_more_than_it_looks() -> None:
    """Rule 2: whether the first of the two was decided before the second is open."""
    case = Case(limit_kind=LimitKind.PER_ACT, limit=dkk(100)).at("2024-12-31")
    case.grant("c", "2024-03-01", 100)
    case.amend("c", "2024-04", ceiling=200)
    case.amend("c", "2024-04-15", ceiling=250, effective_from=PartialDate("2024-05-01"))
    case.bind("i", "2024-06-01", 250)
    assert case.reasons("i") == [(200, "covered"), (50, "undetermined")]


def test_a_raise_that_may_lack_authority_leaves_open_what_a_later_one_takes() -> None:
    case = Case(limit_kind=LimitKind.BUDGET, limit=dkk(250)).at("2024-12-31")
    gone = case.resolve("gone", "2024-01-15")
    case.resolve("instead", "2024-04", supersedes=gone)
    case.grant("c", "2024-03-01", 100, scope=("a",))
    case.amend("c", "2024-04-10", ceiling=200, resolution=gone)
    case.amend("c", "2024-05-01", ceiling=150)
    case.grant("d", "2024-05-02", 100, scope=("b",))
    case.bind("i", "2024-06-01", 100, scope_item="b")
    assert case.reasons("i") == [(100, "undetermined")]


def test_an_amendment_that_may_come_before_the_grant_may_take_the_whole_ceiling() -> None:
    case = Case(limit_kind=LimitKind.BUDGET, limit=dkk(100)).at("2024-12-31")
    case.grant("c", "2024-03-10", 60)
    case.amend("c", "2024-03", ceiling=60)
    case.bind("i", "2024-06-01", 60)
    assert case.reasons("i") == [(60, "undetermined")]


def test_an_act_draws_on_the_first_budget_that_it_fits_into_and_leaves_the_others() -> None:
    case = Case(limit_kind=LimitKind.BUDGET, limit=dkk(50)).at("2024-12-31")
    case.mandate("second", limit_kind=LimitKind.BUDGET, limit=dkk(50))
    for name in ("a", "b", "c"):
        case.grant(name, "2024-03-01", 40, scope=(name,))
        case.bind(name, "2024-04-01", scope_item=name)
    assert [case.reasons(name)[0][1] for name in ("a", "b", "c")] == [
        "covered",
        "covered",
        "authority_void",
    ]


def test_one_body_s_raise_is_measured_from_what_another_body_s_budget_allowed() -> None:
    """The first raise finds no room, so the second takes more than the other budget has."""
    case = Case(limit_kind=LimitKind.BUDGET, limit=dkk(120)).at("2024-12-31")
    other = StreamId("body:other")
    case.found(other)
    case.mandate("theirs", of=other, limit_kind=LimitKind.BUDGET, limit=dkk(60))
    case.grant("c", "2024-03-01", 100)
    case.amend("c", "2024-04-01", ceiling=150)
    case.amend("c", "2024-05-01", ceiling=200, resolution=case.resolve("o", "2024-05-01", of=other))
    case.bind("i", "2024-06-01", 200)
    assert case.reasons("i") == [(100, "covered"), (100, "authority_void")]


def test_a_raise_without_authority_uses_nothing_of_the_budget_that_a_later_one_needs() -> None:
    case = Case(limit_kind=LimitKind.BUDGET, limit=dkk(150)).at("2024-12-31")
    case.grant("c", "2024-03-01", 100, scope=("a",))
    case.amend("c", "2024-03-02", ceiling=300)
    case.amend("c", "2024-03-03", ceiling=140)
    case.grant("d", "2024-03-04", 20, scope=("b",))
    case.bind("i", "2024-04-01", 120, scope_item="a")
    case.bind("j", "2024-04-01", 10, scope_item="b")
    assert case.reasons("i") == [(120, "covered")]
    assert case.reasons("j") == [(10, "authority_void")]


def test_information_items_authorise_nothing(case: Case) -> None:
    told = case.resolve("told", "2024-03-01", kind="information")
    case.grant("c", "2024-03-01", resolution=told)
    case.bind("i", "2024-04-01")
    assert case.reasons("i") == [(10, "authority_void")]


def test_supersession_ends_nothing_granted_but_authorises_no_new_act(case: Case) -> None:
    old = case.resolve("old", "2024-02-01")
    case.grant("granted", "2024-03-01", resolution=old, scope=("a",))
    case.resolve("new", "2024-04-01")
    case.record(
        old,
        resolution.ResolutionSuperseded(
            decided_on=PartialDate("2024-04-01"), by=StreamId("resolution:new")
        ),
    )
    case.grant("too-late", "2024-04-02", resolution=old, scope=("b",))
    case.bind("i", "2024-05-01", scope_item="a")
    case.bind("j", "2024-05-01", scope_item="b")
    assert case.reasons("i") == [(10, "covered")]
    assert case.reasons("j") == [(10, "authority_void")]


def test_a_partial_bound_day_is_determined_when_all_its_days_agree(case: Case) -> None:
    case.grant("c", "2024-03-01")
    case.bind("within", "2024-04")
    case.bind("astride", "2024")
    assert case.reasons("within") == [(10, "covered")]
    (share,) = case.shares("astride")
    assert share.reason is Reason.UNDETERMINED
    assert share.reasons == (Reason.BEFORE_COMMISSION, Reason.COVERED)


def test_the_part_every_possibility_agrees_on_is_certain(case: Case) -> None:
    case.grant("c", "2024-03-01", 100)
    case.bind("some-day", "2024-04", 60)
    case.bind("that-day", "2024-04-15", 60)
    assert case.reasons("that-day") == [(40, "covered"), (20, "undetermined")]
    assert case.reasons("some-day") == [(40, "covered"), (20, "undetermined")]


def test_an_undetermined_share_names_the_bearer_where_all_possibilities_agree(case: Case) -> None:
    case.grant("one", "2024-03-01", 60)
    case.grant("two", "2024-03-01", 200)
    case.bind("some-day", "2024-04", 60)
    case.bind("that-day", "2024-04-15", 60)
    for name in ("some-day", "that-day"):
        assert {each.bearer for each in case.shares(name)} == {Bearer.COMMUNITY}


def test_only_bound_or_paid_money_is_attributed(case: Case) -> None:
    case.grant("c", "2024-03-01", 10)
    case.bind("sought", "2024-04-01", standing=Standing.SOUGHT)
    case.bind("paid", "2024-04-02", standing=Standing.PAID)
    facts = case.facts()
    state = facts.product(PRODUCT)
    assert state is not None
    assert set(settle(state, facts).verdicts) == {"paid"}
    assert case.reasons("paid") == [(10, "covered")]


def test_a_commission_recorded_later_leaves_the_earlier_answer_as_it_was(case: Case) -> None:
    case.bind("i", "2024-04-01")
    size = len(case.log)
    case.grant("c", "2024-03-01")
    assert case.reasons("i") == [(10, "covered")]
    assert [each.reason for each in case.shares("i", size)] == [Reason.NOT_COMMISSIONED]


def test_a_share_that_loses_its_place_keeps_the_name_of_the_fact_that_took_it(case: Case) -> None:
    case.grant("c", "2024-03-01", 100)
    case.bind("first-recorded", "2024-05-01", 80)
    facts = case.facts()
    state = facts.product(PRODUCT)
    assert state is not None
    before = settle(state, facts).verdicts[Key("first-recorded")]
    case.bind("earlier-bound", "2024-04-01", 50)
    fact = case.log[-1].id
    facts = case.facts()
    state = facts.product(PRODUCT)
    assert state is not None
    after = carry(before, settle(state, facts).verdicts[Key("first-recorded")], fact)
    assert [(int(s.amount), s.reason.value, s.displaced_by, s.open) for s in after.shares] == [
        (50, "covered", None, False),
        (30, "over_ceiling", fact, True),
    ]


def assumed(case: Case, amount: int, day: str = "2024-06-01") -> None:
    stream = case.resolve(f"assume-{len(case.log)}", day)
    risk_stream = StreamId("risk:r")
    case.record(risk_stream, risk.RiskRaised(decided_on=PartialDate(day), title=Personal(text="r")))
    case.record(
        risk_stream,
        risk.RiskAssumed(
            decided_on=PartialDate(day),
            assumption=Key(f"a{len(case.log)}"),
            product=PRODUCT,
            instalment=Key("i"),
            amount=dkk(amount),
            reason=Personal(text="why"),
            resolution=stream,
        ),
    )


def exposures(case: Case, name: str) -> list[tuple[str, list[tuple[int, str, str]]]]:
    facts = case.facts()
    state = facts.product(PRODUCT)
    assert state is not None
    verdict = settle(state, facts).verdicts[Key(name)]
    takeover = takeovers(PRODUCT, facts).get(Key(name), NO_TAKEOVER)
    return [
        (
            each.valid_from.isoformat(),
            [(int(s.amount), s.bearer.value, s.reason.value) for s in each.shares],
        )
        for each in timeline(verdict, state.instalments[Key(name)], takeover)
    ]


def test_an_assumption_works_forward_and_the_earlier_answer_stands(case: Case) -> None:
    case.bind("i", "2024-04-01", 50)
    assumed(case, 30)
    assert exposures(case, "i") == [
        ("2024-04-01", [(50, "investor", "not_commissioned")]),
        ("2024-06-01", [(20, "investor", "not_commissioned"), (30, "community", "assumed")]),
    ]


def test_an_assumption_takes_authority_void_shares_first(case: Case) -> None:
    case.grant("c", "2024-03-01", 20)
    case.annul("grant-c")
    case.bind("i", "2024-04-01", 50)
    assumed(case, 30)
    assert exposures(case, "i")[-1][1] == [
        (20, "community", "assumed"),
        (20, "investor", "not_commissioned"),
        (10, "community", "assumed"),
    ]


def test_where_a_commission_is_later_found_to_cover_the_surplus_lapses(case: Case) -> None:
    case.bind("i", "2024-04-01", 50)
    assumed(case, 50)
    case.grant("c", "2024-03-01", 40)
    assert exposures(case, "i")[-1][1] == [
        (40, "community", "covered"),
        (10, "community", "assumed"),
    ]


def test_declining_changes_no_bearer_but_closes_the_share(case: Case) -> None:
    case.grant("c", "2024-03-01")
    case.annul("grant-c")
    case.bind("i", "2024-04-01")
    case.record(
        "risk:r", risk.RiskRaised(decided_on=PartialDate("2024-06-01"), title=Personal(text="r"))
    )
    case.record(
        "risk:r",
        risk.RiskDeclined(
            decided_on=PartialDate("2024-06-01"),
            product=PRODUCT,
            instalment=Key("i"),
            reason=Personal(text="no"),
        ),
    )
    facts = case.facts()
    state = facts.product(PRODUCT)
    assert state is not None
    held = takeovers(PRODUCT, facts)[Key("i")]
    verdict = settle(state, facts).verdicts[Key("i")]
    first, last = timeline(verdict, state.instalments[Key("i")], held)
    assert [each.open for each in first.shares] == [True]
    assert [(each.bearer, each.open) for each in last.shares] == [(Bearer.INVESTOR, False)]


def test_a_credit_reduces_exposure_forward_and_returns_no_headroom(case: Case) -> None:
    case.grant("c", "2024-03-01", 100)
    case.bind("i", "2024-04-01", 120)
    case.record(
        PRODUCT,
        product.InstalmentCredited(
            decided_on=PartialDate("2024-05-01"), instalment=Key("i"), amount=dkk(30)
        ),
    )
    case.bind("j", "2024-06-01", 10)
    assert exposures(case, "i")[-1][1] == [(90, "community", "covered")]
    assert case.reasons("j") == [(10, "over_ceiling")]


def test_a_credit_comes_off_what_was_tried_last_though_nothing_had_authority(case: Case) -> None:
    for name in ("first", "named"):
        case.grant(name, "2024-03-01", 40, resolution=StreamId(f"resolution:no-{name}"))
    case.bind("i", "2024-04-01", 50, relies_on=Key("named"))
    case.record(
        PRODUCT,
        product.InstalmentCredited(
            decided_on=PartialDate("2024-05-01"), instalment=Key("i"), amount=dkk(20)
        ),
    )
    assert [(each.amount, each.commission) for each in case.shares("i")] == [
        (Decimal(40), "named"),
        (Decimal(10), "first"),
    ]
    assert exposures(case, "i")[-1][1] == [(30, "investor", "authority_void")]


def test_a_partial_day_that_may_be_the_same_as_a_full_one_comes_neither_before_nor_after(
    case: Case,
) -> None:
    case.grant("c", "2024-03-01", 100)
    case.bind("that-day", "2024-03-31", 60)
    case.bind("some-day", "2024-03", 60)
    assert case.reasons("that-day") == [(40, "covered"), (20, "undetermined")]
    assert case.reasons("some-day") == [(40, "covered"), (20, "undetermined")]


def test_of_two_amendments_the_later_one_holds(case: Case) -> None:
    case.grant("c", "2024-03-01", 100)
    case.amend("c", "2024-04-01", ceiling=10)
    case.amend("c", "2024-05-01", ceiling=70)
    case.bind("i", "2024-06-01", 80)
    assert case.reasons("i") == [(70, "covered"), (10, "over_ceiling")]
