"""A closed item is opened once, by somebody who may read it, and stays what it was."""

from __future__ import annotations

import pytest

from govlog.domain.debate import Debate
from govlog.domain.errors import NotFound, ScopeRequired
from govlog.domain.events.any_stream import ItemOpened
from govlog.domain.events.debate import DebateOpened
from govlog.domain.opening import NotByImport, NotClosed, open_item
from govlog.domain.values import StreamId
from tests.domain.board import day, text
from tests.domain.given import History, known

SCOPES = frozenset({"record:minutes", "read:closed"})
OPENED = ItemOpened(decided_on=day("2024-03-01"))


def debated(*, closed: bool) -> History:
    history = History().at("2024-03-01")
    fact = DebateOpened(title=text("Pay"), question=text("How much?"), confidential=closed)
    history.record("debate:d", fact)
    return history


def item(history: History) -> Debate:
    return known(history.facts().debate(StreamId("debate:d")))


def test_an_opened_item_is_closed_no_longer() -> None:
    history = debated(closed=True)
    assert item(history).confidential
    history.when(open_item, "debate:d", OPENED, scopes=SCOPES)
    debate = item(history)
    assert not debate.confidential
    assert (debate.title, debate.index) == (text("Pay"), 0)


def test_an_item_is_opened_once() -> None:
    history = debated(closed=True)
    history.when(open_item, "debate:d", OPENED, scopes=SCOPES)
    with pytest.raises(NotClosed):
        history.decide(open_item, "debate:d", OPENED, scopes=SCOPES)


def test_what_is_not_closed_is_not_opened() -> None:
    with pytest.raises(NotClosed):
        debated(closed=False).decide(open_item, "debate:d", OPENED, scopes=SCOPES)
    with pytest.raises(NotFound):
        debated(closed=False).decide(open_item, "debate:none", OPENED, scopes=SCOPES)


def test_who_opens_it_may_read_it() -> None:
    with pytest.raises(ScopeRequired):
        debated(closed=True).decide(open_item, "debate:d", OPENED, scopes={"record:minutes"})


def test_no_import_opens_a_closed_item() -> None:
    with pytest.raises(NotByImport):
        debated(closed=True).decide(open_item, "debate:d", OPENED, scopes=SCOPES, importing=True)
