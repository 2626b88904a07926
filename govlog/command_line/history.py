"""`govlog replay`: the history as it was recorded, of any stream, product and period."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from govlog.command_line.answers import json_option, print_json
from govlog.command_line.approving import bearer

if TYPE_CHECKING:
    from govlog.domain.stream import Recorded
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    Wanted = Callable[[Recorded[Any]], bool]


@click.command("replay")
@click.option("--stream", help="Only this stream, as resolution:12.")
@click.option(
    "--product", help="Only what is about this product, on any stream, as product:os2iot."
)
@click.option(
    "--from", "since", metavar="DATE", help="Decided on or after: 2023, 2023-09, 2023-09-25."
)
@click.option("--to", "until", metavar="DATE", help="Decided on or before.")
@click.option("--as-of", metavar="DATE", help="Only what had been decided by that day.")
@click.option(
    "--known-at", metavar="WHEN", help="Only what had been recorded by then: a time, or size:12."
)
@click.option("--diff", is_flag=True, help="Print what changed since a moment instead, by product.")
@click.option(
    "--since-known-at", metavar="WHEN", help="With --diff: what was known then, on the same day."
)
@click.option(
    "--since-as-of", metavar="DATE", help="With --diff: what held on that day, as known at once."
)
@click.option("--closed", is_flag=True, help="Closed texts too; GOVLOG_TOKEN may read them.")
@json_option
def replay(
    stream: str | None,
    product: str | None,
    since: str | None,
    until: str | None,
    as_of: str | None,
    known_at: str | None,
    diff: bool,
    since_known_at: str | None,
    since_as_of: str | None,
    closed: bool,
    as_json: bool,
) -> None:
    """Print what was recorded, in the order of the log.

    A fact whose date is a month, a year or unknown is printed for every period that it may be in.
    """
    if diff:
        _compare(as_of, known_at, since_as_of, since_known_at, as_json=as_json)
        return
    from zoneinfo import ZoneInfo

    from govlog.command_line.telling import Teller, lines
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    last = min((_last(each) for each in (until, as_of) if each), default=None)
    first = _first(since) if since else None
    settings = Settings.from_environ()
    if closed:
        _require_reader(settings)
    with EventStore.open(settings) as store:
        size = _size(store, known_at)
        wanted = _all_of(_decided_within(first, last), _about(product))
        teller, zone = Teller(store, size, closed_too=closed), ZoneInfo(store.meta.zone)
        for page in _pages(store, size, stream):
            for told in teller.tell(each for each in page if wanted(each)):
                if as_json:
                    print_json(told)
                else:
                    click.echo("\n".join(lines(told, zone)))


def _compare(
    as_of: str | None,
    known_at: str | None,
    since_as_of: str | None,
    since_known_at: str | None,
    *,
    as_json: bool,
) -> None:
    from govlog.command_line.differences import Asked, show
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    settings = Settings.from_environ()
    with EventStore.open(settings) as store:
        asked = Asked(
            _size(store, known_at),
            _last(as_of) if as_of else None,
            _size(store, since_known_at) if since_known_at else None,
            _last(since_as_of) if since_as_of else None,
        )
        show(settings, store, asked, as_json=as_json)


def _require_reader(settings: Settings) -> None:
    from govlog.domain.errors import ScopeRequired

    if "read:closed" not in bearer(settings).scopes:
        raise ScopeRequired("this needs the scope read:closed", mend="use a token that has it")


def _size(store: EventStore, known_at: str | None) -> int:
    """The size of the log that was known then."""
    from api.moments import instant

    if known_at is None:
        return store.size()
    word, _, number = known_at.partition("size:")
    if not word and number.isascii() and number.isdigit():
        return min(int(number), store.size())
    return store.size_at(instant(known_at))


def _pages(store: EventStore, size: int, stream: str | None) -> Iterator[list[Recorded[Any]]]:
    from govlog.domain.errors import NotFound
    from govlog.domain.values import stream_id
    from govlog.persistence.reading import PAGE

    if stream is not None:
        facts = store.read(stream_id(stream), upto=size)
        if not facts:
            raise NotFound(f"{stream} is not in the log", mend="govlog replay lists all streams")
        yield facts
        return
    after = 0
    while page := store.page(after, PAGE, until_size=size):
        yield page
        after = page[-1].index + 1


def _decided_within(first: date | None, last: date | None) -> Wanted:
    def wanted(recorded: Recorded[Any]) -> bool:
        days = recorded.decided
        return (first is None or days.latest >= first) and (last is None or days.earliest <= last)

    return wanted


def _about(product: str | None) -> Wanted:
    """Facts on the product's own stream and those that name it."""
    import msgspec

    from govlog.domain.values import stream_id

    if product is None:
        return lambda _: True
    named = msgspec.json.encode(stream_id(product, "product"))
    encode = msgspec.json.Encoder().encode
    return lambda recorded: recorded.stream == product or named in encode(recorded.fact)


def _all_of(*conditions: Wanted) -> Wanted:
    return lambda recorded: all(condition(recorded) for condition in conditions)


def _first(text: str) -> date:
    from govlog.domain.values import first_day, partial_date

    return first_day(partial_date(text))


def _last(text: str) -> date:
    from govlog.domain.values import last_day, partial_date

    return last_day(partial_date(text))
