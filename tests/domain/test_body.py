"""Bodies: what they rest on, who sits on them, by which rules, with which mandates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from govlog.domain.body import (
    Body,
    adopt_rules,
    dissolve_body,
    end_mandate,
    establish_body,
    found_body,
    grant_mandate,
    rules_on,
    seat_member,
    seated,
    superiors,
    vacate_seat,
)
from govlog.domain.body.backing import BodyDissolvedBefore, NotBacked, NotByThatBody
from govlog.domain.body.mandates import EmptyMandate, LimitMismatch, NoSuchMandate
from govlog.domain.body.seats import AlternateOfNobody, LeftBeforeSeated, NoSuchSeat, OneSeatEach
from govlog.domain.events.body import (
    ActKind,
    BodyDissolved,
    BodyEstablished,
    BodyFounded,
    LimitKind,
    MandateEnded,
    MandateGranted,
    MemberLeft,
    MemberSeated,
    QuorumOf,
    Rules,
    RulesAdopted,
    SeatRole,
)
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.events.resolution import ItemKind, ResolutionAnnulled
from govlog.domain.refusals import AlreadyRecorded, UnknownReference
from govlog.domain.resolution import annul_resolution
from govlog.domain.tri import Tri
from govlog.domain.values import Key, Money, Reference, Span, StreamId
from tests.domain.board import BOARD, BYLAWS, agree, board, carried, day, seat, table
from tests.domain.given import History

STEERING = "body:steering"
RULES = Rules(version="terms")


def body(history: History, stream: str = BOARD) -> Body:
    state = history.facts().body(StreamId(stream))
    assert state is not None
    return state


def on(when: str) -> Span:
    return Span(date.fromisoformat(when), date.fromisoformat(when))


def mandate(key: str = "m", **more: Any) -> MandateGranted:
    more.setdefault("decided_on", day("2024-01-01"))
    return MandateGranted(mandate=Key(key), acts=more.pop("acts", (ActKind.COMMISSION,)), **more)


def established(resolution: str | None, **more: Any) -> BodyEstablished:
    more.setdefault("decided_on", day("2024-01-01"))
    cited = StreamId(resolution) if resolution else None
    return BodyEstablished(name="steering group", rules=RULES, resolution=cited, **more)


def steering() -> History:
    """A board that set up a steering group."""
    history = board()
    given = carried(history, "set-up")
    history.when(establish_body, STEERING, established(given, superior=BOARD))
    for name in ("dan", "eve"):
        seat(history, name, body=STEERING)
    return history


# What a body rests on


def test_a_body_is_founded_on_bylaws() -> None:
    founded = body(board())
    assert (founded.on_bylaws, founded.resolution, founded.founded) == (
        True,
        None,
        on("2024-01-01"),
    )


def test_a_body_without_bylaws_is_refused_live_and_survives_an_import() -> None:
    fact = BodyFounded(decided_on=day("2024-01-01"), name="board", rules=RULES)
    history = History().at("2024-01-01")
    with pytest.raises(NotBacked):
        history.decide(found_body, "body:x", fact)
    assert history.decide(found_body, "body:x", fact, importing=True) == fact


def test_a_body_is_set_up_by_a_resolution_of_another() -> None:
    held = body(steering(), STEERING)
    assert (held.resolution, held.superior, held.on_bylaws) == ("resolution:set-up", BOARD, False)


def test_bylaws_alone_do_not_set_up_a_further_body() -> None:
    with pytest.raises(NotBacked):
        board().decide(establish_body, STEERING, established(None, evidence=BYLAWS))


def test_a_resolution_that_is_still_on_the_table_sets_up_nothing() -> None:
    history = board()
    stream = table(history)
    with pytest.raises(NotBacked, match="has not carried"):
        history.decide(establish_body, STEERING, established(stream))


def test_an_item_for_discussion_sets_up_nothing() -> None:
    history = board()
    stream = carried(history, kind=ItemKind.DISCUSSION)
    with pytest.raises(NotBacked, match="information or discussion"):
        history.decide(establish_body, STEERING, established(stream))


def test_a_resolution_sets_up_nothing_before_it_carried() -> None:
    history = board().at("2024-02-01")
    stream = carried(history)
    with pytest.raises(NotBacked, match="carried after that day"):
        history.decide(establish_body, STEERING, established(stream, decided_on=day("2024-01-31")))


def test_an_annulled_resolution_sets_up_nothing() -> None:
    history = board()
    stream = carried(history)
    ruling = ResolutionAnnulled(
        decided_on=day("2024-01-01"), ground="ruling", ruling=Reference("court")
    )
    history.when(annul_resolution, stream, ruling)
    with pytest.raises(NotBacked, match="annulled"):
        history.decide(establish_body, STEERING, established(stream))


def test_a_superseded_resolution_sets_up_nothing_from_the_day_its_successor_carried() -> None:
    history = board()
    old = carried(history, "old")
    history.at("2024-01-10")
    carried(history, "new", supersedes=old)
    with pytest.raises(NotBacked, match="superseded"):
        history.decide(establish_body, STEERING, established(old, decided_on=day("2024-01-10")))
    earlier = established(old, decided_on=day("2024-01-09"))
    assert history.decide(establish_body, STEERING, earlier) == earlier


def test_a_body_is_not_set_up_under_another_by_a_third() -> None:
    history = board()
    board(body="body:circle", seats=("dan",), history=history)
    given = carried(history, "by-circle", body="body:circle")
    with pytest.raises(NotByThatBody):
        history.decide(establish_body, STEERING, established(given, superior=BOARD))


def test_an_unknown_resolution_or_superior_is_refused_in_imports_too() -> None:
    history = board()
    for fact in (
        established("resolution:none"),
        established(None, superior=StreamId("body:none")),
    ):
        with pytest.raises(UnknownReference):
            history.decide(establish_body, STEERING, fact, importing=True)


def test_the_bodies_above_a_body_are_found_nearest_first() -> None:
    history = board(body="body:assembly", seats=("zoe",))
    board(history=history, superior="body:assembly")
    given = carried(history, "set-up")
    history.when(establish_body, STEERING, established(given, superior=BOARD))
    assert list(superiors(body(history, STEERING), history.facts())) == [BOARD, "body:assembly"]


def test_a_circle_of_superiors_ends_where_it_closes() -> None:
    history = History()
    for one, other in (("body:a", "body:b"), ("body:b", "body:a")):
        history.record(one, BodyFounded(name=one, rules=RULES, superior=StreamId(other)))
    assert list(superiors(body(history, "body:a"), history.facts())) == ["body:b"]


# Seats


def test_a_seat_is_held_from_its_first_day_to_the_day_before_it_is_left() -> None:
    history = board().at("2024-03-10")
    history.when(vacate_seat, BOARD, MemberLeft(decided_on=day("2024-03-10"), seat=Key("ann")))
    held = body(history).seats[Key("ann")]
    assert seated(held, on("2023-12-31")) is Tri.NO
    assert seated(held, on("2024-01-01")) is Tri.YES
    assert seated(held, on("2024-03-09")) is Tri.YES
    assert seated(held, on("2024-03-10")) is Tri.NO


def test_until_is_the_last_day_of_a_seat() -> None:
    history = board().at("2024-02-01")
    fact = MemberSeated(
        decided_on=day("2024-02-01"),
        seat=Key("term"),
        party=StreamId("party:recorder"),
        role=SeatRole.MEMBER,
        until=day("2024-06"),
    )
    history.record(BOARD, fact)
    held = body(history).seats[Key("term")]
    assert seated(held, on("2024-06-30")) is Tri.YES
    assert seated(held, on("2024-07-01")) is Tri.NO


def test_a_seat_decided_in_a_month_is_perhaps_held_within_it() -> None:
    history = board().at("2024-02-20")
    fact = MemberSeated(
        decided_on=day("2024-02"),
        seat=Key("m"),
        party=StreamId("party:x"),
        role=SeatRole.MEMBER,
    )
    history.record(BOARD, fact)
    held = body(history).seats[Key("m")]
    assert seated(held, on("2024-02-10")) is Tri.MAYBE
    assert seated(held, on("2024-02-20")) is Tri.YES


def test_a_stated_since_is_a_limit_so_a_month_means_its_first_day() -> None:
    history = board().at("2024-02-20")
    fact = MemberSeated(
        decided_on=day("2024-02-20"),
        since=day("2024-03"),
        seat=Key("m"),
        party=StreamId("party:x"),
        role=SeatRole.MEMBER,
    )
    history.record(BOARD, fact)
    assert body(history).seats[Key("m")].since == on("2024-03-01")


def test_one_person_holds_one_seat_at_a_time() -> None:
    history = board()
    fact = MemberSeated(
        decided_on=day("2024-01-01"),
        seat=Key("second"),
        party=StreamId("party:ann"),
        role=SeatRole.OBSERVER,
    )
    with pytest.raises(OneSeatEach):
        history.decide(seat_member, BOARD, fact)


def test_out_and_in_on_one_day_takes_a_new_seat_and_keeps_the_old_one_in_the_books() -> None:
    history = board().at("2024-03-10")
    history.when(vacate_seat, BOARD, MemberLeft(decided_on=day("2024-03-10"), seat=Key("ann")))
    fact = MemberSeated(
        decided_on=day("2024-03-10"),
        seat=Key("ann-2"),
        party=StreamId("party:ann"),
        role=SeatRole.MEMBER,
    )
    history.when(seat_member, BOARD, fact)
    seats = body(history).seats
    assert seated(seats[Key("ann-2")], on("2024-03-10")) is Tri.YES
    assert seated(seats[Key("ann")], on("2024-03-09")) is Tri.YES


def test_a_seat_that_ends_before_the_other_begins_is_no_second_one() -> None:
    history = board().at("2024-03-10")
    limited = MemberSeated(
        decided_on=day("2024-03-10"),
        since=day("2024-04-01"),
        until=day("2024-06-30"),
        seat=Key("spring"),
        party=StreamId("party:recorder"),
        role=SeatRole.MEMBER,
    )
    history.record(BOARD, limited)
    history.record("party:recorder", PartyRegistered(kind=PartyKind.ORGANISATION, name="R"))
    for since, until, accepted in (
        ("2024-07-01", None, True),
        ("2024-06-30", None, False),
        ("2024-03-10", "2024-03-31", True),
        ("2024-03-10", "2024-04-01", False),
    ):
        fact = MemberSeated(
            decided_on=day("2024-03-10"),
            since=day(since),
            until=day(until) if until else None,
            seat=Key("other"),
            party=StreamId("party:recorder"),
            role=SeatRole.MEMBER,
        )
        if accepted:
            assert history.decide(seat_member, BOARD, fact) == fact
        else:
            with pytest.raises(OneSeatEach):
                history.decide(seat_member, BOARD, fact)


def test_the_key_of_a_seat_is_never_used_again() -> None:
    history = board()
    fact = MemberSeated(
        decided_on=day("2024-01-01"),
        seat=Key("ann"),
        party=StreamId("party:bo"),
        role=SeatRole.MEMBER,
    )
    with pytest.raises(AlreadyRecorded):
        history.decide(seat_member, BOARD, fact)


def test_an_alternate_stands_in_for_a_member_s_seat() -> None:
    history = board()
    seat(history, "alt", SeatRole.ALTERNATE, alternate_for="ann")
    seat(history, "obs", SeatRole.OBSERVER)
    for role, for_ in (
        (SeatRole.ALTERNATE, None),
        (SeatRole.ALTERNATE, "nobody"),
        (SeatRole.ALTERNATE, "alt"),
        (SeatRole.ALTERNATE, "obs"),
        (SeatRole.MEMBER, "ann"),
    ):
        with pytest.raises(AlternateOfNobody):
            seat(history, "wrong", role, alternate_for=for_)


def test_only_a_known_party_is_seated() -> None:
    fact = MemberSeated(
        decided_on=day("2024-01-01"),
        seat=Key("x"),
        party=StreamId("party:nobody"),
        role=SeatRole.MEMBER,
    )
    with pytest.raises(UnknownReference):
        board().decide(seat_member, BOARD, fact)


def test_a_seat_is_left_once_and_only_after_it_was_taken() -> None:
    history = board().at("2024-03-10")
    with pytest.raises(NoSuchSeat):
        history.decide(vacate_seat, BOARD, MemberLeft(seat=Key("nobody")))
    early = MemberLeft(decided_on=day("2023-12-31"), seat=Key("ann"))
    with pytest.raises(LeftBeforeSeated):
        history.decide(vacate_seat, BOARD, early)
    history.when(vacate_seat, BOARD, MemberLeft(decided_on=day("2024-03-10"), seat=Key("ann")))
    with pytest.raises(AlreadyRecorded):
        history.decide(vacate_seat, BOARD, MemberLeft(seat=Key("ann")))


# Rules over time


def adopted(history: History, version: str, when: str, **more: Any) -> None:
    fact = RulesAdopted(decided_on=day(when), rules=Rules(version=version, **more), evidence=BYLAWS)
    history.when(adopt_rules, BOARD, fact)


def version_on(history: History, when: str) -> str | None:
    found = rules_on(body(history), date.fromisoformat(when))
    return found.rules.version if found else None


def test_rules_hold_from_the_day_they_were_adopted_on_for_the_whole_day() -> None:
    history = board().at("2024-05-01")
    adopted(history, "new", "2024-04-15", quorum=QuorumOf.TWO_THIRDS)
    assert version_on(history, "2023-12-31") is None
    assert version_on(history, "2024-04-14") == "bylaws"
    assert version_on(history, "2024-04-15") == "new"


def test_of_rules_adopted_on_one_day_the_ones_recorded_last_hold() -> None:
    history = board().at("2024-05-01")
    adopted(history, "one", "2024-04-15")
    adopted(history, "two", "2024-04-15")
    assert version_on(history, "2024-04-15") == "two"


def test_rules_recorded_late_take_their_place_by_day_and_not_by_recording() -> None:
    history = board().at("2024-05-01")
    adopted(history, "may", "2024-05-01")
    adopted(history, "march", "2024-03-01")
    assert [version_on(history, each) for each in ("2024-03-01", "2024-05-01")] == ["march", "may"]


def test_a_version_of_the_rules_means_one_thing() -> None:
    with pytest.raises(AlreadyRecorded):
        adopted(board(), "bylaws", "2024-01-01", quorum=QuorumOf.NONE)


def test_rules_need_a_resolution_or_for_a_founded_body_its_bylaws() -> None:
    history = steering()
    fact = RulesAdopted(decided_on=day("2024-01-01"), rules=Rules(version="x"), evidence=BYLAWS)
    with pytest.raises(NotBacked):
        history.decide(adopt_rules, STEERING, fact)
    stream = table(history, "own-rules", body=STEERING)
    agree(history, stream, "dan", "eve")
    own = RulesAdopted(
        decided_on=day("2024-01-01"), rules=Rules(version="x"), resolution=StreamId(stream)
    )
    assert history.decide(adopt_rules, STEERING, own) == own


# Mandates


def test_a_founded_body_has_its_mandate_from_the_bylaws() -> None:
    history = board()
    history.when(grant_mandate, BOARD, mandate(evidence=BYLAWS))
    held = body(history).mandates[Key("m")]
    assert (held.since, held.until, held.resolution, held.shown) == (
        on("2024-01-01"),
        None,
        None,
        True,
    )


def test_a_mandate_that_nothing_backs_is_refused_live_and_shown_as_such_in_an_import() -> None:
    history = board()
    with pytest.raises(NotBacked):
        history.decide(grant_mandate, BOARD, mandate())
    history.when(grant_mandate, BOARD, mandate(), importing=True)
    assert not body(history).mandates[Key("m")].shown


def test_an_established_body_has_its_mandate_from_above() -> None:
    history = steering()
    cited = StreamId("resolution:set-up")
    history.when(grant_mandate, STEERING, mandate(resolution=cited))
    assert body(history, STEERING).mandates[Key("m")].resolution == cited


def test_bylaws_give_an_established_body_no_mandate() -> None:
    with pytest.raises(NotBacked):
        steering().decide(grant_mandate, STEERING, mandate(evidence=BYLAWS))


def test_a_body_cannot_give_itself_a_mandate() -> None:
    history = steering()
    stream = table(history, "more-power", body=STEERING)
    agree(history, stream, "dan", "eve")
    with pytest.raises(NotByThatBody) as refusal:
        history.decide(grant_mandate, STEERING, mandate(resolution=StreamId(stream)))
    assert refusal.value.values["accepted"] == [BOARD]


def test_a_mandate_names_what_it_covers() -> None:
    with pytest.raises(EmptyMandate):
        board().decide(grant_mandate, BOARD, mandate(acts=(), evidence=BYLAWS))


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        (LimitKind.UNLIMITED, Money(Decimal(1), "DKK")),
        (LimitKind.PER_ACT, None),
        (LimitKind.BUDGET, None),
    ],
)
def test_a_limit_fits_its_kind(kind: LimitKind, limit: Money | None) -> None:
    with pytest.raises(LimitMismatch):
        board().decide(grant_mandate, BOARD, mandate(limit_kind=kind, limit=limit, evidence=BYLAWS))


def test_a_mandate_ends_once_from_its_day_on() -> None:
    history = board().at("2024-03-01")
    history.when(grant_mandate, BOARD, mandate(evidence=BYLAWS))
    with pytest.raises(NoSuchMandate):
        history.decide(end_mandate, BOARD, MandateEnded(mandate=Key("other")))
    fact = MandateEnded(decided_on=day("2024-02-01"), mandate=Key("m"))
    history.when(end_mandate, BOARD, fact)
    assert body(history).mandates[Key("m")].ended == on("2024-02-01")
    with pytest.raises(AlreadyRecorded):
        history.decide(end_mandate, BOARD, fact)


# Dissolution


def dissolved() -> History:
    history = steering().at("2024-03-01")
    fact = BodyDissolved(
        decided_on=day("2024-03-01"), resolution=StreamId(carried(history, "dissolve"))
    )
    history.when(dissolve_body, STEERING, fact)
    return history


def test_a_dissolved_body_is_given_nothing_more() -> None:
    history = dissolved()
    late = mandate(resolution=StreamId("resolution:set-up"), decided_on=day("2024-03-01"))
    with pytest.raises(BodyDissolvedBefore):
        history.decide(grant_mandate, STEERING, late)
    with pytest.raises(BodyDissolvedBefore):
        seat(history, "fay", body=STEERING)
    with pytest.raises(BodyDissolvedBefore):
        table(history, "too-late", body=STEERING)


def test_what_a_body_got_before_it_was_dissolved_may_still_be_recorded() -> None:
    early = mandate(resolution=StreamId("resolution:set-up"), decided_on=day("2024-02-29"))
    assert dissolved().decide(grant_mandate, STEERING, early) == early


def test_a_body_is_dissolved_once_and_by_a_resolution() -> None:
    with pytest.raises(AlreadyRecorded):
        dissolved().decide(dissolve_body, STEERING, BodyDissolved())
    with pytest.raises(NotBacked):
        steering().decide(dissolve_body, STEERING, BodyDissolved(decided_on=day("2024-01-01")))
