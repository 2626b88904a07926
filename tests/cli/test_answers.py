"""Every answer that is a refusal is one line and one code."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import click
import pytest

from govlog.cli import govlog as commands
from govlog.command_line.answers import Exit, explain
from govlog.domain.errors import NotFound, StoreBusy, StoreUnusable
from govlog.persistence.migrate import EVENTS
from tests.cli.asking import Govlog

VISIBLE = sorted(commands.commands)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFound("there is no x", mend="look again"), Exit.REFUSED),
        (StoreUnusable("no log", mend="govlog init"), Exit.NO_LOG),
        (StoreBusy("another writer", mend="try again"), Exit.BUSY),
        (click.UsageError("No such option"), Exit.USAGE),
        (click.Abort(), Exit.INTERRUPTED),
        (KeyboardInterrupt(), Exit.INTERRUPTED),
        (PermissionError(13, "Permission denied", "events.db"), Exit.FAULT),
        (sqlite3.OperationalError("disk I/O\nerror"), Exit.FAULT),
    ],
)
def test_an_error_is_one_line_and_a_code(
    error: BaseException, code: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(error) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("govlog: ")
    assert err.count("\n") == 1


def test_what_mends_an_error_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    explain(StoreUnusable("no log here", mend="run `govlog init`"))
    assert capsys.readouterr().err == "govlog: no log here; run `govlog init`\n"


def test_a_fault_shows_its_trace_on_request_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    explain(ZeroDivisionError("one by nought"))
    assert "Traceback" not in capsys.readouterr().err
    monkeypatch.setenv("GOVLOG_TRACEBACK", "1")
    explain(ZeroDivisionError("one by nought"))
    assert "ZeroDivisionError: one by nought" in capsys.readouterr().err


@pytest.mark.parametrize("command", VISIBLE)
def test_every_command_explains_itself(govlog: Govlog, command: str) -> None:
    answer = govlog(command, "--help")
    assert answer.code == Exit.DONE
    assert answer.out.startswith(f"Usage: govlog {command}")


@pytest.mark.parametrize("command", ["replay", "rebuild", "serve", "work", "token list"])
def test_without_a_log_every_command_says_how_to_begin_one(govlog: Govlog, command: str) -> None:
    answer = govlog(*command.split())
    assert answer.code == Exit.NO_LOG
    assert answer.err.count("\n") == 1
    assert "govlog " in answer.err.removeprefix("govlog: ")


def test_migrating_makes_tables_and_nothing_else(govlog: Govlog, data: Path) -> None:
    assert govlog("migrate", "--json").json == {"data": str(data), "schema_version": len(EVENTS)}
    assert govlog("migrate", "--json").json == {"data": str(data), "schema_version": len(EVENTS)}
    assert "has not begun" in govlog("replay").err


def test_the_version_is_the_package_s(govlog: Govlog) -> None:
    from importlib.metadata import version

    assert govlog("version", "--json").json == {"version": version("govlog")}
    assert govlog("version").out.strip() == version("govlog")
