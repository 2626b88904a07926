"""What a check found: how much was looked at, what is worth knowing, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from govlog.ledger.errors import Unverified


class Offence(Unverified):
    """Something is not as it should be; `index` is the first entry that it concerns."""

    def __init__(self, what: str, index: int | None = None) -> None:
        super().__init__(what)
        self.index = index


class Contradiction(Offence):
    """The log once showed, signed, something else than it shows now."""


@dataclass(slots=True)
class Findings:
    """Filled in as a check goes on; what stands in it was looked at, nothing else was."""

    source: str
    origin: str = ""
    size: int = 0
    root: str = ""
    """Base64, as the checkpoint has it."""
    checked: list[str] = field(default_factory=list)
    """What was checked and how much of it, in sentences."""
    remarks: list[str] = field(default_factory=list)
    """What the reader should know, such as that nobody has witnessed the log."""
    offence: str = ""
    """Why the check failed; empty when it did not."""
    offending_index: int | None = None
    statement: dict[str, Any] = field(default_factory=dict)
    """Of a receipt: what it proves."""

    @property
    def holds(self) -> bool:
        """Whether nothing was wrong."""
        return not self.offence

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        told: dict[str, Any] = {
            "source": self.source,
            "holds": self.holds,
            "origin": self.origin,
            "size": self.size,
            "root": self.root,
            "checked": self.checked,
            "remarks": self.remarks,
        }
        if self.statement:
            told["statement"] = self.statement
        if self.offence:
            told |= {"offence": self.offence, "offending_index": self.offending_index}
        return told

    def lines(self) -> list[str]:
        """For people: the verdict last."""
        lines = [f"  {each}" for each in self.checked]
        lines += [f"  note: {each}" for each in self.remarks]
        if self.offence:
            where = "" if self.offending_index is None else f" at index {self.offending_index}"
            return [*lines, f"DOES NOT HOLD{where}: {self.offence}"]
        return [*lines, f"HOLDS: {self.origin}, size {self.size}, root {self.root}"]
