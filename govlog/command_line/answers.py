"""How every command answers: text or JSON on stdout, one line on stderr when it cannot."""

from __future__ import annotations

import os
import sys
from enum import IntEnum
from typing import Any

import click
import msgspec

from govlog.domain.errors import GovlogError, StoreBusy, StoreUnusable
from govlog.ledger.errors import LedgerError


class Exit(IntEnum):
    """The exit codes of every command; 2 is click's own for a wrong command line."""

    DONE = 0
    FAULT = 1
    """Something that nobody foresaw, or a service that does not get going."""
    USAGE = 2
    REFUSED = 3
    """A rule or a permission says no, or what was named is not there."""
    NO_LOG = 4
    """There is no log here that this program may use."""
    BUSY = 5
    """Not now; the same command can be tried again."""
    INTERRUPTED = 130


json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs.")

_encode = msgspec.json.Encoder(decimal_format="string").encode


def print_json(answer: Any) -> None:
    """One JSON value on one line."""
    click.echo(_encode(answer))


def say(line: str) -> None:
    """Tell the person, not the program that reads stdout."""
    click.echo(f"govlog: {line}", err=True)


def explain(error: BaseException) -> Exit:
    """Say on one line what went wrong and what mends it; returns the exit code that means it."""
    match error:
        case click.exceptions.Abort() | KeyboardInterrupt():
            say("interrupted")
            return Exit.INTERRUPTED
        case click.ClickException():
            told = error.ctx if isinstance(error, click.UsageError) else None
            say(error.format_message() + (f" (see {told.command_path} --help)" if told else ""))
            return Exit(error.exit_code)
        case GovlogError():
            say(_one_line("; ".join(filter(None, _told(error)))))
            return _meaning(error)
        case LedgerError():
            say(_one_line(str(error)))
            return Exit.REFUSED
        case OSError():
            where = f" ({error.filename})" if error.filename else ""
            say(_one_line(f"{error.strerror or error}{where}"))
            return Exit.FAULT
    if os.environ.get("GOVLOG_TRACEBACK"):
        sys.excepthook(type(error), error, error.__traceback__)
    said = _one_line(f"{type(error).__name__}: {error}")
    say(f"{said}; this is a fault of govlog: GOVLOG_TRACEBACK=1 shows where")
    return Exit.FAULT


def _told(error: GovlogError) -> list[str]:
    from govlog.contract.refusal import InvalidBody

    if isinstance(error, InvalidBody):
        return [f"{fault.field}: {fault.detail}" for fault in error.faults]
    return [error.message, error.mend]


def _meaning(error: GovlogError) -> Exit:
    if isinstance(error, StoreBusy):
        return Exit.BUSY
    return Exit.NO_LOG if isinstance(error, StoreUnusable) else Exit.REFUSED


def _one_line(text: str) -> str:
    return " ".join(text.split())
