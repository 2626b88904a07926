"""`govlog approve` and `approve-batch`: a second person's word on facts, and on whole imports."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from govlog.command_line.answers import json_option, print_json
from govlog.contract.shapes import typed

if TYPE_CHECKING:
    from govlog.application.decision_log import Actor
    from govlog.persistence.settings import Settings


@click.command("approve")
@click.argument("facts", nargs=-1, required=True, metavar="FACT...")
@json_option
def approve(facts: tuple[str, ...], as_json: bool) -> None:
    """Let facts that wait, as body:assembly@1, count from now on; all of them or none.

    GOVLOG_TOKEN holds the token of a person other than the one who recorded them.
    """
    from govlog.application.decision_log import DecisionLog, Order
    from govlog.domain.events.any_stream import Approved
    from govlog.domain.values import StreamId, stream_id
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    by_stream: dict[StreamId, list[str]] = {}
    for each in facts:
        by_stream.setdefault(stream_id(each.partition("@")[0]), []).append(each)
    orders = [
        Order("approve", stream, Approved(facts=tuple(ids))) for stream, ids in by_stream.items()
    ]
    settings = Settings.from_environ()
    with EventStore.open(settings) as store:
        receipt = DecisionLog(store).record(orders, bearer(settings))
    if as_json:
        print_json({"recorded": [each.id for each in receipt.recorded], "size": receipt.size})
    else:
        click.echo(f"Approved: {', '.join(facts)}; the log has {receipt.size} facts.")


@click.command("approve-batch")
@click.argument("batch")
@click.option("--refuse", is_flag=True, help="Say instead that it shall never count.")
@click.option("--grounds", help="Why it is refused.")
@json_option
def approve_batch(batch: str, refuse: bool, grounds: str | None, as_json: bool) -> None:
    """Let an import, as batch:2026-11, count from now on.

    GOVLOG_TOKEN holds the token of a person other than the one who recorded it.
    """
    from govlog.application.decision_log import DecisionLog
    from govlog.domain.values import stream_id
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    if grounds and not refuse:
        raise click.UsageError("--grounds goes with --refuse")
    settings = Settings.from_environ()
    stream = stream_id(batch, "batch")
    with EventStore.open(settings) as store:
        log, actor = DecisionLog(store, typed=typed), bearer(settings)
        if refuse:
            receipt = log.refuse_batch(stream, actor, grounds=grounds)
        else:
            receipt = log.approve_batch(stream, actor)
    if as_json:
        print_json({"recorded": [each.id for each in receipt.recorded], "size": receipt.size})
    else:
        word = "refused" if refuse else "approved"
        click.echo(f"{batch} is {word}; the log has {receipt.size} facts.")


def bearer(settings: Settings) -> Actor:
    """Whose token GOVLOG_TOKEN holds: who acts is a person, on the command line as well."""
    from govlog.application.decision_log import Actor
    from govlog.domain.errors import NotAllowed
    from govlog.persistence.access import AccessTokens

    with AccessTokens(settings) as tokens:
        token = tokens.authenticate(os.environ.get("GOVLOG_TOKEN") or "")
    if token is None:
        raise NotAllowed(
            "GOVLOG_TOKEN holds no token in force", mend="make one with govlog token create"
        )
    return Actor(token.person, token.id, token.scopes, token.organisations)
