"""`govlog work` and `govlog rebuild`: the views, followed and made anew."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import click

from govlog.command_line.answers import json_option, print_json


@click.command("work")
def work() -> None:
    """Keep the views in step with the log, until stopped; `govlog serve` does so too.

    Several may run: one leads, the others stand by.
    """
    from govlog.application.facts import Facts
    from govlog.persistence.settings import Settings
    from projections.opening import opened
    from projections.remembered import STREAMS_FOLLOWED
    from projections.runner import Projector

    settings = Settings.from_environ()
    stop = threading.Event()
    with opened(settings) as (store, facts_at), progress("Making the views") as told:
        projector = Projector(
            store,
            settings.views_db,
            settings.projector_lock,
            facts_at,
            opening=partial(opened, settings),
            facts_live=partial(Facts.at, store, remembered=STREAMS_FOLLOWED),
        )

        def end(*_: object) -> None:
            stop.set()
            if projector.rebuilds:
                sys.exit()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        projector.run(stop, told)


@click.command("rebuild")
@json_option
def rebuild(as_json: bool) -> None:
    """Make all views anew from the first fact on, beside the ones in use, then swap them."""
    from govlog.persistence.settings import Settings
    from projections import rebuild as rebuilding
    from projections.opening import opened

    settings = Settings.from_environ()
    with opened(settings) as (store, facts_at), progress("Making the views") as told:
        size = rebuilding.rebuild(
            store,
            settings.views_db,
            facts_at,
            progress=told,
            opening=partial(opened, settings),
        )
    if as_json:
        print_json({"size": size})
    else:
        click.echo(f"The views stand at {size} facts.")


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal's stderr that appears when there is progress; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, visible=False)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=done < total)

        yield told
