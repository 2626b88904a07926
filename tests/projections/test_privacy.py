"""What can be erased never enters the views: commitments do, looked up when they are read."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

from govlog.application.facts import Facts
from govlog.persistence.migrate import LogMeta, begin, migrate
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from projections.catalogue import VIEWS
from projections.reading import Views
from projections.runner import Projector
from tests.projections.histories import history
from tests.projections.making import BODIES

WORDS = "spoken words"


def told(folder: Path) -> Settings:
    """A real log with a long history, in which every personal value begins with the same words."""
    settings = Settings(folder)
    migrate(settings)
    begin(settings, LogMeta("log.example.org/test", "Europe/Copenhagen", False, BODIES[0]))
    with EventStore.open(settings) as store, store.writing() as writing:
        for each in history(5, 900, spoken=WORDS):
            writing.append(each.stream, each.version, each.fact, each.recorded_by, each.token)
    return settings


def test_no_row_holds_a_text_that_can_be_erased_and_every_commitment_can_be_looked_up(
    tmp_path: Path,
) -> None:
    settings = told(tmp_path)
    with EventStore.open(settings) as store, closing(Views(settings.views_db)) as views:
        projector = Projector(
            store, settings.views_db, settings.projector_lock, lambda size: Facts.at(store, size)
        )
        assert projector.catch_up() == store.size()
        with views.snapshot() as now:
            bodies = {
                view.name: [row.body for row in now.page(view.name, limit=1000).rows]
                for view in VIEWS
            }
        assert [name for name, found in bodies.items() if not found] == []
        rows = b"".join(body for found in bodies.values() for body in found)
        commitments = set(re.findall(r'{"\$c":"([0-9a-f]+)"}', rows.decode()))
        revealed = store.reveal(commitments)
    assert len(commitments) > 50
    assert revealed.keys() == commitments
    assert all(text.startswith(WORDS) for text in revealed.values())
    files = list(tmp_path.glob("views*"))
    assert len(files) > 1
    assert [file.name for file in files if WORDS.encode() in file.read_bytes()] == []
