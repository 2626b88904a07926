"""`govlog log`: the ways back when signing has stopped, and the change of its key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from govlog.command_line.answers import json_option, print_json, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govlog.ledger.keys import SigningKey
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore


@click.group("log")
def log() -> None:
    """How the log is signed: its state, its key, and the ways back when signing has stopped."""


@log.command("status")
@json_option
def status(as_json: bool) -> None:
    """What the publisher says of itself, and what it saw where it refuses to sign."""
    from dataclasses import asdict

    from govlog.ledger import status as publisher
    from govlog.persistence.settings import Settings

    told = publisher.read(Settings.from_environ().publication)
    if as_json:
        print_json(None if told is None else asdict(told))
        return
    if told is None:
        click.echo("no publisher has run here; start it: govlog serve")
        return
    click.echo(f"{told.state}, {told.size} events published")
    if not told.witnesses:
        click.echo("nobody witnesses this log: that all are shown the same rests on its operator")
    elif not told.witnessed:
        click.echo("its witnesses have not cosigned it as the policy asks")
    for name, complaint in told.complaints.items():
        click.echo(f"  {name}: {complaint}")
    for name, value in (told.problem or {}).items():
        click.echo(f"  {name}: {value}")


@log.command("freeze")
@click.option("--because", required=True, help="What happened; it is shown with the refusal.")
def freeze(because: str) -> None:
    """End signing for good, as after a theft of the key; reads and writes go on.

    There is no way back but a new origin: `govlog log new-origin`.
    """
    from govlog.ledger.publication import Publication
    from govlog.persistence.settings import Settings

    publication = Publication(Settings.from_environ().publication)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with publication.locked():
        publication.frozen.write_text(f"{now} {because}\n", "utf-8")
    say(f"signing has ended ({publication.frozen}); next: tell the witnesses and your readers")


@log.command("rotate-key")
@click.option("--by", required=True, help="Who does it, as party:admin; stands on the record.")
@click.option("--finish", is_flag=True, help="Drop the old key, once both have signed.")
def rotate_key(by: str, finish: bool) -> None:
    """Change the key that signs the log: for a while both sign, then the new one alone.

    Records KeyRotated. Give the new verifier key to witnesses and readers before --finish.
    """
    from govlog.domain.errors import StoreUnusable
    from govlog.ledger import key_file
    from govlog.ledger.errors import Malformed
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    settings = Settings.from_environ()
    with EventStore.open(settings) as store:
        try:
            keys = key_file.read(settings.log_key, store.meta.origin)
        except (FileNotFoundError, Malformed) as error:
            raise StoreUnusable(str(error), mend="bring the key back from its backup") from error
        if finish:
            _finish(settings, store, keys)
        else:
            _begin(settings, store, keys, by)


def _begin(settings: Settings, store: EventStore, keys: Sequence[SigningKey], by: str) -> None:
    from govlog.application.decision_log import Actor, DecisionLog
    from govlog.domain.values import stream_id
    from govlog.ledger import key_file
    from govlog.ledger.keys import SigningKey

    actor = Actor(stream_id(by, "party"), "", frozenset({"admin"}))
    if len(keys) == 1:
        keys = (*keys, SigningKey.generate(store.meta.origin))
        key_file.replace(settings.log_key, keys)
    old, new = keys[0].verifier, keys[-1].verifier
    if not _is_recorded(store, str(new)):
        DecisionLog(store).note_key(str(old), str(new), actor)
    click.echo(str(new))
    say("both keys sign from now on; give the one above to witnesses and readers, keep a copy of")
    say(f"{settings.log_key}, then: govlog log rotate-key --by {by} --finish")


def _finish(settings: Settings, store: EventStore, keys: Sequence[SigningKey]) -> None:
    from govlog.domain.errors import NotAllowed
    from govlog.ledger import key_file
    from govlog.ledger.errors import LedgerError
    from govlog.ledger.notes import Note, verified
    from govlog.ledger.publication import Publication

    if len(keys) != 2:
        raise NotAllowed("no change of key is under way", mend="begin one without --finish")
    note = Publication(settings.publication).checkpoint()
    try:
        signed = verified(Note.parse(note or b""), [each.verifier for each in keys])
    except LedgerError:
        signed = {}
    if len(signed) != 2 or not _is_recorded(store, str(keys[1].verifier)):
        raise NotAllowed(
            "the published checkpoint is not signed by both keys yet",
            mend="let the publisher run: `govlog serve`, or `govlog publish`",
        )
    key_file.replace(settings.log_key, keys[1:])
    click.echo(str(keys[1].verifier))
    say("the new key signs alone from now on; the old one is gone from this host")


def _is_recorded(store: EventStore, key: str) -> bool:
    from govlog.domain.continuity import STREAM
    from govlog.domain.events.log import KeyRotated

    facts = (each.fact for each in store.read(STREAM))
    return any(isinstance(fact, KeyRotated) and fact.new == key for fact in facts)


@log.command("restore-entries")
@json_option
def restore_entries(as_json: bool) -> None:
    """Put back from the published tiles what the log has lost at its end.

    Stop `govlog serve` first. The texts that the entries commit to are not in the tiles: those that
    are lost with the log read as erased.
    """
    from govlog.command_line.views import progress
    from govlog.domain.errors import StoreUnusable
    from govlog.ledger.errors import Contradicted
    from govlog.ledger.publication import Publication
    from govlog.ledger.way_back import missing
    from govlog.persistence.restoring import append_entries
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    settings = Settings.from_environ()
    publication = Publication(settings.publication)
    with EventStore.open(settings) as store, progress("Comparing with the tiles") as told:
        try:
            found = missing(store, publication, told)
            tree = append_entries(settings, store.meta.zone, found.before, found.entries)
        except Contradicted as refusal:
            raise StoreUnusable(str(refusal), mend=refusal.mend) from refusal
    if as_json:
        print_json({"before": found.before.size, "size": tree.size})
    else:
        click.echo(f"{tree.size - found.before.size} events are back; the log has {tree.size}")


@log.command("new-origin")
@click.option("--origin", required=True, help="The new log's name for ever.")
@click.option("--data", required=True, help="An empty directory for it.")
@click.option("--because", required=True, help="What happened; it stands in the log.")
@click.option("--by", required=True, help="Who does it, as party:admin; stands in the log.")
@json_option
def new_origin(origin: str, data: str, because: str, by: str, as_json: bool) -> None:
    """Go on under a new origin: a new log that begins with the last checkpoint of this one,
    followed by all events that are here now. For when nothing may be signed under the old one.
    """
    from pathlib import Path

    from govlog.command_line.publishing import signing_keys
    from govlog.command_line.views import progress
    from govlog.domain.errors import StoreUnusable
    from govlog.domain.events.log import LogContinued
    from govlog.domain.values import stream_id
    from govlog.ledger.publication import Publication
    from govlog.persistence.carrying import carry_over
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    settings, new = Settings.from_environ(), Settings(Path(data))
    note = Publication(settings.publication).checkpoint()
    if note is None:
        raise StoreUnusable("this log has no checkpoint to go on from", mend="publish it first")
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    fact = LogContinued(checkpoint=note.decode(), continued_at=now, because=because)
    with EventStore.open(settings) as store, progress("Carrying the log over") as told:
        size = carry_over(store, new, origin, fact, stream_id(by, "party"), told)
    signing_keys(new, origin)
    if as_json:
        print_json({"origin": origin, "data": data, "size": size})
        return
    click.echo(f"The log {origin} has begun in {data} with {size} events.")
    say(f"next: GOVLOG_DATA={data} govlog serve; keep {settings.publication} for who verifies the")
    say("old log, and tell witnesses and readers the new origin and its key")
