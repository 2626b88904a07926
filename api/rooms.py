"""What the routes of one worker work with; wired once by `create_app`."""

from __future__ import annotations

from typing import cast

from flask import current_app
from msgspec import Struct

from api.knowledge import Knowledge
from api.metrics import Metrics
from api.published import Published
from api.security import Doorkeeper
from api.waiting import Waiting
from govlog.application.decision_log import DecisionLog
from govlog.application.erasing import Eraser
from govlog.persistence.access import AccessTokens
from govlog.persistence.store import EventStore
from projections.reading import Views


class Rooms(Struct, frozen=True):
    """The rooms of the house that an app has opened."""

    store: EventStore
    log: DecisionLog
    views: Views
    knowledge: Knowledge
    tokens: AccessTokens
    door: Doorkeeper
    eraser: Eraser
    published: Published
    waiting: Waiting
    metrics: Metrics

    def close(self) -> None:
        """Let go of all files."""
        self.views.close()
        self.tokens.close()
        self.store.close()


def rooms() -> Rooms:
    """Those of the app that serves this request."""
    return cast(Rooms, current_app.extensions["govlog"])
