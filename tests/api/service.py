"""A log with its API in a directory of its own, and a client that speaks like a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api.app import Bounds, create_app
from api.rooms import Rooms
from govlog.application.facts import Facts
from govlog.domain.values import StreamId
from govlog.persistence.access import SCOPES, AccessTokens
from govlog.persistence.migrate import LogMeta, begin, migrate
from govlog.persistence.settings import Settings
from projections.runner import Projector
from tests.api.answers import Answer, Client

ZONE = "Europe/Copenhagen"
META = LogMeta(
    origin="log.example.org/api", zone=ZONE, demo=False, root_body=StreamId("body:board")
)
RECORDER = StreamId("party:recorder")
WITHOUT_VOTE = SCOPES - {"vote"}


def today() -> date:
    return datetime.now(ZoneInfo(ZONE)).date()


def day() -> str:
    """Today as it is written in bodies: asked anew in each test, for it may end while they run."""
    return today().isoformat()


class Service:
    """One running log; `now` is the size that the last write led to."""

    def __init__(self, data: Path, bounds: Bounds | None = None) -> None:
        self.settings = Settings(data)
        migrate(self.settings)
        begin(self.settings, META)
        self.app = create_app(self.settings, bounds)
        self.client = Client(self.app)
        self.recorder = self.token(RECORDER)

    @property
    def rooms(self) -> Rooms:
        rooms: Rooms = self.app.extensions["govlog"]
        return rooms

    def close(self) -> None:
        self.rooms.close()

    def token(
        self,
        person: str,
        scopes: Iterable[str] = SCOPES,
        *,
        organisations: Iterable[str] = (),
        expires_at: datetime | None = None,
    ) -> str:
        with AccessTokens(self.settings) as tokens:
            _, secret = tokens.create(
                StreamId(person),
                scopes,
                organisations=[StreamId(each) for each in organisations],
                expires_at=expires_at,
            )
        return secret

    def size(self) -> int:
        return self.rooms.store.size()

    def get(self, path: str, **headers: str) -> Answer:
        return self.client.get(path, headers=_headers(headers))

    def post(
        self, path: str, body: Any = None, *, token: str | None = None, **headers: str
    ) -> Answer:
        """A write by the recorder, on whichever version the stream is at."""
        sent = {"If-Match": "*", "Authorization": f"Bearer {token or self.recorder}"}
        return self.client.post(path, json=body or {}, headers={**sent, **_headers(headers)})

    def record(self, path: str, body: Any = None, *, token: str | None = None) -> dict[str, Any]:
        """The same for what must succeed; decided today where the body does not say."""
        dated = {"decided_on": today().isoformat(), **(body or {})}
        response = self.post(path, dated, token=token)
        assert response.status_code == 201, response.get_data(as_text=True)
        return dict(response.json)

    def show(self) -> None:
        """Bring the views to the end of the log."""
        store, settings = self.rooms.store, self.settings
        Projector(
            store, settings.views_db, settings.projector_lock, lambda size: Facts.at(store, size)
        ).catch_up()


def _headers(named: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in named.items()}
