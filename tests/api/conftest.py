"""A service for each test, and a community in it where a test needs one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.community import Community, founded
from tests.api.service import Service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    opened = Service(tmp_path / "log")
    yield opened
    opened.close()


@pytest.fixture
def community(service: Service) -> Community:
    return founded(service)
