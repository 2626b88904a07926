"""What every recorded fact carries, whatever it says."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from govlog.domain.values import PartialDate, Personal, Reference, StreamId


class PendingReason(StrEnum):
    """Why a fact waits for a second person; fixed when it is recorded."""

    LATE = "late"
    """It may be more than the community's N days older than its recording (rule 5)."""
    IMPORT = "import"
    """It came with an import, which is approved as a whole (rule 5)."""
    DISPLACES = "displaces"
    """It takes a place that an earlier recorded fact had (rule 11)."""
    TAKES_COVER = "takes_cover"
    """It takes cover away, was recorded late and names no day of notice (rule 10)."""
    CORRECTS = "corrects"
    """It mends what attribution, authority or voting reads, or takes such a mend back (rule 19)."""


class Fact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened, as recorded; never edited, only corrected by later facts."""

    decided_on: PartialDate | None = None
    """The community's date of the fact; absent only with `undated_because`, or in an import."""
    undated_because: Personal | None = None
    evidence: tuple[Reference, ...] = ()
    batch: StreamId | None = None
    """The import that the fact came with."""
    source_recorded_at: str | None = None
    """A source's own recording time (RFC 3339): evidence, never the server's clock."""
    pending: tuple[PendingReason, ...] = ()


class Act(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A fact that needs a resolution's authority and may start later than it was decided."""

    resolution: StreamId | None = None
    """The carried decision it rests on; absent only in imports where the source shows none."""
    authority_text: Personal | None = None
    """Authority as a source words it, where no resolution is known: unproven (rule 16)."""
    effective_from: PartialDate | None = None
    notified_on: PartialDate | None = None
    """When the party that loses by it was told (rule 10)."""
