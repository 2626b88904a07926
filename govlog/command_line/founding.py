"""`govlog init` begins a real, empty log; `govlog demo` makes the demonstration."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from govlog.command_line.answers import json_option, print_json, say
from govlog.command_line.publishing import signing_keys
from govlog.contract.shapes import typed

if TYPE_CHECKING:
    from govlog.application.decision_log import Order, Receipt
    from govlog.domain.values import StreamId
    from govlog.persistence.migrate import LogMeta
    from govlog.persistence.settings import Settings

_ADMIN_DAYS = 365


@click.command("init")
@click.option(
    "--origin", required=True, help="The log's name for ever, as log.example.org/our-community."
)
@click.option("--zone", required=True, help="Where its days begin and end, as Europe/Copenhagen.")
@click.option("--body", required=True, help="The founding body's id, as body:assembly.")
@click.option("--body-name", required=True, help="What the founding body is called.")
@click.option("--bylaws", required=True, help="Where the bylaws stand that it rests on.")
@click.option(
    "--founded", metavar="DATE", help="When: 2012, 2012-04 or 2012-04-24; today when left out."
)
@click.option("--quorum", default="at_least_half", show_default=True, help="Of all who are seated.")
@click.option("--majority", default="simple", show_default=True)
@click.option("--tie", default="chair", show_default=True)
@click.option(
    "--admin", required=True, help="The first administrator's name; it can be erased later."
)
@click.option(
    "--approver",
    help="The second person's name, who approves what is recorded late, such as an old founding.",
)
@json_option
def init(as_json: bool, **given: str | None) -> None:
    """Begin a real, empty log in the directory GOVLOG_DATA, with its founding body and first
    administrator, whose token is printed this once only; on a second line that of the approver."""
    from govlog.domain.errors import StoreUnusable
    from govlog.domain.values import StreamId, stream_id
    from govlog.persistence import migrate
    from govlog.persistence.settings import Settings

    settings = Settings.from_environ()
    if settings.events_db.exists():
        raise StoreUnusable(
            f"there is a log in {settings.data} already",
            mend="name an empty directory in GOVLOG_DATA",
        )
    body = stream_id(str(given["body"]), "body")
    admin, approver = (StreamId(f"party:{secrets.token_hex(8)}") for _ in range(2))
    meta = migrate.LogMeta(
        origin=str(given["origin"]), zone=str(given["zone"]), demo=False, root_body=body
    )
    try:
        migrate.migrate(settings)
        migrate.begin(settings, meta)
        orders = _founding(admin, approver, meta, given)
        receipt = _record_founding(settings, orders, admin)
        signing_keys(settings, meta.origin)
    except BaseException:
        _leave_nothing(settings)
        raise
    _tell(settings, meta, admin, approver if given["approver"] else None, receipt, as_json)


def _founding(
    admin: StreamId, approver: StreamId, meta: LogMeta, given: dict[str, str | None]
) -> list[Order]:
    """The first facts of a log, through the contract like every other."""
    from govlog.application.commands import COMMANDS
    from govlog.application.decision_log import Order
    from govlog.contract.commands import load, with_subject

    today = datetime.now(ZoneInfo(meta.zone)).date().isoformat()
    body = {
        "name": given["body_name"],
        "decided_on": given["founded"] or today,
        "rules": {
            "version": "bylaws",
            **{rule: given[rule] for rule in ("quorum", "majority", "tie")},
        },
        "evidence": [{"locator": given["bylaws"]}],
    }
    founded = load(COMMANDS["found_body"], body).fact

    def person(stream: StreamId, name: str | None) -> Order:
        party = {"kind": "person", "name": name, "decided_on": today}
        fact = load(COMMANDS["register_party"], party).fact
        return Order("register_party", stream, with_subject(fact, stream))

    people = [person(admin, given["admin"])]
    if given["approver"]:
        people.append(person(approver, given["approver"]))
    return [*people, Order("found_body", meta.root_body, founded)]


def _record_founding(settings: Settings, orders: list[Order], admin: StreamId) -> Receipt:
    from govlog.application.decision_log import Actor, DecisionLog
    from govlog.persistence.access import ROLES
    from govlog.persistence.store import EventStore

    with EventStore.open(settings) as store:
        return DecisionLog(store, typed=typed).record(orders, Actor(admin, "", ROLES["admin"]))


def _tell(
    settings: Settings,
    meta: LogMeta,
    admin: StreamId,
    approver: StreamId | None,
    receipt: Receipt,
    as_json: bool,
) -> None:
    from govlog.persistence.access import ROLES, AccessTokens

    expires = datetime.now(ZoneInfo(meta.zone)) + timedelta(days=_ADMIN_DAYS)
    holders = {"admin": (admin, ROLES["admin"])}
    if approver is not None:
        holders["approver"] = (approver, frozenset({"approve"}))
    with AccessTokens(settings) as tokens:
        secrets_of = {
            name: tokens.create(person, scopes, label="init", expires_at=expires)[1]
            for name, (person, scopes) in holders.items()
        }
    waiting = [each.id for each in receipt.recorded if each.fact.pending]
    if as_json:
        answer: dict[str, Any] = {"origin": meta.origin, "body": meta.root_body, "admin": admin}
        answer |= {"token": secrets_of["admin"], "pending": waiting}
        if approver is not None:
            answer |= {"approver": approver, "approver_token": secrets_of["approver"]}
        print_json(answer)
        return
    for secret in secrets_of.values():
        click.echo(secret)
    say(f"the log {meta.origin} has begun in {settings.data}")
    for name, (person, _) in holders.items():
        say(f"the {name} is {person}; above is their token until {expires:%Y-%m-%d}")
    say("a token is not shown again")
    say(f"{settings.log_key} signs the log: keep a copy of it, apart from the log")
    _tell_what_waits(waiting, approver)


def _tell_what_waits(waiting: list[str], approver: StreamId | None) -> None:
    """An old founding counts only from a second person's word (rule 5): say how it is given."""
    if not waiting:
        return
    facts = " ".join(waiting)
    say(f"{facts} is older than the bylaws' days for late entries and waits for a second person")
    if approver is None:
        say("register one (POST /v1/parties with the token above), and make them a token:")
        say("  govlog token create party:... --scope approve")
    say(f"with that second token in GOVLOG_TOKEN: govlog approve {facts}")


def _leave_nothing(settings: Settings) -> None:
    """A log that could not begin would only stand in the way of the next try."""
    files = (settings.events_db, settings.access_db, settings.keys_db, settings.write_lock)
    for path in files:
        for suffix in ("", "-wal", "-shm", ".turn"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


@click.command("demo")
@click.option("--if-absent", is_flag=True, help="Leave a log that is there as it is.")
@json_option
def demo(if_absent: bool, as_json: bool) -> None:
    """Make the demonstration log in the directory GOVLOG_DATA; it never becomes a real one."""
    from govlog.application.decision_log import DecisionLog
    from govlog.command_line.views import progress
    from govlog.demo import loader
    from govlog.persistence import migrate
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    settings = Settings.from_environ()
    fresh = not settings.events_db.exists()
    if if_absent and not fresh and not _is_unfinished(settings):
        return
    migrate.migrate(settings)
    if fresh:
        migrate.begin(settings, loader.META)
    with EventStore.open(settings) as store, progress("Recording the demonstration") as told:
        done: list[str] = []

        def next_batch(name: str) -> None:
            told(len(done), len(loader.SOURCES))
            done.append(name)

        summary = loader.load(store, DecisionLog(store, typed=typed), progress=next_batch)
        signing_keys(settings, store.meta.origin)
    if as_json:
        print_json(summary)
    else:
        click.echo(f"The demonstration stands in {settings.data}: {summary.size} facts.")


def _is_unfinished(settings: Settings) -> bool:
    """Whether making a demonstration was interrupted: it can go on where it ended."""
    from govlog.demo import loader
    from govlog.domain.values import StreamId
    from govlog.persistence.store import EventStore

    with EventStore.open(settings) as store:
        last = list(loader.SOURCES)[-1]
        facts = 1 if last in loader.LEFT_WAITING else 2
        return store.meta.demo and len(store.read(StreamId(f"batch:{last}"))) < facts
