"""Correction: a wrongly recorded fact is mended and kept (rules 19 and 27)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from govlog.domain.approval import FourEyes, approve
from govlog.domain.attribution import Bearer, settle
from govlog.domain.body.mandates import LimitMismatch
from govlog.domain.commissioning import grant_commission, revoke_commission
from govlog.domain.correctable import NotCorrectable
from govlog.domain.correcting import (
    DoesNotCount,
    NamesItself,
    NoSuchFact,
    NothingToCorrect,
    NotInEffect,
    PastItsRecording,
    Told,
    WithoutEvidence,
    correct_fact,
    withdraw_correction,
)
from govlog.domain.debate import add_voice, open_debate
from govlog.domain.errors import MalformedValue
from govlog.domain.events.any_stream import Approved, CorrectionWithdrawn, FactCorrected
from govlog.domain.events.body import ActKind, MandateGranted
from govlog.domain.events.debate import DebateOpened, VoiceAdded
from govlog.domain.events.fact import Fact, PendingReason
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.events.product import (
    CommissionGranted,
    CommissionRevoked,
    InstalmentCommitted,
    ProductProposed,
)
from govlog.domain.facts import Facts
from govlog.domain.party import register_party
from govlog.domain.recording import ReachesBack, admit
from govlog.domain.refusals import UnknownReference
from govlog.domain.stream import Recorded
from govlog.domain.values import (
    Ballot,
    Ceiling,
    CeilingKind,
    Key,
    Money,
    Personal,
    Reference,
    StreamId,
)
from tests.domain.board import (
    AGAINST,
    BOARD,
    BYLAWS,
    FOR,
    agree,
    board,
    carried,
    close,
    day,
    open_vote,
    resolution,
    table,
    text,
    vote,
)
from tests.domain.board import cast as cast_all
from tests.domain.given import Decide, F, History, known

LAMP = StreamId("product:lamp")
SHOWN = (Reference("scan.pdf"),)


def decided(history: History, decide: Decide[F], stream: str, fact: Fact, **given: Any) -> F:
    """What a decision on a stream with all its facts answers; nothing is recorded."""
    facts = [each for each in history.log if each.stream == stream]
    told = Told(history.facts().folded(StreamId(stream)), facts)
    circumstances = history.given(**given)
    return admit(decide(told, fact, circumstances), circumstances, late_days=30)


def correct(
    history: History, recorded: Recorded[Fact], field: str, value: object, **more: Any
) -> Recorded[Fact]:
    """Correct a member today, with evidence; recorded, whether it waits or not."""
    fact = FactCorrected(
        decided_on=day(history.given().recorded_on.isoformat()),
        event=recorded.id,
        field=field,
        value=value,
        **{"evidence": SHOWN, **more},
    )
    return history.record(recorded.stream, decided(history, correct_fact, recorded.stream, fact))


def withdraw(history: History, correction: Recorded[Fact]) -> Recorded[Fact]:
    fact = CorrectionWithdrawn(
        decided_on=day(history.given().recorded_on.isoformat()), correction=correction.id
    )
    fact_now = decided(history, withdraw_correction, correction.stream, fact)
    return history.record(correction.stream, fact_now)


def say(history: History, *facts: Recorded[Fact], by: str = "party:bo") -> Recorded[Fact]:
    """A second person approves."""
    stream = facts[0].stream
    word = Approved(facts=tuple(each.id for each in facts))
    approval = approve(history.facts().folded(stream), word, history.given(person=by))
    return history.record(stream, approval)


def commissioned() -> tuple[History, dict[str, Recorded[Fact]]]:
    """A commission of 1,000 and an instalment of 800 under it, of 1 February and 1 March."""
    history = board()
    mandate = MandateGranted(
        decided_on=day("2024-01-01"), mandate=Key("all"), acts=tuple(ActKind), evidence=BYLAWS
    )
    facts: dict[str, Recorded[Fact]] = {"mandate": history.record(BOARD, mandate)}
    vendor = PartyRegistered(
        decided_on=day("2024-01-01"), kind=PartyKind.ORGANISATION, name="Vendor"
    )
    history.when(register_party, "party:vendor", vendor)
    history.record(LAMP, ProductProposed(decided_on=day("2024-01-01"), name="Lamp"))
    plan = carried(history.at("2024-02-01"))
    granted = CommissionGranted(
        decided_on=day("2024-02-01"),
        commission=Key("c"),
        scope=("bulb",),
        ceiling=Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(1000)),
        resolution=StreamId(plan),
    )
    facts["commission"] = history.when(grant_commission, LAMP, granted)
    facts["instalment"] = instalment(history.at("2024-03-01"), "i")
    return history.at("2024-03-10").by("party:ann"), facts


def instalment(history: History, name: str, amount: int = 800) -> Recorded[Fact]:
    today = day(history.given().recorded_on.isoformat())
    bound = InstalmentCommitted(
        decided_on=today,
        bound_on=today,
        instalment=Key(name),
        investor=StreamId("party:vendor"),
        scope_item="bulb",
        amount=Money(Decimal(amount), "DKK"),
    )
    return history.record(LAMP, bound)


def covered(history: History, name: str = "i", size: int | None = None) -> int:
    """What the community bears of an instalment, as known at a size."""
    facts: Facts = history.facts(size)
    product = facts.product(LAMP)
    assert product is not None
    return int(settle(product, facts).verdicts[Key(name)].borne_by(Bearer.COMMUNITY))


# Rule 19: it names event, field, new value and evidence


def test_a_correction_names_a_fact_of_its_own_stream() -> None:
    history, facts = commissioned()
    for event in ("product:lamp@99", facts["mandate"].id):
        fact = FactCorrected(event=event, field="scope", value=["bulb"], evidence=SHOWN)
        with pytest.raises(NoSuchFact):
            decided(history, correct_fact, LAMP, fact)


def test_a_correction_names_the_evidence_that_shows_what_is_right() -> None:
    history, facts = commissioned()
    with pytest.raises(WithoutEvidence):
        correct(history, facts["commission"], "scope", ["cable"], evidence=())


def test_a_correction_names_a_value_of_the_field_s_own_type() -> None:
    history, facts = commissioned()
    with pytest.raises(MalformedValue):
        correct(history, facts["instalment"], "amount", "plenty")
    with pytest.raises(UnknownReference):
        correct(history, facts["instalment"], "investor", "party:nobody")


def test_a_correction_makes_no_fact_name_what_it_is_recorded_on() -> None:
    history, _ = commissioned()
    tabled = next(each for each in history.log if each.stream == "resolution:plan")
    for member in ("supersedes", "recommended_by"):
        with pytest.raises(NamesItself):
            correct(history, tabled, member, "resolution:plan")


def test_a_correction_leaves_no_limited_mandate_without_its_limit() -> None:
    history, facts = commissioned()
    with pytest.raises(LimitMismatch):
        correct(history, facts["mandate"], "limit_kind", "budget")
    say(history, correct(history, facts["mandate"], "limit", {"amount": "9", "currency": "DKK"}))
    say(history, correct(history, facts["mandate"], "limit_kind", "budget"))
    with pytest.raises(LimitMismatch):
        correct(history, facts["mandate"], "limit", None)


def test_a_correction_that_says_what_the_fact_says_already_is_refused() -> None:
    history, facts = commissioned()
    with pytest.raises(NothingToCorrect):
        correct(history, facts["instalment"], "scope_item", "bulb")


def test_keys_that_a_fact_brought_into_being_and_what_the_log_set_cannot_be_corrected() -> None:
    history, facts = commissioned()
    for name, field in (
        ("instalment", "instalment"),
        ("commission", "commission"),
        ("mandate", "mandate"),
        ("instalment", "pending"),
        ("instalment", "batch"),
        ("instalment", "nonsense"),
    ):
        with pytest.raises(NotCorrectable) as refusal:
            correct(history, facts[name], field, "other")
        fields = refusal.value.values["fields"]
        assert isinstance(fields, list | tuple)
        assert field not in fields


def test_a_count_is_not_corrected_but_what_it_is_made_of() -> None:
    history = board()
    stream = table(history)
    count = vote(history, stream, chair=FOR, ann=FOR)
    for field in ("counts", "reason"):
        with pytest.raises(NotCorrectable):
            correct(history, count, field, "other")


def test_a_second_person_s_word_and_a_correction_are_not_corrected_themselves() -> None:
    history, facts = commissioned()
    correction = correct(history, facts["instalment"], "scope_item", "cable")
    word = say(history, correction)
    for each, field in ((word, "facts"), (correction, "value")):
        with pytest.raises(NotCorrectable):
            correct(history, each, field, "other")


def test_what_waits_for_a_second_person_is_not_corrected_but_recorded_anew() -> None:
    history, facts = commissioned()
    late = history.record(
        LAMP, ProductProposed(decided_on=day("2024-01-01"), name="x", pending=(PendingReason.LATE,))
    )
    with pytest.raises(DoesNotCount):
        correct(history, late, "name", "y")
    assert facts


def test_a_wrong_key_that_names_another_fact_s_thing_can_be_corrected_to_one_there_is() -> None:
    history, facts = commissioned()
    second = CommissionGranted(
        decided_on=day("2024-03-10"),
        commission=Key("d"),
        scope=("bulb",),
        ceiling=Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(500)),
        resolution=StreamId("resolution:plan"),
    )
    history.when(grant_commission, LAMP, second)
    revoked = CommissionRevoked(
        decided_on=day("2024-03-10"),
        commission=Key("c"),
        resolution=StreamId("resolution:plan"),
    )
    revocation = history.when(revoke_commission, LAMP, revoked)
    with pytest.raises(UnknownReference):
        correct(history, revocation, "commission", "e")
    say(history, correct(history, revocation, "commission", "d"))
    product = history.facts().product(LAMP)
    assert product is not None
    assert {name: len(each.revocations) for name, each in product.commissions.items()} == {
        "c": 0,
        "d": 1,
    }
    assert facts


# It keeps the original, and counts from its own recording or approval on


def test_a_correction_keeps_the_original_and_changes_no_answer_from_before_it() -> None:
    history, facts = commissioned()
    before = len(history.log)
    say(history, correct(history, facts["instalment"], "amount", to_builtins(amount(1500))))
    assert history.log[facts["instalment"].index] == facts["instalment"]
    assert (covered(history, size=before), covered(history)) == (800, 1000)


def test_a_corrected_fact_keeps_its_place_in_the_log() -> None:
    history, facts = commissioned()
    instalment(history, "j", 300)
    assert (covered(history, "i"), covered(history, "j")) == (800, 200)
    say(history, correct(history, facts["instalment"], "amount", to_builtins(amount(900))))
    assert (covered(history, "i"), covered(history, "j")) == (900, 100)
    product = history.facts().product(LAMP)
    assert product is not None
    assert product.instalments[Key("i")].index == facts["instalment"].index


def test_the_last_correction_in_effect_wins_and_a_withdrawn_one_gives_way_to_the_one_before() -> (
    None
):
    history, facts = commissioned()
    first = correct(history, facts["commission"], "ceiling", to_builtins(ceiling(500)))
    say(history, first)
    second = correct(history, facts["commission"], "ceiling", to_builtins(ceiling(600)))
    say(history, second)
    assert covered(history) == 600
    say(history, withdraw(history, second))
    assert covered(history) == 500
    say(history, withdraw(history, first))
    assert covered(history) == 800


def test_of_two_corrections_the_one_recorded_last_wins_whichever_was_approved_first() -> None:
    history, facts = commissioned()
    first = correct(history, facts["commission"], "ceiling", to_builtins(ceiling(500)))
    second = correct(history, facts["commission"], "ceiling", to_builtins(ceiling(600)))
    say(history, second)
    say(history, first)
    assert covered(history) == 600


def test_corrections_of_different_fields_of_a_fact_stand_beside_each_other() -> None:
    history, facts = commissioned()
    say(history, correct(history, facts["commission"], "ceiling", to_builtins(ceiling(500))))
    say(history, correct(history, facts["commission"], "scope", ["bulb", "cable"]))
    commission = known(history.facts().product(LAMP)).commissions[Key("c")]
    assert commission.ceiling == ceiling(500)
    assert commission.scope == {"bulb", "cable"}


def test_only_a_correction_that_is_in_effect_can_be_withdrawn() -> None:
    history, facts = commissioned()
    waits = correct(history, facts["commission"], "ceiling", to_builtins(ceiling(500)))
    with pytest.raises(NotInEffect) as refusal:
        withdraw(history, waits)
    assert "have it refused" in refusal.value.mend
    say(history, waits)
    say(history, withdraw(history, waits))
    with pytest.raises(NotInEffect):
        withdraw(history, waits)
    with pytest.raises(NotInEffect):
        withdraw(history, facts["commission"])


def test_a_term_that_was_recorded_wrongly_can_be_taken_out() -> None:
    history, facts = commissioned()
    say(history, correct(history, facts["commission"], "until", "2024-02-20"))
    assert covered(history) == 0
    say(history, correct(history, facts["commission"], "until", None))
    assert covered(history) == 800


# A second person approves what attribution, authority or voting reads


def test_a_correction_of_what_attribution_reads_counts_from_its_approval_by_another() -> None:
    history, facts = commissioned()
    correction = correct(history, facts["commission"], "ceiling", to_builtins(ceiling(500)))
    assert correction.fact.pending == (PendingReason.CORRECTS,)
    assert covered(history) == 800
    with pytest.raises(FourEyes):
        say(history, correction, by="party:ann")
    approval = say(history, correction)
    assert (covered(history, size=approval.index), covered(history)) == (800, 500)


def test_a_withdrawal_of_such_a_correction_waits_as_well() -> None:
    history, facts = commissioned()
    correction = correct(history, facts["commission"], "ceiling", to_builtins(ceiling(500)))
    say(history, correction)
    withdrawal = withdraw(history, correction)
    assert withdrawal.fact.pending == (PendingReason.CORRECTS,)
    assert covered(history) == 500
    with pytest.raises(FourEyes):
        say(history, withdrawal, by="party:ann")


def test_every_field_that_authority_or_voting_reads_needs_a_second_person() -> None:
    history, facts = commissioned()
    stream = table(history, "other")
    roll = open_vote(history, stream)
    cast_all(history, stream, ann=FOR)
    ballot = history.log[-1]
    carried(history, "elsewhere")
    for recorded, field, value in (
        (facts["mandate"], "acts", ["exit"]),
        (facts["mandate"], "evidence", []),
        (facts["commission"], "resolution", "resolution:elsewhere"),
        (facts["commission"], "decided_on", "2024-01-31"),
        (facts["commission"], "parties", ["party:vendor"]),
        (facts["commission"], "authority_text", {"text": "by word of mouth"}),
        (facts["instalment"], "bound_on", "2024-02-29"),
        (facts["instalment"], "investor", "party:ann"),
        (roll, "seats", []),
        (ballot, "ballot", "against"),
    ):
        assert PendingReason.CORRECTS in correct(history, recorded, field, value).fact.pending


def test_a_correction_of_what_nothing_reads_counts_at_once() -> None:
    history, facts = commissioned()
    proposal = next(each for each in history.log if isinstance(each.fact, ProductProposed))
    correction = correct(history, proposal, "name", "Lamp II")
    assert correction.fact.pending == ()
    product = history.facts().product(LAMP)
    assert product is not None
    assert product.name == "Lamp II"
    assert withdraw(history, correction).fact.pending == ()
    assert correct(history, facts["commission"], "next_review", "2025").fact.pending == ()


def test_a_correction_cannot_make_a_fact_late_without_a_second_person() -> None:
    """Rule 5 would be worth nothing if a date could be set back afterwards."""
    history = History().at("2024-06-01")
    opened = DebateOpened(decided_on=day("2024-05-20"), title=text(), question=text())
    debate = history.when(open_debate, "debate:d", opened)
    assert correct(history, debate, "decided_on", "2024-05-10").fact.pending == ()
    assert correct(history, debate, "decided_on", "2024-03").fact.pending == (PendingReason.LATE,)


# It may not move a date past the original recording


def test_a_correction_moves_no_date_past_the_recording_of_the_fact() -> None:
    history, facts = commissioned()
    for name, field in (("instalment", "bound_on"), ("commission", "decided_on")):
        with pytest.raises(PastItsRecording):
            correct(history, facts[name], field, "2024-03-02")
    with pytest.raises(PastItsRecording):
        correct(history, facts["commission"], "notified_on", "2024-02-02")
    correct(history, facts["instalment"], "bound_on", "2024-03")


def test_a_corrected_period_still_ends_after_it_starts_and_starts_after_it_was_decided() -> None:
    history, facts = commissioned()
    with pytest.raises(ReachesBack):
        correct(history, facts["commission"], "effective_from", "2024-01-31")


# Rule 27: an approved correction of roll or ballot derives the outcome anew


def voted(**ballots: Ballot) -> tuple[History, str]:
    history = board()
    stream = table(history)
    vote(history, stream, **ballots)
    return history.at("2024-01-20").by("party:secretary"), stream


def fact_of(history: History, kind: str, seat: str | None = None) -> Recorded[Fact]:
    return next(
        each
        for each in history.log
        if type(each.fact).__name__ == kind and getattr(each.fact, "seat", None) == seat
    )


def test_an_approved_correction_of_a_ballot_derives_the_outcome_anew() -> None:
    history, stream = voted(chair=FOR, ann=FOR, bo=AGAINST)
    assert resolution(history, stream).carried
    correction = correct(history, fact_of(history, "VoteCast", "ann"), "ballot", "against")
    assert resolution(history, stream).carried
    say(history, correction)
    outcome = resolution(history, stream).outcome
    assert outcome is not None
    assert (outcome.word, outcome.reason) == ("lost", "no_majority")
    assert outcome.counts is not None
    assert (outcome.counts.for_, outcome.counts.against) == (1, 2)
    say(history, withdraw(history, correction))
    assert resolution(history, stream).carried


def test_an_approved_correction_of_a_roll_derives_the_outcome_anew() -> None:
    history, stream = voted(chair=FOR, ann=FOR)
    roll = fact_of(history, "RollFixed")
    seats = to_builtins(roll.fact)["seats"]
    more = [{"seat": name, "party": "party:ann"} for name in ("x", "y")]
    say(history, correct(history, roll, "seats", [*seats, *more]))
    outcome = resolution(history, stream).outcome
    assert outcome is not None
    assert (outcome.word, outcome.reason) == ("lapsed", "inquorate")


def test_minutes_whose_present_are_corrected_below_the_quorum_lapse() -> None:
    history = board()
    stream = table(history)
    minutes = agree(history, stream, "chair", "ann")
    say(history.by("party:secretary"), correct(history, minutes, "present", ["chair"]))
    outcome = resolution(history, stream).outcome
    assert outcome is not None
    assert outcome.word == "lapsed"


def test_a_mended_date_leaves_imported_minutes_as_their_source_has_them() -> None:
    history = board()
    live = agree(history, table(history), "chair", "ann")
    stream = table(history, "old")
    alone = replace(live.fact, present=(Key("chair"),), batch=StreamId("batch:b"))
    minutes = history.record(stream, alone)
    assert resolution(history, stream).carried
    say(history.by("party:secretary"), correct(history, minutes, "decided_on", "2023-12-31"))
    assert resolution(history, stream).carried
    say(history, correct(history, minutes, "present", ["ann"]))
    assert not resolution(history, stream).carried


def test_what_relied_on_a_resolution_loses_its_authority_when_a_ballot_is_corrected() -> None:
    history, facts = commissioned()
    stream = table(history, "vote")
    open_vote(history, stream)
    cast_all(history, stream, chair=FOR, ann=FOR, bo=AGAINST)
    close(history, stream)
    more = CommissionGranted(
        decided_on=day("2024-03-10"),
        commission=Key("more"),
        scope=("bulb",),
        ceiling=Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(5000)),
        resolution=StreamId(stream),
    )
    history.when(grant_commission, LAMP, more)
    instalment(history, "j", 2000)
    assert covered(history, "j") == 2000
    say(history, correct(history, fact_of(history, "VoteCast", "ann"), "ballot", "against"))
    assert covered(history, "j") == 200
    assert facts


# Personal values


def test_a_corrected_text_is_erased_with_the_person_whose_text_it_was() -> None:
    history = board()
    opened = DebateOpened(decided_on=day("2024-01-01"), title=text(), question=text())
    history.when(open_debate, "debate:d", opened)
    voice = VoiceAdded(
        decided_on=day("2024-01-01"),
        voice=Key("v"),
        group="vendor",
        text=text("mine"),
        party=StreamId("party:ann"),
    )
    spoken = history.when(add_voice, "debate:d", voice)
    corrected = correct(history, spoken, "text", {"text": "mine, as I said it"})
    assert isinstance(corrected.fact, FactCorrected)
    ann = StreamId("party:ann")
    assert corrected.fact.value == Personal(text="mine, as I said it", subject=ann)
    registered = fact_of(history, "PartyRegistered")
    renamed = correct(history, registered, "name", "Chair")
    assert isinstance(renamed.fact, FactCorrected)
    assert renamed.fact.value == Personal(text="Chair", subject=registered.stream)


def test_the_day_on_which_a_person_was_named_is_corrected_as_a_day() -> None:
    history = board()
    registered = fact_of(history, "PartyRegistered")
    day_before = day("2023-12-31")
    mended = correct(history, registered, "decided_on", day_before)
    assert isinstance(mended.fact, FactCorrected)
    assert mended.fact.value == day_before
    assert history.facts().folded(registered.stream).corrected[registered.id].fact.decided_on == (
        day_before
    )


def test_a_day_of_a_naming_that_was_kept_as_a_text_has_no_effect_and_is_withdrawn() -> None:
    """As logs have it from before such days were corrected as days."""
    history = board()
    registered = fact_of(history, "PartyRegistered")
    kept = FactCorrected(event=registered.id, field="decided_on", value={"$c": "00" * 32})
    mended = history.record(registered.stream, kept)
    withdraw(history, mended)
    folded = history.facts().folded(registered.stream)
    assert folded.counted == history.facts(mended.index).folded(registered.stream).counted
    assert folded.corrections == ()


def amount(value: int) -> Money:
    return Money(Decimal(value), "DKK")


def ceiling(value: int) -> Ceiling:
    return Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(value))


def test_a_count_of_corrected_ballots_is_derived_anew_when_the_correction_is_withdrawn() -> None:
    history = board()
    stream = StreamId(table(history))
    open_vote(history, stream)
    cast_all(history, stream, ann=FOR, bo=AGAINST)
    wrong = history.log[-1]
    correction = correct(history, wrong, "ballot", "for")
    say(history, correction)
    close(history, stream)
    assert resolution(history, stream).carried
    say(history, withdraw(history, correction))
    assert not resolution(history, stream).carried
