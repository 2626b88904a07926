"""Publishes a log as its publisher does, once and to the end."""

from __future__ import annotations

from pathlib import Path

from govlog.command_line.publishing import signing_keys
from govlog.ledger.policy import Policy
from govlog.ledger.publication import Publication
from govlog.ledger.publisher import Publisher
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore


def published(data: Path) -> str:
    """Sign and publish all that the log holds; answers its verifier key."""
    with EventStore.open(Settings(data)) as store:
        keys = signing_keys(store.settings, store.meta.origin)
        publication = Publication(store.settings.publication)
        publication.show_keys([each.verifier for each in keys], Policy())
        publisher = Publisher(store, publication, keys)
        while publisher.step() is not None:
            pass
    return str(keys[0].verifier)
