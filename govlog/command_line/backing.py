"""`govlog backup` and `govlog restore`."""

from __future__ import annotations

from pathlib import Path

import click

from govlog.command_line.answers import json_option, print_json, say
from govlog.command_line.views import progress

_FOLDER = click.Path(path_type=Path)


@click.command("backup")
@click.argument("to", type=_FOLDER)
@click.option(
    "--keys", "keys", type=_FOLDER, required=True, help="Another folder, for the keys, kept apart."
)
@json_option
def backup(to: Path, keys: Path, as_json: bool) -> None:
    """Copy the log into the new folder TO while it is served.

    The erasure journal is in no backup: keep it where it outlives them.
    """
    from govlog.persistence.backup import back_up
    from govlog.persistence.settings import Settings

    manifest = back_up(Settings.from_environ(), to, keys)
    if as_json:
        print_json(manifest)
    else:
        click.echo(f"{manifest.size} entries of {manifest.origin} in {to}, the keys in {keys}")
        click.echo(f"root {manifest.root}")


@click.command("restore")
@click.argument("source", metavar="FROM", type=_FOLDER)
@click.option("--keys", "keys", type=_FOLDER, required=True, help="Where the keys were backed up.")
@click.option(
    "--nothing-erased", is_flag=True, help="There is no erasure journal, and never was a need."
)
@json_option
def restore(source: Path, keys: Path, nothing_erased: bool, as_json: bool) -> None:
    """Bring the backup FROM back into the empty directory GOVLOG_DATA.

    What the erasure journal (GOVLOG_ERASURES) names is erased again and every entry verified
    before anything is put in place.
    """
    from govlog.persistence import backup as backups
    from govlog.persistence.settings import Settings

    settings = Settings.from_environ()
    with progress("Verifying the log") as told:
        restored = backups.restore(
            settings, source, keys, journal=not nothing_erased, progress=told
        )
    if as_json:
        print_json(restored)
        return
    click.echo(f"Restored {restored.size} entries in {settings.data}, root {restored.root}")
    click.echo(f"{restored.openings} texts open, {restored.erased} were erased again")
    if restored.locked:
        say(f"{restored.locked} texts stay unreadable: their keys are not in {keys}")
    if restored.unrecorded:
        say(
            f"no event tells of {restored.unrecorded} erased texts: once the log is as complete"
            " as it can be, run `govlog erase --resume`"
        )
