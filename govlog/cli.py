"""`govlog ...`: the roof of the house; each command lives in govlog.command_line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import metadata

import click

from govlog.command_line import (
    approving,
    archiving,
    backing,
    clock,
    continuing,
    erasing,
    founding,
    history,
    publishing,
    serving,
    tokens,
    verifying,
    views,
    witnessing,
)
from govlog.command_line.answers import Exit, explain, json_option, print_json


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="govlog", prog_name="govlog")
def govlog() -> None:
    """The decision log that a community can prove.

    GOVLOG_DATA names the directory of the log, `var/log` when unset.
    """


@govlog.command("version")
@json_option
def version(as_json: bool) -> None:
    """Which govlog this is."""
    number = metadata.version("govlog")
    if as_json:
        print_json({"version": number})
    else:
        click.echo(number)


for command in (
    serving.serve,
    serving.migrate,
    views.work,
    publishing.publish,
    continuing.log,
    views.rebuild,
    history.replay,
    founding.init,
    founding.demo,
    approving.approve,
    approving.approve_batch,
    clock.clock,
    backing.backup,
    backing.restore,
    erasing.erase,
    erasing.personal_data,
    tokens.token,
    witnessing.witness,
    verifying.verify,
    archiving.archive,
):
    govlog.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with an exit code that means something."""
    try:
        govlog.main(arguments, prog_name="govlog", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - nothing leaves as a traceback
        sys.exit(explain(error))
    sys.exit(Exit.DONE)
