"""Facts about bodies: their rules, seats and mandates."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from govlog.domain.events.fact import Fact
from govlog.domain.values import Key, Money, PartialDate, Personal, StreamId


class QuorumOf(StrEnum):
    """The share of all seated that must be present."""

    AT_LEAST_HALF = "at_least_half"
    MORE_THAN_HALF = "more_than_half"
    TWO_THIRDS = "two_thirds"
    NONE = "none"


class Majority(StrEnum):
    SIMPLE = "simple"
    """More for than against (rule 25)."""
    TWO_THIRDS_PRESENT = "two_thirds_present"
    """At least 2/3 of those present and entitled to vote (rule 25)."""


class TieRule(StrEnum):
    CHAIR = "chair"
    """The one presiding has the casting vote (rule 25)."""
    LOST = "lost"


class Rules(Struct, frozen=True, kw_only=True):
    """How a body decides; `version` names them in outcomes.

    Recorded in full, so that what is left out today never means something else tomorrow.
    """

    version: str
    quorum: QuorumOf = QuorumOf.AT_LEAST_HALF
    majority: Majority = Majority.SIMPLE
    tie: TieRule = TieRule.CHAIR
    recused_count_as_present: bool = False
    late_entry_days: int = 30
    """N of rule 5; the community's first body sets it for the whole log."""
    one_seat_per_organisation: bool = False
    """OS2's bylaws: one seat per member organisation (rule 25)."""


class SeatRole(StrEnum):
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"
    ALTERNATE = "alternate"
    OBSERVER = "observer"


class ActKind(StrEnum):
    """What a mandate can cover (rule 15)."""

    COMMISSION = "commission"
    AMENDMENT = "amendment"
    REVOCATION = "revocation"
    ADMISSION = "admission"
    EXIT = "exit"
    LEVEL_CHANGE = "level_change"
    ASSUMPTION = "assumption"
    RISK_ACCEPTANCE = "risk_acceptance"


class LimitKind(StrEnum):
    UNLIMITED = "unlimited"
    PER_ACT = "per_act"
    BUDGET = "budget"
    """For the sum of ceilings, raises and assumptions under the mandate, in the order decided."""


class BodyRole(StrEnum):
    """What a body is to the community, or to the products it names (rule 18)."""

    GENERAL_ASSEMBLY = "general_assembly"
    BOARD = "board"
    STEERING_GROUP = "steering_group"
    COORDINATION_GROUP = "coordination_group"
    SECRETARIAT = "secretariat"


class BodyFounded(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A body that rests on bylaws (cited as evidence) and on no earlier resolution."""

    name: str
    rules: Rules
    superior: StreamId | None = None
    fiction: bool = False
    role: BodyRole | None = None
    products: tuple[StreamId, ...] = ()
    """Those it is the steering or coordination group of."""


class BodyEstablished(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A body set up by a resolution of another."""

    name: str
    rules: Rules
    resolution: StreamId | None = None
    superior: StreamId | None = None
    fiction: bool = False
    role: BodyRole | None = None
    products: tuple[StreamId, ...] = ()
    """Those it is the steering or coordination group of."""


class RulesAdopted(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The body decides by these rules from `decided_on`."""

    rules: Rules
    resolution: StreamId | None = None


class MemberSeated(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A party takes a seat."""

    seat: Key
    party: StreamId
    role: SeatRole
    since: PartialDate | None = None
    until: PartialDate | None = None
    """The last day of the seat, where it is limited."""
    organisation: StreamId | None = None
    alternate_for: Key | None = None


class MemberLeft(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The seat is empty from `decided_on`."""

    seat: Key


class MandateGranted(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The body may decide these kinds of act, by a resolution or (evidence) by the bylaws."""

    mandate: Key
    acts: tuple[ActKind, ...]
    products: tuple[StreamId, ...] = ()
    """Empty means every product."""
    limit_kind: LimitKind = LimitKind.UNLIMITED
    limit: Money | None = None
    resolution: StreamId | None = None
    since: PartialDate | None = None
    until: PartialDate | None = None


class MandateEnded(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The mandate covers nothing resolved from `decided_on` on; what it covered stands."""

    mandate: Key
    grounds: Personal | None = None


class BodyDissolved(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The body decides nothing from `decided_on` on."""

    resolution: StreamId | None = None
