"""Facts about what carries a product: who coordinates it, has joined, pays, and is contracted."""

from __future__ import annotations

from govlog.domain.events.fact import Fact
from govlog.domain.values import Key, Money, PartialDate, Personal, StreamId


class Agreement(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """What is agreed from a day, sometimes to a day."""

    since: PartialDate | None = None
    """A later start than `decided_on`."""
    until: PartialDate | None = None
    """The last day, where it is limited."""


class CoordinatorAppointed(Agreement, frozen=True, kw_only=True, omit_defaults=True):
    """A product gets a coordinator, in the place of the one before."""

    party: StreamId
    organisation: StreamId | None = None
    appointed_by: StreamId | None = None


class AuthorityJoined(Agreement, frozen=True, kw_only=True, omit_defaults=True):
    """A public authority joins a product: the accession agreement stands as evidence."""

    party: StreamId


class AuthorityWithdrew(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """An authority takes part no longer: from `since`, else from `decided_on`, the first day not.

    Coming back on the same day is no exit (rule 3).
    """

    party: StreamId
    since: PartialDate | None = None
    grounds: Personal | None = None


class ContributionAgreed(Agreement, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody pays into the central economy of a product."""

    contribution: Key
    party: StreamId
    amount: Money | None = None
    every: str | None = None
    """How often, for example `year`; absent where it is paid once or no source says."""


class VendorContracted(Agreement, frozen=True, kw_only=True, omit_defaults=True):
    """A vendor is contracted for a product; a contract is no commission (rule 7)."""

    contract: Key
    vendor: StreamId
    subject: Personal | None = None
    amount: Money | None = None
