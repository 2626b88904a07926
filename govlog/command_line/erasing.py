"""`govlog erase` and `govlog personal-data`: what is held about a person, and its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from govlog.command_line.answers import json_option, print_json, say
from govlog.command_line.approving import bearer

if TYPE_CHECKING:
    from govlog.application.certificate import Certificate
    from govlog.application.erasing import Eraser, Plan
    from govlog.application.erasure import Wanted
    from govlog.application.personal_data import PersonalData
    from govlog.persistence.settings import Settings


@contextmanager
def eraser_of(settings: Settings) -> Iterator[Eraser]:
    """An eraser on a log, wired as the service wires its own."""
    from govlog.application.decision_log import DecisionLog
    from govlog.application.erasing import Eraser
    from govlog.persistence.access import AccessTokens
    from govlog.persistence.store import EventStore
    from projections.erasing import clear

    with EventStore.open(settings) as store, AccessTokens(settings) as tokens:
        yield Eraser(store, DecisionLog(store), tokens, partial(clear, settings.views_db))


def finish_erasures(settings: Settings) -> None:
    """Carry out what was begun before the last end, for nothing is served in between."""
    from govlog.persistence.erasure_journal import ErasureJournal

    if all(each.done for each in ErasureJournal(settings.erasures).entries()):
        return
    with eraser_of(settings) as eraser:
        for each in eraser.resume():
            say(f"finished an interrupted erasure of {each.party or 'single values'}")


@click.command("erase")
@click.argument("party", required=False)
@click.option("--value", "values", multiple=True, help="A single value, by its commitment.")
@click.option("--ground", help="Why: one of the cases of GDPR article 17(1); see below.")
@click.option("--dry-run", is_flag=True, help="List what would go, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--resume", is_flag=True, help="Finish what was begun or restored, and nothing else.")
@json_option
def erase(
    party: str | None,
    values: tuple[str, ...],
    ground: str | None,
    dry_run: bool,
    yes: bool,
    resume: bool,
    as_json: bool,
) -> None:
    """Erase a person (as party:...) or single values for good, and print the certificate.

    GOVLOG_TOKEN holds a token with the scope erase. Grounds: no_longer_needed,
    consent_withdrawn, objection, unlawful, legal_obligation. Erasing again changes nothing and
    prints the certificate again.
    """
    from govlog.persistence.settings import Settings

    settings = Settings.from_environ()
    if resume:
        with eraser_of(settings) as eraser:
            for each in eraser.resume(unrecorded=True):
                _show_certificate(each, as_json)
        return
    wanted = _wanted(party, values, ground)
    actor = bearer(settings)
    with eraser_of(settings) as eraser:
        plan = eraser.plan(wanted, actor)
        if dry_run:
            _show_plan(plan, as_json)
            return
        if not yes and (plan.values or plan.tokens):
            _show_plan(plan, as_json=False)
            click.confirm("Erase this for good?", abort=True, err=True)
        _show_certificate(eraser.erase(wanted, actor), as_json)


def _wanted(party: str | None, values: tuple[str, ...], ground: str | None) -> Wanted:
    from govlog.application.erasure import Wanted
    from govlog.domain.events.any_stream import ErasureGround
    from govlog.domain.values import stream_id

    if (party is None) == (not values):
        raise click.UsageError("Name a PARTY, or single values with --value")
    grounds = [each.value for each in ErasureGround]
    if ground not in grounds:
        raise click.UsageError(f"Give a --ground: {', '.join(grounds)}")
    person = None if party is None else stream_id(party, "party")
    return Wanted(ErasureGround(ground), person, values)


def _show_plan(plan: Plan, as_json: bool) -> None:
    if as_json:
        values = [
            {"event": each.event, "field": each.field, "commitment": each.commitment}
            for each in plan.values
        ]
        print_json({"values": values, "tokens": plan.tokens})
        return
    for each in plan.values:
        click.echo(f"{each.event}  {each.field}  {each.commitment}")
    for token in plan.tokens:
        click.echo(f"access token {token} ends")
    say(f"{len(plan.values)} values and {len(plan.tokens)} tokens would go")


def _show_certificate(certificate: Certificate, as_json: bool) -> None:
    if as_json:
        print_json(certificate)
        return
    click.echo(f"Certificate of erasure, log {certificate.origin}")
    click.echo(f"  of        {certificate.party or 'single values'}")
    click.echo(f"  log       {certificate.size} entries, root {certificate.root}")
    for erasure in certificate.erasures:
        click.echo(
            f"  erased    {erasure.recorded_at} by {erasure.recorded_by}, {erasure.ground}:"
            f" event {erasure.event}, index {erasure.index}"
        )
        for each in erasure.values:
            click.echo(f"            {each.event}  {each.field}  {each.commitment}")
    click.echo(f"  standing  {certificate.standing} values")
    streams = ", ".join(certificate.mentioned_on) or "no stream"
    click.echo(f"  the id    stands on {streams}")
    click.echo(f"  remains   {certificate.remains}")
    if not certificate.complete:
        say("a reader holds the write-ahead log; run `govlog erase --resume` when it is gone")


@click.command("personal-data")
@click.argument("party")
@json_option
def personal_data(party: str, as_json: bool) -> None:
    """List everything that is held about PARTY: values, mentions, access tokens.

    GOVLOG_TOKEN holds a token with the scope erase.
    """
    from govlog.application.personal_data import held_about
    from govlog.domain.errors import ScopeRequired
    from govlog.domain.values import stream_id
    from govlog.persistence.access import AccessTokens
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    settings = Settings.from_environ()
    scopes = bearer(settings).scopes
    if "erase" not in scopes:
        raise ScopeRequired("this needs the scope erase", mend="use a token that has it")
    person = stream_id(party, "party")
    with EventStore.open(settings) as store, AccessTokens(settings) as tokens:
        held = held_about(store, tokens, person, closed_too="read:closed" in scopes)
    if as_json:
        print_json(held)
    else:
        _show_held(held)


def _show_held(held: PersonalData) -> None:
    click.echo(f"Held about {held.party} in {held.origin}, {held.size} entries")
    for value in held.values:
        text = "(closed)" if value.value is None else value.value
        click.echo(f"  {value.since}  {value.event}  {value.field}: {text}")
    for mention in held.mentions:
        click.echo(f"  {mention.since}  {mention.event}  {mention.topic} names the id")
    click.echo(f"  recorded {held.recorded} events")
    for token in held.tokens:
        end = "ended" if token.revoked_at else "in force"
        click.echo(f"  access token {token.id} ({end}) {token.label}")
    for word in held.clock_words:
        click.echo(f"  {word.at}  said of the clock: {word.grounds}")
    erased = sum(len(each.values) for each in held.erasures)
    click.echo(f"  erased before: {erased} values")
