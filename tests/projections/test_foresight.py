"""What is foreseen is what then happens, in every view, over histories of every event type."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from govlog.application.preview import Shown, preview, preview_levels
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
from tests.projections.community import a_community, annul, bind, carry, grant
from tests.projections.histories import HISTORIES, history
from tests.projections.memory import MemoryLog

Row = list[tuple[int, int, int, bytes]]
"""A subject's rows from day to day, as they stand in the file."""

SEVERAL = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
_encode = msgspec.json.Encoder(order="deterministic").encode


def foreseen(facts: Facts, size: int, until: int) -> tuple[Foreseen, ...]:
    """What the facts from `size` to `until` would change, asked when the log has `size` facts."""
    log, shown = MemoryLog(facts[:size]), shown_at(facts, size)
    return foresee(log.facts_at, log.read, shown, facts[size:until], DIFFERING)


def shown_at(facts: Facts, size: int) -> Shown:
    """The verdicts as the views have them at a size of the log, with their marks."""
    with moved(facts[:size]) as connection:
        held = {
            (row.product, row.instalment): verdict_of(row)
            for each in rows(connection, INVESTMENTS)
            if each.known_until > size
            for row in (msgspec.json.decode(each.body, type=InstalmentRow),)
        }

    def shown(product: StreamId, instalment: Key) -> Verdict | None:
        return held.get((product, instalment))

    return shown


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
    """Every verdict that is then shown otherwise is foreseen, with its marks, and no other."""
    before, after = verdicts(was), verdicts(is_now)
    flipped = {f"{each.product}/{each.instalment}": each for each in told}
    assert flipped.keys() == {key for key in before if before[key] != after[key]}
    for key, each in flipped.items():
        assert (each.before, each.after) == (before[key], after[key])


def verdicts(shown: dict[str, Row]) -> dict[str, Verdict]:
    return {
        key: verdict_of(msgspec.json.decode(timeline[0][3], type=InstalmentRow))
        for key, timeline in shown.items()
    }


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
                flips = preview(below, facts[size:until], shown_at(facts, size))
                check_verdicts(flips, was, is_now)
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


@given(
    told=st.lists(st.tuples(st.integers(1, 28), st.integers(-2, 6)), min_size=3, max_size=9),
    several=st.integers(1, 3),
)
@example(told=[(20, 5), (10, 3), (5, 3)], several=1)
@settings(SEVERAL, max_examples=40)
def test_what_earlier_facts_displaced_is_foreseen_with_its_marks(
    told: list[tuple[int, int]], several: int
) -> None:
    """Who is bound earlier and recorded later takes places; a late grant gives some of them back,
    and an annulment takes what then bears no mark.
    """
    history = a_community()
    carry(history, "resolution:money", "2024-01-10")
    grant(history, "c", "2024-01-10", 500, resolution=StreamId("resolution:money"))
    history.at("2024-03-01")
    for place, (day, hundreds) in enumerate(told):
        if hundreds > 0:
            bind(history, f"i{place}", f"2024-02-{day:02}", 100 * hundreds)
        elif hundreds == 0:
            grant(history, f"d{place}", f"2024-02-{day:02}", 300)
        elif place == len(told) - 1:
            annul(history, "resolution:money", "2024-03-01")
    facts, size = history.log, len(history.log) - several
    below = MemoryLog(facts[:size]).facts_at(size)
    with moved(facts) as connection:
        held = rows(connection, INVESTMENTS)
        flips = preview(below, facts[size:], shown_at(facts, size))
        check_verdicts(flips, open_at(held, size), open_at(held, len(facts)))


def test_fact_after_fact_what_is_foreseen_happens() -> None:
    facts = history(5, 90)
    counting = [each.index for each in facts if not each.fact.pending and each.index > 40]
    assert sum(check(facts, size, size + 1) for size in counting[:6]) > 0
