"""`govlog publish`: signs the log and makes its tree public."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click

from govlog.command_line.answers import say

if TYPE_CHECKING:
    from threading import Event

    from govlog.ledger.keys import SigningKey
    from govlog.ledger.policy import Policy
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore


@click.command("publish")
def publish() -> None:
    """Sign checkpoints of the log and publish its tiles, until stopped; `govlog serve` does so too.

    GOVLOG_PUBLICATION names the folder of the public files, GOVLOG_WITNESS_POLICY the file that
    names the witnesses. Of several publishers of one folder, one makes each step.
    """
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    settings = Settings.from_environ()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with EventStore.open(settings) as store:
        while not stop.is_set():
            _publish(store, stop)


def _publish(store: EventStore, stop: Event) -> None:
    """Until told to stop, or the file of the keys has changed."""
    from govlog.ledger.gathering import Gathering
    from govlog.ledger.publication import Publication
    from govlog.ledger.publisher import Publisher
    from govlog.ledger.publishing import Publishing
    from govlog.ledger.source import Stoppable

    settings = store.settings
    keys = signing_keys(settings, store.meta.origin)
    taken = settings.log_key.stat().st_mtime_ns

    def changed() -> bool:
        return settings.log_key.exists() and settings.log_key.stat().st_mtime_ns != taken

    policy = witness_policy(settings)
    publication = Publication(settings.publication)
    publication.sweep()
    publication.show_keys([each.verifier for each in keys], policy)
    asked = [each.name for each in policy.witnesses if each.url]
    gathering = Gathering(policy, patience=settings.witness_patience) if asked else None
    publisher = Publisher(Stoppable(store, stop.is_set), publication, keys, gathering)
    Publishing(publisher, publication, gathering, say).run(stop, changed)


def witness_policy(settings: Settings) -> Policy:
    """Whom the log asks to cosign; nobody where no file is named. StoreUnusable for a wrong one."""
    from govlog.domain.errors import StoreUnusable
    from govlog.ledger.errors import Malformed
    from govlog.ledger.policy import Policy

    if settings.witness_policy is None:
        return Policy()
    try:
        return Policy.parse(settings.witness_policy.read_bytes())
    except (OSError, Malformed) as error:
        raise StoreUnusable(
            f"the witness policy {settings.witness_policy} cannot be used: {error}",
            mend="write it as c2sp.org/tlog-policy says, or unset GOVLOG_WITNESS_POLICY",
        ) from error


def signing_keys(settings: Settings, origin: str) -> tuple[SigningKey, ...]:
    """The keys that sign this log; a log that was never signed is given one.

    StoreUnusable where they are gone, or can be read by others.
    """
    from govlog.domain.errors import StoreUnusable
    from govlog.ledger import key_file
    from govlog.ledger.errors import Malformed
    from govlog.ledger.publication import LastSigned, Publication

    try:
        return key_file.read(settings.log_key, origin)
    except Malformed as error:
        raise StoreUnusable(str(error), mend="put the right key there") from error
    except FileNotFoundError:
        if LastSigned(Publication(settings.publication)).path.exists():
            raise StoreUnusable(
                f"there is no signing key at {settings.log_key}",
                mend="bring the file back from its backup, or name it in GOVLOG_LOG_KEY",
            ) from None
    return (key_file.create(settings.log_key, origin),)
