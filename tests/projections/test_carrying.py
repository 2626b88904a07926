"""What carries a product: the six elements with their evidence, and who takes part."""

from __future__ import annotations

from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.agreement import (
    AuthorityJoined,
    AuthorityWithdrew,
    ContributionAgreed,
    CoordinatorAppointed,
    VendorContracted,
)
from govlog.domain.events.any_stream import Stated
from govlog.domain.events.body import BodyDissolved, BodyEstablished, BodyRole, Rules
from govlog.domain.values import Key, Reference, StreamId
from projections.elements import Shown
from tests.domain.given import History
from tests.projections.community import (
    TOOL,
    VENDOR,
    a_community,
    annul,
    asked,
    carry,
    on,
    text,
)

GROUP = StreamId("body:group")
SETUP = StreamId("resolution:setup")
TOWN, CITY = StreamId("party:town"), StreamId("party:city")
CONTRACT = (Reference("contract.pdf"),)


def agreed(fact: type[Fact], day: str, **more: Any) -> Fact:
    return fact(decided_on=on(day), evidence=CONTRACT, **more)


def establish(history: History, role: BodyRole, day: str, body: StreamId = GROUP) -> None:
    if history.facts().resolution(SETUP) is None:
        carry(history, SETUP, day)
    fact = BodyEstablished(
        decided_on=on(day),
        name="group",
        rules=Rules(version="a"),
        resolution=SETUP,
        role=role,
        products=(TOOL,),
    )
    history.record(body, fact)


def carried() -> History:
    """A product with all six elements from 1 March 2024 on."""
    history = a_community().at("2024-12-01")
    for fact in (
        agreed(AuthorityJoined, "2024-03-01", party=TOWN),
        agreed(CoordinatorAppointed, "2024-03-01", party=StreamId("party:ann")),
        agreed(ContributionAgreed, "2024-03-01", contribution=Key("c"), party=TOWN),
        agreed(VendorContracted, "2024-03-01", contract=Key("v"), vendor=VENDOR),
    ):
        history.record(TOOL, fact)
    establish(history, BodyRole.STEERING_GROUP, "2024-03-01")
    establish(history, BodyRole.COORDINATION_GROUP, "2024-03-01", StreamId("body:coordination"))
    return history


def shown(row: Any) -> dict[str, Shown]:
    return {name: getattr(row.elements, name).shown for name in row.elements.__struct_fields__}


def test_a_product_shows_exactly_the_six_elements_of_os2iot() -> None:
    with asked(carried()) as views:
        row = views.of("sustainability", TOOL, "2024-03-01")
        assert list(shown(row)) == [
            "authorities",
            "coordinator",
            "steering_group",
            "coordination_group",
            "central_economy",
            "vendor_agreement",
        ]
        assert (row.evidenced, row.claimed, row.missing, row.complete) == (6, 0, 0, True)
        before = views.of("sustainability", TOOL, "2024-02-29")
        assert set(shown(before).values()) == {Shown.MISSING}


def test_each_element_names_the_fact_that_shows_it() -> None:
    history = carried()
    with asked(history) as views:
        elements = views.of("sustainability", TOOL, "2024-03-01").elements
        (joined,) = elements.authorities.evidence
        assert (joined.who, joined.references) == (TOWN, CONTRACT)
        assert any(each.id == joined.event for each in history.log)
        (group,) = elements.steering_group.evidence
        assert (group.event, group.who, group.resolution) == (f"{GROUP}@1", GROUP, SETUP)


def test_a_claim_is_shown_as_a_claim_and_is_no_evidence_of_the_fact() -> None:
    history = a_community().at("2024-12-01")
    claim = Stated(decided_on=on("2024-02-01"), topic="authorities_joined", text=text(), count=22)
    history.record(TOOL, claim)
    with asked(history) as views:
        row = views.of("sustainability", TOOL, "2024-02-01")
        element = row.elements.authorities
        assert (element.shown, element.count, element.evidence) == (Shown.CLAIMED, 0, ())
        assert [each.count for each in element.claims] == [22]
        assert (row.claimed, row.complete) == (1, False)
        assert views.of("sustainability", TOOL, "2024-01-31").claimed == 0


def test_a_source_that_found_none_leaves_an_element_missing() -> None:
    history = a_community().at("2024-12-01")
    for day, count in (("2024-02-01", None), ("2024-03-01", 0)):
        claim = Stated(decided_on=on(day), topic="steering_group", text=text(), count=count)
        history.record(TOOL, claim)
    with asked(history) as views:
        days = ("2024-02-29", "2024-03-01")
        found = [views.of("sustainability", TOOL, day).elements.steering_group for day in days]
        assert [each.shown for each in found] == [Shown.CLAIMED, Shown.MISSING]
        assert [len(each.claims) for each in found] == [1, 2]


def test_a_group_whose_resolution_is_annulled_shows_nothing() -> None:
    history = carried()
    known = len(history.log)
    annul(history, SETUP, "2024-11-01")
    with asked(history) as views:
        assert views.of("sustainability", TOOL, "2024-04-01", known).complete
        row = views.of("sustainability", TOOL, "2024-04-01")
        assert row.elements.steering_group.shown is Shown.MISSING


def test_elements_end_with_what_shows_them() -> None:
    history = carried()
    history.record(GROUP, BodyDissolved(decided_on=on("2024-06-01")))
    history.record(TOOL, AuthorityWithdrew(decided_on=on("2024-07-01"), party=TOWN))
    with asked(history) as views:
        missing = {
            day: [
                name
                for name, word in shown(views.of("sustainability", TOOL, day)).items()
                if word is Shown.MISSING
            ]
            for day in ("2024-05-31", "2024-06-01", "2024-07-01")
        }
        assert missing == {
            "2024-05-31": [],
            "2024-06-01": ["steering_group"],
            "2024-07-01": ["authorities", "steering_group"],
        }


def test_an_authority_that_came_back_keeps_its_first_entry() -> None:
    history = a_community().at("2024-12-01")
    for fact in (
        AuthorityJoined(decided_on=on("2024-02-01"), party=TOWN),
        AuthorityWithdrew(decided_on=on("2024-03-01"), party=TOWN),
        AuthorityJoined(decided_on=on("2024-05-01"), party=TOWN),
        AuthorityWithdrew(decided_on=on("2024-06-01"), party=TOWN),
        AuthorityJoined(decided_on=on("2024-06-01"), party=TOWN),
    ):
        history.record(TOOL, fact)
    with asked(history) as views:
        rows = {
            day: views.of("participations", f"{TOOL}/{TOWN}", day)
            for day in ("2024-02-01", "2024-04-01", "2024-05-01", "2024-06-01")
        }
        assert [each.takes_part for each in rows.values()] == [True, False, True, True]
        entries = rows["2024-06-01"].entries
        assert [each.joined.earliest.isoformat() for each in entries] == [
            "2024-02-01",
            "2024-05-01",
            "2024-06-01",
        ]
        assert [each.left and each.left.earliest.isoformat() for each in entries] == [
            "2024-03-01",
            "2024-06-01",
            None,
        ]


def test_agreements_end_with_their_last_day_and_a_coordinator_with_the_next_one() -> None:
    history = carried()
    contract = agreed(
        VendorContracted,
        "2024-04-01",
        contract=Key("short"),
        vendor=VENDOR,
        until=on("2024-05"),
    )
    history.record(TOOL, contract)
    after = agreed(CoordinatorAppointed, "2024-06-01", party=StreamId("party:bo"))
    history.record(TOOL, after)
    with asked(history) as views:
        in_force = {
            day: sorted(
                each.party if each.kind == "coordinator" else each.agreement
                for each in views.all("agreements", day, in_force=True)
            )
            for day in ("2024-05-31", "2024-06-01")
        }
        assert in_force == {
            "2024-05-31": ["c", "party:ann", "short", "v"],
            "2024-06-01": ["c", "party:bo", "v"],
        }


def test_an_authority_is_shown_by_the_joining_that_is_in_force() -> None:
    history = a_community().at("2024-12-01")
    lasting = history.record(TOOL, agreed(AuthorityJoined, "2024-03-01", party=TOWN))
    limited = agreed(AuthorityJoined, "2024-04-01", party=TOWN, until=on("2024-04-30"))
    history.record(TOOL, limited)
    with asked(history) as views:
        (joined,) = views.of("sustainability", TOOL, "2024-05-01").elements.authorities.evidence
        assert (joined.event, joined.until) == (lasting.id, None)


def test_a_withdrawal_that_may_come_before_the_joining_leaves_open_who_takes_part() -> None:
    history = a_community().at("2024-12-01")
    history.record(TOOL, agreed(AuthorityJoined, "2024-02-01", party=TOWN))
    history.record(TOOL, AuthorityWithdrew(decided_on=on("2024-03"), party=TOWN))
    history.record(TOOL, agreed(AuthorityJoined, "2024-03-15", party=TOWN))
    with asked(history) as views:
        for view, key in (("sustainability", TOOL), ("participations", f"{TOOL}/{TOWN}")):
            row = views.row(view, key, "2024-06-01")
            assert row is not None
            assert not row.certain


def test_a_claim_of_a_month_is_open_within_it_and_so_is_which_source_has_the_last_word() -> None:
    history = a_community().at("2024-12-01")
    for count in (3, 0):
        claim = Stated(
            decided_on=on("2024-05-01"),
            topic="steering_group",
            text=text(),
            holds_on=on("2024-03"),
            count=count,
        )
        history.record(TOOL, claim)
        with asked(history) as views:
            days = ("2024-02-29", "2024-03-15", "2024-03-31")
            rows = [views.row("sustainability", TOOL, day) for day in days]
            certain = [row is not None and row.certain for row in rows]
            assert certain == [True, False, count == 3]


def test_a_joining_of_some_day_of_a_year_is_among_the_entries_only_perhaps_until_its_end() -> None:
    history = carried()
    history.record(TOOL, agreed(AuthorityJoined, "2024", party=TOWN))
    with asked(history) as views:
        within = views.row("participations", f"{TOOL}/{TOWN}", "2024-06-01")
        after = views.row("participations", f"{TOOL}/{TOWN}", "2024-12-31")
        assert within is not None
        assert after is not None
        assert (within.certain, after.certain) == (False, True)
