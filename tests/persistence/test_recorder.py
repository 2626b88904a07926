"""The eventsourcing library reads the log too, and cannot write past us."""

from __future__ import annotations

import pytest
from eventsourcing.persistence import ProgrammingError, StoredEvent

from govlog.domain.values import StreamId
from govlog.persistence.mapper import FactMapper
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.persistence.logs import META, PRODUCT, finished, put, renamed, script

OTHER = StreamId("product:stand")


def test_the_library_s_notifications_are_the_facts_of_the_log(store: EventStore) -> None:
    recorded = [
        *put(store, PRODUCT, renamed("a")),
        *put(store, OTHER, renamed("b"), renamed("c")),
    ]
    mapper = FactMapper(META.zone)
    notifications = store.recorder.select_notifications(1, 10)
    assert [each.id for each in notifications] == [1, 2, 3]
    assert [mapper.to_domain_event(each) for each in notifications] == recorded
    assert store.recorder.max_notification_id() == 3


def test_notifications_have_bounds_and_topics(store: EventStore) -> None:
    put(store, PRODUCT, *(renamed(str(number)) for number in range(6)))
    select = store.recorder.select_notifications
    assert [each.id for each in select(None, 2)] == [1, 2]
    assert [each.id for each in select(2, 9, 4)] == [2, 3, 4]
    assert [each.id for each in select(2, 9, inclusive_of_start=False)] == [3, 4, 5, 6]
    assert select(1, 9, topics=["DebateOpened.v1"]) == []
    assert len(select(1, 9, topics=["ProductRenamed.v1"])) == 6


def test_a_stream_is_selected_by_version(store: EventStore) -> None:
    put(store, PRODUCT, *(renamed(str(number)) for number in range(5)))
    put(store, OTHER, renamed("other"))
    select = store.recorder.select_events
    assert [each.originator_version for each in select(PRODUCT)] == [1, 2, 3, 4, 5]
    assert [each.originator_version for each in select(PRODUCT, gt=1, lte=3)] == [2, 3]
    assert [each.originator_version for each in select(PRODUCT, desc=True, limit=2)] == [5, 4]


def test_the_library_cannot_write_or_make_tables(store: EventStore) -> None:
    event = StoredEvent(PRODUCT, 1, "ProductRenamed.v1", b"{}")
    with pytest.raises(ProgrammingError, match="writing"):
        store.recorder.insert_events([event])
    with pytest.raises(ProgrammingError, match="govlog migrate"):
        store.recorder.create_table()
    with pytest.raises(TypeError, match="notification"):
        FactMapper(META.zone).to_domain_event(event)
    assert store.size() == 0


WRITER = """
import sys
from pathlib import Path
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.persistence.logs import PRODUCT, put, renamed
with EventStore.open(Settings(Path(sys.argv[1]))) as store:
    for number in range(5):
        put(store, PRODUCT, renamed(str(number)))
"""


def test_a_subscription_sees_the_facts_of_another_process(
    store: EventStore, settings: Settings
) -> None:
    put(store, OTHER, renamed("before"))
    with store.recorder.subscribe(gt=0) as subscription:
        assert next(subscription).originator_id == OTHER
        finished(script(WRITER, settings.data))
        seen = [next(subscription) for _ in range(5)]
    assert [(each.id, each.originator_version) for each in seen] == [
        (2, 1), (3, 2), (4, 3), (5, 4), (6, 5),
    ]  # fmt: skip


def test_a_subscription_ends_when_it_is_told_to(store: EventStore) -> None:
    put(store, PRODUCT, renamed())
    subscription = store.recorder.subscribe()
    with subscription:
        next(subscription)
        subscription.stop()
        assert list(subscription) == []


def test_a_subscription_hands_on_what_went_wrong(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, PRODUCT, renamed())
    subscription = store.recorder.subscribe()
    with subscription:
        next(subscription)

        def broken(*_: object, **__: object) -> None:
            raise LookupError("the disk is gone")

        monkeypatch.setattr(store.recorder, "select_notifications", broken)
        with pytest.raises(LookupError, match="the disk is gone"):
            next(subscription)
