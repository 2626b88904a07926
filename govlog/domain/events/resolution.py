"""Facts about resolutions: from the table to the outcome, and what becomes of them."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from govlog.domain.events.body import ActKind, Rules
from govlog.domain.events.fact import Fact
from govlog.domain.values import Ballot, Key, Money, Personal, Reference, StreamId


class ItemKind(StrEnum):
    """OS2's words: orientering, drøftelse, indstilling, beslutning.

    Only a decision authorises (rule 15); a recommendation asks another body to decide (rule 18).
    """

    INFORMATION = "information"
    DISCUSSION = "discussion"
    RECOMMENDATION = "recommendation"
    DECISION = "decision"


class Authorises(Struct, frozen=True, omit_defaults=True):
    """An act that the resolution would authorise when carried."""

    act: ActKind
    product: StreamId | None = None
    amount: Money | None = None


class Option(Struct, frozen=True, omit_defaults=True):
    """One of those that a scored vote chooses between, with the acts that it alone authorises."""

    option: Key
    title: Personal
    authorises: tuple[Authorises, ...] = ()


class Score(Struct, frozen=True, omit_defaults=True):
    """How a ballot scores one option, from -10 to 10; left blank it counts 0 (rule 25)."""

    option: Key
    score: int | None = None


class RollSeat(Struct, frozen=True, omit_defaults=True):
    """One seat on a fixed roll."""

    seat: Key
    party: StreamId
    votes: bool = True
    """False for observers and for a member whose alternate is seated (rule 24)."""


class Minuted(StrEnum):
    """How a minuted outcome came about."""

    CONSENSUS = "consensus"
    WRITTEN = "written"


class OutcomeWord(StrEnum):
    CARRIED = "carried"
    LOST = "lost"
    LAPSED = "lapsed"


class Counts(Struct, frozen=True, omit_defaults=True):
    """How many ballots of each kind, as a source states or as counted."""

    for_: int = field(name="for", default=0)
    against: int = 0
    abstain: int = 0
    recused: int = 0
    absent: int = 0
    not_voting: int = 0
    scored: int = 0


class ResolutionTabled(Fact, frozen=True, kw_only=True, omit_defaults=True):
    body: StreamId
    kind: ItemKind
    title: Personal
    case_paper: Personal | None = None
    authorises: tuple[Authorises, ...] = ()
    debate: StreamId | None = None
    supersedes: StreamId | None = None
    confidential: bool = False
    fiction: bool = False
    meeting: StreamId | None = None
    """The meeting, or written procedure, at which it is to be taken up."""
    recommended_by: StreamId | None = None
    """The resolution by which another body recommends it (rule 18)."""
    options: tuple[Option, ...] = ()
    """With options it is decided by a scored vote (rule 25)."""


class RollFixed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Voting opens: who is entitled, who presides, by which rules; a later one is a new round."""

    round: int
    seats: tuple[RollSeat, ...]
    presiding: Key | None
    rules: Rules
    meeting: StreamId | None = None
    """The meeting whose roll it is; none where it was made for this vote alone."""


class ConflictDeclared(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A seat is conflicted: before the count its ballot is removed (rule 27)."""

    seat: Key
    grounds: Personal | None = None


class VoteCast(Fact, frozen=True, kw_only=True, omit_defaults=True):
    seat: Key
    ballot: Ballot
    scores: tuple[Score, ...] = ()
    """With the ballot `scored`; an option that is left out is left blank."""


class ResolutionCarried(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The count, as computed when voting closed."""

    counts: Counts
    reason: str
    """The explanation's slug, for example `majority` or `casting_vote`."""
    option: Key | None = None
    """The one that a scored vote carried."""


class ResolutionLost(Fact, frozen=True, kw_only=True, omit_defaults=True):
    counts: Counts
    reason: str


class ResolutionLapsed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Inquorate: authorises nothing (rule 26)."""

    counts: Counts
    reason: str


class OutcomeMinuted(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Carried by consensus or in writing, with the roll."""

    manner: Minuted
    roll: RollFixed | None = None
    present: tuple[Key, ...] = ()
    outcome: OutcomeWord = OutcomeWord.CARRIED
    meeting: StreamId | None = None
    """The meeting whose roll it is, and at which those were present."""
    option: Key | None = None
    """The one agreed on, where the resolution has options."""


class OutcomeRecorded(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A historical outcome, stored as a source gives it (rules 16 and 28)."""

    outcome: OutcomeWord
    counts: Counts | None = None
    vote_shown: bool = False
    """False where the source shows no vote: authority as text, unproven."""
    option: Key | None = None
    """The one carried, where the resolution has options."""


class ResolutionWithdrawn(Fact, frozen=True, kw_only=True, omit_defaults=True):
    grounds: Personal | None = None


class ResolutionPostponed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Taken off the table undecided, to be tabled again at another meeting."""

    grounds: Personal | None = None
    to: StreamId | None = None
    """The meeting to which it is postponed, where that is known."""


class ResolutionTabledAgain(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """What was postponed is on the table again."""

    meeting: StreamId | None = None


class ResolutionSuperseded(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A later carried resolution takes its place: it authorises no new act (rule 17)."""

    by: StreamId


class ResolutionAnnulled(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Its authority is removed from the start (rule 21), by a resolution or by a ruling."""

    ground: str
    """`inquorate`, `conflicted_vote`, `outside_mandate` or `ruling`."""
    resolution: StreamId | None = None
    ruling: Reference | None = None
    explanation: Personal | None = None
