"""What the publisher says of itself, for whoever asks the service how it is."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

PUBLISHING = "publishing"
REFUSING = "refusing"
"""Something contradicts what was signed: nothing is signed until an operator has looked."""
FAILING = "failing"
"""Files cannot be written; it is tried again and again."""


@dataclass(frozen=True, slots=True)
class Status:
    """How publishing stands."""

    state: str = PUBLISHING
    since: float = 0.0
    """POSIX seconds: when this state began."""
    size: int | None = None
    """Of the checkpoint that is published."""
    published_at: float | None = None
    """POSIX seconds."""
    witnesses: int = 0
    """How many are asked."""
    demanded: bool = False
    """Whether the policy asks for a quorum of them."""
    cosigned_by: tuple[str, ...] = ()
    witnessed: bool = False
    """Whether a quorum is asked for and has cosigned."""
    complaints: dict[str, str] = field(default_factory=dict)
    """What is wrong with a witness, by its name: why its cosignature is missing, or its clock."""
    problem: dict[str, Any] | None = None
    """Of a state that is not PUBLISHING: kind, message, mend, and what was seen."""

    def write(self, folder: Path) -> None:
        """Show it to others, if that can be done at all."""
        new = folder / f".status.{os.getpid()}.new"
        new.write_text(json.dumps(asdict(self)), "utf-8")
        new.replace(file(folder))


def read(folder: Path) -> Status | None:
    """The last word of the publisher; None where there is none that can be read."""
    try:
        told = json.loads(file(folder).read_text("utf-8"))
        told["cosigned_by"] = tuple(told["cosigned_by"])
        return Status(**told)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def file(folder: Path) -> Path:
    """Where it stands in a publication."""
    return folder / "status.json"
