"""What is foreseen is what then happens, in every view, over histories of every event type."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from govlog.application.preview import preview, preview_levels
from govlog.domain.attribution import Verdict
from govlog.domain.events import Fact
from govlog.domain.events.any_stream import Approved
from govlog.domain.impact import Flip
from govlog.domain.level_flips import LevelFlip
from govlog.domain.stream import Recorded
from govlog.domain.values import KINDS, Key, StreamId, kind_of
from projections.differences import DIFFERING
from projections.foresight import Foreseen, foresee
from projections.investments import INVESTMENTS, InstalmentRow, verdict_of
from projections.portfolio import PORTFOLIO, ProductRow
from projections.tables import NEVER
from projections.view import Segment
from tests.projections.built import Facts, moved, open_at, rows
from tests.projections.histories import HISTORIES, history
from tests.projections.memory import MemoryLog

Row = list[tuple[int, int, int, bytes]]
"""A subject's rows from day to day, as they stand in the file."""

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


def stored(timeline: tuple[Segment, ...]) -> Row:
    """As it would stand in the file."""
    return [
        (
            one.valid_from.toordinal(),
            NEVER if one.valid_until is None else one.valid_until.toordinal(),
            int(one.certain),
            _encode(one.row),
        )
        for one in timeline
    ]


def levels(timeline: Row) -> list[tuple[int, int, str | None]]:
    """The level of a product from day to day."""
    return [
        (since, until, msgspec.json.decode(body, type=ProductRow).level)
        for since, until, _, body in timeline
    ]


def level_on(day: int, timeline: list[tuple[int, int, str | None]]) -> str | None:
    return next((level for since, until, level in timeline if since <= day < until), None)


def check_levels(told: Iterable[LevelFlip], was: dict[str, Row], is_now: dict[str, Row]) -> None:
    """Every day on which the portfolio then has another level is foreseen, and no other."""
    flips: dict[str, list[LevelFlip]] = {}
    for each in told:
        flips.setdefault(each.product, []).append(each)
    for product in was.keys() | is_now.keys() | flips.keys():
        before, after = levels(was.get(product, [])), levels(is_now.get(product, []))
        mine = [(*span_of(each), each) for each in flips.get(product, ())]
        for day in {
            day for since, end, _ in (*before, *after, *mine) for day in (since - 1, since, end - 1)
        }:
            flip = next((each for since, end, each in mine if since <= day < end), None)
            shown = (level_on(day, before), level_on(day, after))
            assert (flip.before, flip.after) == shown if flip else shown[0] == shown[1]


def span_of(flip: LevelFlip) -> tuple[int, int]:
    return flip.since.toordinal(), NEVER if flip.until is None else flip.until.toordinal()


def check_verdicts(told: Iterable[Flip], was: dict[str, Row], is_now: dict[str, Row]) -> None:
    """Who asks for a dry run is told without the views, which alone know earlier marks."""
    before, after = verdicts(was), verdicts(is_now)
    flipped = {f"{each.product}/{each.instalment}": each for each in told}
    assert {key for key in before if before[key] != after[key]} == {
        key for key, each in flipped.items() if unmarked(each.before) != unmarked(each.after)
    }
    for key, each in flipped.items():
        assert (unmarked(each.before), unmarked(each.after)) == (before[key], after[key])


def verdicts(shown: dict[str, Row]) -> dict[str, Verdict]:
    return {
        key: unmarked(verdict_of(msgspec.json.decode(timeline[0][3], type=InstalmentRow)))
        for key, timeline in shown.items()
    }


def unmarked(verdict: Verdict) -> Verdict:
    """Without what took the place of which share."""
    return replace(
        verdict, shares=tuple(replace(each, displaced_by=None) for each in verdict.shares)
    )


def approved(facts: Facts, size: int, until: int) -> list[Recorded[Fact]]:
    """The log with a second person's words on what waits of the facts from `size` to `until`."""
    told, states = list(facts[:until]), MemoryLog(facts[:until]).facts_at(until)
    streams = {each.stream for each in facts[size:until]}
    for stream in sorted(streams, key=lambda each: (KINDS.index(kind_of(each)), each)):
        recent = {each.id for each in facts[size:until]}
        waits = [each for each in states.folded(stream).pending.values() if each.id in recent]
        if waits:
            ids = tuple(each.id for each in sorted(waits, key=lambda each: each.index))
            version, last = states.folded(stream).version + 1, told[-1]
            told.append(
                replace(
                    last,
                    index=last.index + 1,
                    stream=stream,
                    version=version,
                    recorded_by=StreamId("party:another"),
                    fact=Approved(facts=ids),
                )
            )
    return told


def check(facts: Facts, size: int, until: int) -> int:
    """Compare with the rows before, at once and after approval; answers how many subjects moved."""
    told = foreseen(facts, size, until)
    whole = approved(facts, size, until)
    below = MemoryLog(facts[:size]).facts_at(size)
    changed = 0
    with moved(whole) as connection:
        for view in DIFFERING:
            held = rows(connection, view)
            was, at_once, is_now = (open_at(held, each) for each in (size, until, len(whole)))
            if view is PORTFOLIO:
                check_levels(preview_levels(below, facts[size:until]), was, is_now)
            elif view is INVESTMENTS:
                check_verdicts(preview(below, facts[size:until]), was, is_now)
            happened = {
                key
                for key in was.keys() | at_once.keys() | is_now.keys()
                if not was.get(key) == at_once.get(key) == is_now.get(key)
            }
            mine = {each.key: each for each in told if each.view is view}
            assert mine.keys() == happened, view.name
            for key, each in mine.items():
                assert stored(each.before) == was.get(key, [])
                assert stored(each.after) == is_now.get(key, [])
                assert (each.meanwhile is None) == (len(whole) == until)
                if each.meanwhile is not None:
                    assert stored(each.meanwhile) == at_once.get(key, [])
            changed += len(happened)
    return changed


@given(facts=HISTORIES, data=st.data())
@SEVERAL
def test_what_is_foreseen_of_a_fact_is_what_every_view_then_shows(
    facts: Facts, data: st.DataObject
) -> None:
    """Corrections, withdrawals, annulments, revocations, approvals; what waits once approved."""
    size = data.draw(st.integers(1, len(facts) - 1))
    check(facts, size, size + 1)


@given(facts=HISTORIES, data=st.data())
@SEVERAL
def test_what_is_foreseen_of_several_facts_at_once_is_what_they_come_to(
    facts: Facts, data: st.DataObject
) -> None:
    """At once, and when what waits of them is approved."""
    size = data.draw(st.integers(1, len(facts) - 1))
    check(facts, size, min(len(facts), size + data.draw(st.integers(2, 6))))


def test_fact_after_fact_what_is_foreseen_happens() -> None:
    facts = history(5, 90)
    counting = [each.index for each in facts if not each.fact.pending and each.index > 40]
    assert sum(check(facts, size, size + 1) for size in counting[:6]) > 0
