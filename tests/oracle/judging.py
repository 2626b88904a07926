"""The authority of acts about money beside the oracle, in every world (rules 15, 17 and 20)."""

from __future__ import annotations

from collections.abc import Iterator

from govlog.domain.tri import MAYBE, NO, YES
from tests.domain.acts import judged
from tests.domain.given import History
from tests.oracle.counting import counted
from tests.oracle.grounds import Grounds
from tests.oracle.world import full, worlds

MOST_WORLDS = 1000


def misjudged(history: History) -> Iterator[str]:
    """In words, every act that is judged otherwise; of open days only what is called certain."""
    certain = all(map(full, counted(history.log)))
    expected = possible(history)
    for acts in judged(history).values():
        for fact, authority in acts.items():
            found = authority.given
            allowed = [YES if each else NO for each in expected[fact]]
            if (certain or found is not MAYBE) and [found] != allowed:
                yield f"{fact} is judged {found.name}, oracle {allowed}"


def possible(history: History) -> dict[str, set[bool]]:
    """What the oracle says of every act, in any world."""
    found: dict[str, set[bool]] = {}
    facts = counted(history.log)
    for days in worlds(facts, [], MOST_WORLDS):
        grounds = Grounds(history.log, days, facts=facts)
        for act in grounds.acts:
            found.setdefault(act.id, set()).add(grounds.authority(act).given)
    return found
