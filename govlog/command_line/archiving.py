"""`govlog archive`: everything public about a log in one file that holds by itself."""

from __future__ import annotations

from pathlib import Path

import click

from govlog.command_line.answers import json_option, print_json
from govlog.command_line.views import progress


@click.command("archive")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def archive(file: Path, as_json: bool) -> None:
    """Seal the published log into the new zip FILE, with the tool that checks it.

    Texts of closed items stay out. `govlog verify FILE` checks it, also without any service.
    """
    from govlog.exchange.archive import seal
    from govlog.ledger.publication import Publication
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    settings = Settings.from_environ()
    with EventStore.open(settings) as store, progress("Sealing the log") as told:
        sealed = seal(store, Publication(settings.publication), file, told)
    if as_json:
        print_json(sealed)
    else:
        click.echo(f"{sealed.size} entries and {sealed.texts} texts of {sealed.origin} in {file}")
