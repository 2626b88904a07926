"""Stories of bodies: groups of a product, seats of all kinds, other rules, dissolution."""

from __future__ import annotations

from govlog.domain.events.body import (
    BodyDissolved,
    BodyEstablished,
    BodyRole,
    MemberSeated,
    Rules,
    RulesAdopted,
    SeatRole,
)
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.values import Key, StreamId
from tests.oracle.gatherings import ALTERNATE, OBSERVER, STOOD_IN_FOR, streams, today
from tests.oracle.stories import BOARD, INVESTORS, MINUTES, PRODUCTS, decide, resolutions
from tests.oracle.telling import Teller


def shape_a_body(t: Teller) -> None:
    """Groups of a product, seats that end, alternates and observers, other rules, dissolution."""
    on = t.when()
    moved = t.one_of(("group", "group", "seat", "alternate", "observer", "rules", "dissolve"))
    groups = [each for each in streams(t, BodyEstablished) if each.startswith("body:s")]
    if moved == "group" or (moved == "dissolve" and not groups):
        resolution = decide(t, BOARD) if t.chance(0.7) else t.one_of(resolutions(t))
        established = BodyEstablished(
            name=t.one_of(("Styregruppe", "Kreds")),
            rules=Rules(version="s"),
            resolution=resolution,
            superior=BOARD,
            role=t.one_of((BodyRole.STEERING_GROUP, BodyRole.COORDINATION_GROUP)),
            products=t.one_of((PRODUCTS[:1], PRODUCTS)),
            fiction=t.chance(0.2),
            decided_on=today(t),
            evidence=MINUTES,
        )
        t.tell("establish_body", StreamId(f"body:s{t.number()}"), established)
    elif moved == "rules":
        rules = Rules(version=f"v{t.number()}", recused_count_as_present=t.chance(0.5))
        new = RulesAdopted(
            rules=rules, resolution=decide(t, BOARD), decided_on=today(t), evidence=MINUTES
        )
        t.tell("adopt_rules", BOARD, new)
    elif moved == "dissolve":
        gone = BodyDissolved(resolution=decide(t, BOARD), decided_on=today(t), evidence=MINUTES)
        t.tell("dissolve_body", t.one_of(groups), gone)
    else:
        role = {"alternate": SeatRole.ALTERNATE, "observer": SeatRole.OBSERVER}.get(moved)
        key = {"alternate": ALTERNATE, "observer": OBSERVER}.get(moved, Key(f"x{t.number()}"))
        who = StreamId(f"party:p{t.number()}")
        named = PartyRegistered(kind=PartyKind.ORGANISATION, name=who, group="press", decided_on=on)
        t.tell("register_party", who, named)
        seated = MemberSeated(
            seat=key,
            party=who,
            role=role or SeatRole.MEMBER,
            since=t.ahead(0.3),
            until=t.ahead(0.5),
            organisation=t.one_of((None, *INVESTORS)),
            alternate_for=STOOD_IN_FOR if moved == "alternate" else None,
            decided_on=on,
            evidence=MINUTES,
        )
        where = t.one_of(groups) if groups and role is None else BOARD
        t.tell("seat_member", where, seated)
