"""`govlog verify`: is a log whole; with `--store`, are one's own files what was recorded."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from govlog.command_line.answers import Exit, print_json
from govlog.command_line.views import progress

if TYPE_CHECKING:
    from govlog.persistence.settings import Settings

_STORE = (
    "govlog verify --store [--json] checks the files of the log in GOVLOG_DATA instead: every"
    " column against its entry, and every row of the views against a replay."
)


OTHER_VERSION = (
    "the views were made by another version of govlog and were not compared: `govlog rebuild` or"
    " `govlog serve` of this version makes them anew"
)


class Told(Struct, frozen=True, kw_only=True):
    """What the check of a store found."""

    holds: bool
    size: int
    root: str
    """Hexadecimal, of the tree over all events."""
    checked: tuple[str, ...]
    offence: str | None = None
    offending_index: int | None = None


@click.command(
    "verify",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.option("--store", "is_store", is_flag=True)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...], *, is_store: bool) -> None:
    """Check a service, a mirror, an archive or a receipt; --help says how.

    With --store, check the files of the log in GOVLOG_DATA.
    """
    if not is_store:
        from govlog.ledger.verifier.command import main

        sys.exit(main(arguments, more=_STORE))
    if strange := set(arguments) - {"--json"}:
        raise click.UsageError(f"--store takes only --json, not {min(strange)}")
    from govlog.persistence.settings import Settings

    told = check_store(Settings.from_environ())
    if "--json" in arguments:
        print_json(told)
    else:
        click.echo("\n".join(_lines(told)))
    sys.exit(Exit.DONE if told.holds else Exit.FAULT)


def check_store(settings: Settings) -> Told:
    """Audit the events, then compare the views with a replay of them."""
    from govlog.persistence.audit import audit
    from govlog.persistence.store import EventStore

    with EventStore.open(settings) as store, progress("Reading the log") as shown:
        size = store.size()
        audited = audit(
            settings.events_db, settings.keys_db, progress=lambda done: shown(done, size)
        )
    told = Told(
        holds=audited.whole,
        size=audited.size,
        root=audited.root.hex(),
        checked=(
            f"{audited.size} events are what their leaves and the tree were hashed over",
            f"{audited.openings} texts are those that the entries commit to",
        ),
    )
    if audited.offence is not None:
        return _failed(told, audited.offence.what, audited.offence.index)
    told = _with_signed(told, settings)
    return _with_views(told, settings) if told.holds else told


def _with_signed(told: Told, settings: Settings) -> Told:
    """The events beside the tree that was signed, which lies outside the database."""
    from govlog.ledger.checkpoint import Checkpoint
    from govlog.ledger.comparing import contradiction
    from govlog.ledger.notes import Note
    from govlog.ledger.publication import LastSigned, Publication
    from govlog.ledger.tiles import TileTree
    from govlog.persistence.store import EventStore

    publication = Publication(settings.publication)
    signed, note = LastSigned(publication).read(), publication.checkpoint()
    if signed is None or note is None:
        return _and(told, "nothing has been signed yet that they could be compared with")
    tree = TileTree(Checkpoint.parse(Note.parse(note).text).size, publication.read)
    with EventStore.open(settings) as store:
        found = contradiction(store, signed, tree)
    if found is not None:
        index = found.seen.get("index")
        return _failed(told, str(found), index if isinstance(index, int) else None)
    return _and(told, f"the first {signed.size} events are those that were signed")


def _with_views(told: Told, settings: Settings) -> Told:
    """The views that are in use, beside views made anew from the events."""
    from govlog.application.facts import Facts
    from govlog.persistence.store import EventStore
    from projections.catalogue import VIEWS
    from projections.comparing import compare, of_this_version
    from projections.rebuild import rebuild

    if not settings.views_db.exists():
        return _and(told, "there are no views yet to compare")
    if not of_this_version(settings.views_db):
        return _and(told, OTHER_VERSION)
    with tempfile.TemporaryDirectory(dir=settings.data) as aside:
        fresh = Path(aside, "views.db")
        with EventStore.open(settings) as store, progress("Making the views anew") as shown:
            rebuild(store, fresh, lambda size: Facts.at(store, size), progress=shown)
        found = compare(settings.views_db, fresh, VIEWS)
    if found.difference is not None:
        where = f"{found.difference.key} in the view {found.difference.view}"
        return _failed(told, f"{where} is not what the log says; run `govlog rebuild`", None)
    if found.size != found.other_size:
        return _and(
            told,
            f"the views, at {found.size}, were not compared: the log had moved on to"
            f" {found.other_size}; try again when nobody writes",
        )
    return _and(told, f"{found.rows} rows of {len(VIEWS)} views are what a replay gives")


def _and(told: Told, more: str) -> Told:
    from msgspec.structs import replace

    return replace(told, checked=(*told.checked, more))


def _failed(told: Told, offence: str, index: int | None) -> Told:
    from msgspec.structs import replace

    return replace(told, holds=False, checked=(), offence=offence, offending_index=index)


def _lines(told: Told) -> list[str]:
    lines = [f"  {each}" for each in told.checked]
    if told.offence is None:
        return [*lines, f"HOLDS: size {told.size}, root {told.root}"]
    where = "" if told.offending_index is None else f" at index {told.offending_index}"
    return [*lines, f"DOES NOT HOLD{where}: {told.offence}"]
