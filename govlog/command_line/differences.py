"""What changed between two moments, for people and for programs: `govlog replay --diff`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import msgspec

from govlog.command_line.answers import print_json
from govlog.command_line.telling import plain, revealed_by

if TYPE_CHECKING:
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore
    from projections.differences import Difference, Moment
    from projections.reading import Row, Snapshot

PAGE = 500


class Asked(NamedTuple):
    """The later moment, and since when: one of two sizes or of two days."""

    size: int
    day: date | None
    since_size: int | None
    since_day: date | None


def show(settings: Settings, store: EventStore, asked: Asked, *, as_json: bool) -> None:
    """Print every subject that a view shows differently, by product, with the facts responsible."""
    from contextlib import closing

    from projections.differences import between
    from projections.reading import Views

    with closing(Views(settings.views_db)) as views, views.snapshot() as now:
        before, after = _moments(now, asked)
        by_product: dict[str, list[Difference]] = {}
        place: int | None = -1
        while place is not None:
            page = between(now, before, after, after_place=place, limit=PAGE)
            for each in page.items:
                by_product.setdefault(each.product or "", []).append(each)
            place = page.next
        for product, changes in sorted(by_product.items(), key=lambda each: (not each[0], each[0])):
            if not as_json:
                click.echo(product or "(about no product)")
            for change in changes:
                told = _told(now, store, product or None, change)
                if as_json:
                    print_json(told)
                else:
                    click.echo("\n".join(_lines(told)))


def _moments(now: Snapshot, asked: Asked) -> tuple[Moment, Moment]:
    from govlog.domain.errors import MalformedValue
    from projections.differences import Moment

    size = min(asked.size, now.size)
    day = now.day(size) if asked.day is None else asked.day
    if (asked.since_size is None) == (asked.since_day is None):
        raise MalformedValue("--diff", "", "give --since-known-at or --since-as-of, and not both")
    before = Moment(
        day if asked.since_day is None else asked.since_day,
        size if asked.since_size is None else asked.since_size,
    )
    if before.size > size or before.day > day:
        raise MalformedValue(
            "--diff",
            f"{before.day}, size:{before.size}",
            "give the earlier moment as the one since",
        )
    return before, Moment(day, size)


def _told(
    now: Snapshot, store: EventStore, product: str | None, change: Difference
) -> dict[str, Any]:
    was, is_now = _members(change.before), _members(change.after)
    reveal = revealed_by(store, (was, is_now))
    return {
        "product": product,
        "view": change.view.name,
        "id": change.key,
        "changed": {
            name: {"before": reveal(was.get(name)), "after": reveal(is_now.get(name))}
            for name in change.members
        },
        "before": change.before is not None,
        "after": change.after is not None,
        "events": [
            {"index": index, "id": event.event, "topic": event.topic}
            for index in change.events
            for event in (now.event(index),)
        ],
    }


def _members(row: Row | None) -> Mapping[str, Any]:
    return {} if row is None else msgspec.json.decode(row.body)


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    """A heading, one line for each member, and the facts responsible."""
    came = "" if told["before"] else "  (new)"
    went = "" if told["after"] else "  (gone)"
    yield f"    {told['view']}  {told['id']}{came}{went}"
    if told["before"] and told["after"]:
        for name, values in told["changed"].items():
            yield f"        {name}: {plain(values['before'])} -> {plain(values['after'])}"
    by = ", ".join(
        f"{each['topic'].partition('.')[0]} {each['id']} ({each['index']})"
        for each in told["events"]
    )
    yield f"        by {by}"
