"""`govlog serve`: the whole service under one supervisor; `govlog migrate`: its tables."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import urllib.error
import urllib.request
from errno import EADDRINUSE
from pathlib import Path

import click

from govlog.command_line.answers import Exit, json_option, print_json, say
from govlog.command_line.erasing import finish_erasures


@click.command("migrate")
@json_option
def migrate(as_json: bool) -> None:
    """Create or renew the tables of the log; nothing else ever does."""
    from govlog.persistence import migrate as tables
    from govlog.persistence.settings import Settings

    settings = Settings.from_environ()
    version = tables.migrate(settings)
    finish_erasures(settings)
    if as_json:
        print_json({"data": str(settings.data), "schema_version": version})
    else:
        click.echo(f"The tables in {settings.data} are at schema version {version}.")


@click.command("serve")
def serve() -> None:
    """Serve the log on http://127.0.0.1:8000, with its views and its proofs, until stopped.

    PORT and GOVLOG_HOST say where, GOVLOG_DATA which log. Web workers, projections and publisher
    are started again when they end; SIGTERM and Ctrl-C end everything in good order.
    """
    from govlog.command_line.supervisor import Child, Supervisor
    from govlog.persistence import migrate as tables
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    host, port = _where()
    settings = Settings.from_environ()
    if settings.events_db.exists():
        tables.migrate(settings)
        finish_erasures(settings)
    with EventStore.open(settings) as store:
        demo = store.meta.demo
        about = f"{store.size()} facts in {settings.data}"
        about += ", a demonstration" if demo else f", the log {store.meta.origin}"
    _require_free(host, port)
    web = ("-m", "gunicorn", "--log-level", "warning", "--config", "python:api.gunicorn_conf")
    children = [
        Child("the projections", (sys.executable, "-m", "govlog", "work")),
        Child("the publisher", (sys.executable, "-m", "govlog", "publish")),
        Child("the web", (sys.executable, *web, "api.app:create_app()")),
    ]
    address = f"http://{_reachable(host)}:{port}"
    token = f"GOVLOG_DATA={settings.data} {_command()} token create "
    token += "party:demo-recorder --role recorder" if demo else "PERSON --role ROLE"
    supervisor = Supervisor(children, say)
    sys.exit(supervisor.run(lambda: _answers(address), lambda: _greet(address, about, token)))


def _where() -> tuple[str, int]:
    host = os.environ.get("GOVLOG_HOST") or "127.0.0.1"
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise click.UsageError(f"PORT is {text!r}: use a number from 1 to 65535")
    return host, int(text)


def _require_free(host: str, port: int) -> None:
    """Find out before anything starts whether the port can be had."""
    try:
        with socket.create_server((host, port), family=_family(host)):
            return
    except OSError as error:
        reason = "is in use" if error.errno == EADDRINUSE else f"cannot be had: {error.strerror}"
        say(f"port {port} on {host} {reason}; choose another: PORT={port + 1} govlog serve")
        sys.exit(Exit.BUSY)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _reachable(host: str) -> str:
    """Where this machine reaches a service that listens on `host`."""
    named = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"[{named}]" if ":" in named else named


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/livez", timeout=1):  # noqa: S310
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _command() -> str:
    """How this program is called from where the caller is."""
    if shutil.which("govlog"):
        return "govlog"
    return os.path.relpath(Path(sys.executable).with_name("govlog"))


def _greet(address: str, about: str, token: str) -> None:
    click.echo(
        f"govlog serves {about}\n"
        f"  the log     {address}/v1/timeline\n"
        f"  its API     {address}/docs\n"
        f"  a token     {token}\n"
        f"Ctrl-C ends it."
    )
