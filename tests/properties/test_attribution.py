"""What holds of attribution whatever happens: examples cannot guard it, so histories are drawn."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from immutables import Map
from msgspec.structs import replace

from govlog.domain.attribution import Bearer, Reason, Settlement, Verdict, extend, settle
from govlog.domain.attribution.timeline import NO_TAKEOVER, Exposure, takeovers, timeline
from govlog.domain.events.fact import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import CeilingKind, Key, PartialDate, StreamId, first_day, last_day
from tests.domain.given import FakeFacts
from tests.domain.test_attribution import NORDLYS, PRODUCT, Case, assumed

DAYS = ["2024-03-01", "2024-03-20", "2024-03-31", "2024-04-01", "2024-04-10", "2024-04-30"]
DAYS += ["2024-05-01", "2024-05-20", "2024-05-31"]
PARTIAL = ["2024-03", "2024-04", "2024-05", "2024"]
Step = Callable[[Case, int], None]

full_days = st.sampled_from(DAYS)
days = st.one_of(full_days, full_days, st.sampled_from(PARTIAL))
scopes = st.sampled_from([("code",), ("docs",), ("code", "docs")])
ceilings = st.one_of(st.integers(0, 120), st.sampled_from([CeilingKind.NONE, CeilingKind.UNKNOWN]))


@st.composite
def grants(draw: st.DrawFn) -> Step:
    day, scope, ceiling = draw(days), draw(scopes), draw(ceilings)
    parties = draw(st.sampled_from([(), (NORDLYS,)]))
    until = draw(st.sampled_from([None, PartialDate("2024-05-10"), PartialDate("2024-04")]))
    void = draw(st.booleans()) and draw(st.booleans())

    def step(case: Case, number: int) -> None:
        case.grant(f"c{number}", day, ceiling, scope=scope, parties=parties, until=until)
        if void:
            case.annul(f"grant-c{number}")

    return step


@st.composite
def instalments(draw: st.DrawFn) -> Step:
    day, amount = draw(st.one_of(days, st.none())), draw(st.integers(1, 90))
    investor = draw(st.sampled_from([NORDLYS, StreamId("party:other")]))
    item = draw(st.sampled_from(["code", "docs"]))
    named = draw(st.one_of(st.none(), st.integers(0, 3)))

    def step(case: Case, number: int) -> None:
        relies_on = Key(f"c{named}") if named is not None else None
        case.bind(
            f"i{number}", day, amount, investor=investor, scope_item=item, relies_on=relies_on
        )

    return step


@st.composite
def endings(draw: st.DrawFn) -> Step:
    which, day, kind = draw(st.integers(0, 5)), draw(days), draw(st.sampled_from("rax"))
    ceiling = draw(st.integers(0, 150))

    def step(case: Case, number: int) -> None:
        if kind == "x":
            case.leave(day)
        elif kind == "r":
            case.revoke(f"c{which}", day)
        else:
            case.amend(f"c{which}", day, ceiling=ceiling)

    return step


histories = st.lists(
    st.one_of(grants(), instalments(), instalments(), instalments(), endings()),
    min_size=2,
    max_size=12,
)


def told(steps: list[Step]) -> Case:
    case = Case().at("2024-06-30")
    for number, step in enumerate(steps):
        step(case, number)
    return case


def settled(facts: FakeFacts) -> Settlement:
    product = facts.product(PRODUCT)
    assert product is not None
    return settle(product, facts)


@given(histories)
def test_the_shares_of_an_instalment_add_up_to_it(steps: list[Step]) -> None:
    facts = FakeFacts(told(steps).log)
    product = facts.product(PRODUCT)
    assert product is not None
    for name, verdict in settled(facts).verdicts.items():
        assert (
            sum(each.amount for each in verdict.shares) == product.instalments[name].amount.amount
        )
        assert all(each.amount > 0 for each in verdict.shares)


@given(histories)
def test_no_more_is_certainly_drawn_than_the_largest_ceiling(steps: list[Step]) -> None:
    facts = FakeFacts(told(steps).log)
    product = facts.product(PRODUCT)
    assert product is not None
    for name, drawn in settled(facts).drawn.items():
        commission = product.commissions[name]
        stated = [commission.ceiling, *(a.ceiling for a in commission.amendments if a.ceiling)]
        assert Decimal(0) <= drawn.at_least <= drawn.at_most
        if all(each.kind is CeilingKind.AMOUNT for each in stated):
            assert drawn.at_least <= max(each.amount or Decimal(0) for each in stated)


@given(histories, st.integers(0, 5))
def test_a_commission_recorded_later_never_changes_an_answer_known_earlier(
    steps: list[Step], ceiling: int
) -> None:
    case = told(steps)
    size = len(case.log)
    before = settled(FakeFacts(case.log[:size])).verdicts
    case.grant("later", "2024-03-01", ceiling * 30, scope=("code", "docs"))
    assert settled(FakeFacts(case.log[:size])).verdicts == before


@given(histories, histories, st.randoms(use_true_random=False))
def test_recording_order_of_unrelated_streams_never_changes_a_verdict(
    steps: list[Step], others: list[Step], chance: random.Random
) -> None:
    ours, theirs = told(steps).log, _elsewhere(told(others).log)
    expected = _by_amounts(settled(FakeFacts(ours)).verdicts)
    merged = _renumbered(_shuffled_together(ours, theirs, chance))
    assert _by_amounts(settled(FakeFacts(merged)).verdicts) == expected


@settings(max_examples=300)
@given(histories, st.randoms(use_true_random=False))
def test_refining_partial_dates_never_contradicts_what_was_certain(
    steps: list[Step], chance: random.Random
) -> None:
    case = told(steps)
    coarse = settled(FakeFacts(case.log)).verdicts
    fine = settled(FakeFacts([_refined(each, chance) for each in case.log])).verdicts
    for name, verdict in coarse.items():
        _agrees(verdict, fine[name])


@given(histories)
def test_answering_one_more_instalment_equals_answering_all_anew(steps: list[Step]) -> None:
    case = told(steps)
    for size in range(1, len(case.log)):
        before, after = FakeFacts(case.log[:size]), FakeFacts(case.log[: size + 1])
        old, new = before.product(PRODUCT), after.product(PRODUCT)
        if old is None or new is None or len(new.instalments) == len(old.instalments):
            continue
        (added,) = set(new.instalments) - set(old.instalments)
        extended = extend(settle(old, before), new.instalments[added])
        if extended is not None:
            assert extended == settle(new, after)


@given(histories, st.integers(1, 90))
def test_an_assumption_never_lowers_what_the_community_bears(
    steps: list[Step], amount: int
) -> None:
    case = told(steps)
    case.bind("i", "2024-04-10", 50)
    assumed(case, min(amount, 50))
    (*_, last) = _exposures(case)
    borne = sum(each.amount for each in last.shares if each.bearer is Bearer.COMMUNITY)
    verdict = settled(FakeFacts(case.log)).verdicts[Key("i")]
    at_risk = verdict.borne_by(Bearer.INVESTOR) + verdict.borne_by(Bearer.UNDETERMINED)
    assert borne == verdict.borne_by(Bearer.COMMUNITY) + min(at_risk, Decimal(min(amount, 50)))


def _exposures(case: Case) -> tuple[Exposure, ...]:
    facts = FakeFacts(case.log)
    product = facts.product(PRODUCT)
    assert product is not None
    verdict = settle(product, facts).verdicts[Key("i")]
    takeover = takeovers(PRODUCT, facts).get(Key("i"), NO_TAKEOVER)
    return timeline(verdict, product.instalments[Key("i")], takeover)


def _agrees(coarse: Verdict, fine: Verdict) -> None:
    """Every certain part stands in the finer answer, and its bearers fit the coarse bounds."""
    for share in coarse.shares:
        if share.reason is Reason.UNDETERMINED:
            continue
        same = [
            each.amount
            for each in fine.shares
            if (each.reason, each.bearer) == (share.reason, share.bearer)
            and (share.reason is not Reason.COVERED or each.commission == share.commission)
        ]
        open_finer = [
            each.amount
            for each in fine.shares
            if each.reason is Reason.UNDETERMINED and share.reason in each.reasons
        ]
        assert sum(same) + sum(open_finer) >= share.amount, (share, fine.shares)
    for bearer in (Bearer.COMMUNITY, Bearer.INVESTOR):
        finer = fine.borne_by(bearer) + fine.borne_by(Bearer.UNDETERMINED)
        assert finer >= coarse.borne_by(bearer)


def _refined(recorded: Recorded[Fact], chance: random.Random) -> Recorded[Fact]:
    """The same fact with each partial date of a happening set to one of its days."""
    changes = {}
    for field in ("decided_on", "bound_on"):
        if not hasattr(recorded.fact, field):
            continue
        when: PartialDate | None = getattr(recorded.fact, field)
        if when is None:
            changes[field] = PartialDate(chance.choice(["2023-12-31", *DAYS]))
        elif len(when) < 10:
            first, last = first_day(when), min(last_day(when), recorded.recorded_on)
            days_between = (last - first).days
            ordinal = first.toordinal() + chance.choice(
                [0, days_between, chance.randint(0, days_between)]
            )
            changes[field] = PartialDate(first.fromordinal(ordinal).isoformat())
    return replace(recorded, fact=replace(recorded.fact, **changes))


def _elsewhere(log: list[Recorded[Fact]]) -> list[Recorded[Fact]]:
    """The same history about another product of another board."""
    import msgspec

    def moved(text: str) -> str:
        return text.replace(":", ":other-", 1)

    def walk(value: object) -> object:
        if isinstance(value, dict):
            return {name: walk(each) for name, each in value.items()}
        if isinstance(value, list):
            return [walk(each) for each in value]
        kinds = ("product:", "body:", "resolution:", "risk:", "party:")
        return moved(value) if isinstance(value, str) and value.startswith(kinds) else value

    return [
        replace(
            each,
            stream=StreamId(moved(each.stream)),
            fact=msgspec.convert(walk(msgspec.to_builtins(each.fact)), type(each.fact)),
        )
        for each in log
    ]


def _shuffled_together(
    ours: list[Recorded[Fact]], theirs: list[Recorded[Fact]], chance: random.Random
) -> list[Recorded[Fact]]:
    turns = [True] * len(ours) + [False] * len(theirs)
    chance.shuffle(turns)
    left, right = iter(ours), iter(theirs)
    return [next(left) if turn else next(right) for turn in turns]


def _renumbered(log: list[Recorded[Fact]]) -> list[Recorded[Fact]]:
    return [replace(each, index=index) for index, each in enumerate(log)]


def _by_amounts(verdicts: Map[Key, Verdict]) -> dict[Key, Verdict]:
    return dict(verdicts.items())
