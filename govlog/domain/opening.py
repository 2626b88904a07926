"""A closed item is opened: its texts are for everybody from then on, under the same commitments."""

from __future__ import annotations

from typing import TypeVar

from govlog.domain.errors import RuleViolation, ScopeRequired
from govlog.domain.events.any_stream import ItemOpened
from govlog.domain.facts import Given
from govlog.domain.refusals import existing, require_known

S = TypeVar("S")


class NotClosed(RuleViolation):
    """Only a closed item can be opened, and once."""

    slug = "not-closed"


class NotByImport(RuleViolation):
    """An opening works at once and cannot be taken back, so it waits for nobody's approval."""

    slug = "not-by-import"


def open_item(state: S | None, proposed: ItemOpened, given: Given) -> ItemOpened:
    """Open a closed resolution or debate; who does so may read it."""
    item = existing(state, "item")
    if not getattr(item, "confidential", False):
        raise NotClosed("the item is not closed", mend="its texts can be read by everybody already")
    if given.importing:
        raise NotByImport("an import opens no closed item", mend="open it by a command of its own")
    if "read:closed" not in given.scopes:
        raise ScopeRequired(
            "who opens a closed item can read it: this needs the scope read:closed",
            mend="use a token that has it",
            scope="read:closed",
        )
    require_known(given.facts, proposed.resolution, "resolution")
    return proposed
