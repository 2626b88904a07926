"""What is foreseen is what then happens, in every view, over histories of every event type."""

from __future__ import annotations

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govlog.domain.attribution import Verdict
from govlog.domain.values import Key, StreamId
from projections.differences import DIFFERING
from projections.foresight import Foreseen, foresee
from projections.investments import INVESTMENTS, InstalmentRow, verdict_of
from projections.tables import NEVER
from tests.projections.built import Facts, moved, open_at, rows
from tests.projections.histories import HISTORIES, history
from tests.projections.memory import MemoryLog

Timelines = dict[str, list[tuple[int, int, int, bytes]]]

SEVERAL = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
_encode = msgspec.json.Encoder(order="deterministic").encode


def foreseen(facts: Facts, size: int, until: int) -> tuple[Foreseen, ...]:
    """What the facts from `size` to `until` would change, asked when the log has `size` facts."""
    log = MemoryLog(facts[:size])
    with moved(facts[:size]) as connection:
        verdicts = {
            (row.product, row.instalment): verdict_of(row)
            for each in rows(connection, INVESTMENTS)
            if each.known_until > size
            for row in (msgspec.json.decode(each.body, type=InstalmentRow),)
        }

    def recall(product: StreamId, instalment: Key) -> Verdict | None:
        return verdicts.get((product, instalment))

    return foresee(log.facts_at, log.read, recall, facts[size:until], DIFFERING)


def stored(each: Foreseen) -> tuple[Timelines, Timelines]:
    before, after = (
        {
            each.key: [
                (
                    one.valid_from.toordinal(),
                    NEVER if one.valid_until is None else one.valid_until.toordinal(),
                    int(one.certain),
                    _encode(one.row),
                )
                for one in timeline
            ]
        }
        for timeline in (each.before, each.after)
    )
    return before, after


def check(facts: Facts, size: int, until: int) -> int:
    """Compare with the rows before and after; answers how many subjects changed."""
    told = foreseen(facts, size, until)
    changed = 0
    with moved(facts[:until]) as connection:
        for view in DIFFERING:
            held = rows(connection, view)
            was, is_now = open_at(held, size), open_at(held, until)
            happened = {
                key for key in was.keys() | is_now.keys() if was.get(key) != is_now.get(key)
            }
            mine = {each.key: stored(each) for each in told if each.view is view}
            assert mine.keys() == happened, view.name
            for key, (before, after) in mine.items():
                assert before[key] == was.get(key, [])
                assert after[key] == is_now.get(key, [])
            changed += len(happened)
    return changed


@given(facts=HISTORIES, data=st.data())
@SEVERAL
def test_what_is_foreseen_of_a_fact_is_what_every_view_then_shows(
    facts: Facts, data: st.DataObject
) -> None:
    """Corrections, withdrawals, annulments, revocations, amendments, approvals and late facts."""
    counting = [each.index for each in facts if not each.fact.pending]
    size = data.draw(st.sampled_from(counting))
    if size:
        check(facts, size, size + 1)


@given(facts=HISTORIES, data=st.data())
@SEVERAL
def test_what_is_foreseen_of_several_facts_at_once_is_what_they_come_to(
    facts: Facts, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, max(1, len(facts) - 1)))
    until = size
    while until < min(len(facts), size + 5) and not facts[until].fact.pending:
        until += 1
    if until > size:
        check(facts, size, until)


def test_fact_after_fact_what_is_foreseen_happens() -> None:
    facts = history(5, 90)
    counting = [each.index for each in facts if not each.fact.pending and each.index > 40]
    assert sum(check(facts, size, size + 1) for size in counting[:6]) > 0
