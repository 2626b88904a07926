"""`govlog clock accept`: an operator's word on a clock that was ahead of the right time."""

from __future__ import annotations

import click

from govlog.command_line.answers import json_option, print_json


@click.group("clock")
def clock() -> None:
    """What to do when the clock stands behind the last recording."""


@clock.command("accept")
@click.option(
    "--grounds",
    required=True,
    help="What happened, for those who ask later; it stands in clear, so name nobody.",
)
@json_option
def accept(grounds: str, as_json: bool) -> None:
    """Let writing go on with the last recording time until the clock has passed it.

    For a clock that is right now and was ahead at the last recording; set a wrong one right
    instead. GOVLOG_TOKEN holds an administrator's token.
    """
    from govlog.command_line.approving import bearer
    from govlog.domain.errors import ScopeRequired
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    settings = Settings.from_environ()
    actor = bearer(settings)
    if "admin" not in actor.scopes:
        raise ScopeRequired("this needs the scope admin", mend="use a token that has it")
    with EventStore.open(settings) as store:
        until = store.note_clock_fault(actor.person, grounds)
    if as_json:
        print_json({"accepted": until is not None, "recording_as": until})
    elif until is None:
        click.echo("The clock is not behind the last recording: nothing had to be accepted.")
    else:
        click.echo(f"Accepted; facts are recorded as of {until} until the clock has passed it.")
