"""Where the log is comes from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from govlog.domain.errors import StoreUnusable
from govlog.persistence.settings import Settings


def test_every_file_lies_in_the_data_directory() -> None:
    settings = Settings.from_environ({"GOVLOG_DATA": "/somewhere/else"})
    files = (
        settings.events_db,
        settings.views_db,
        settings.access_db,
        settings.write_lock,
        settings.projector_lock,
    )
    assert {each.parent for each in files} == {Path("/somewhere/else")}
    assert len(set(files)) == len(files)


def test_without_settings_there_are_sensible_ones() -> None:
    assert Settings.from_environ({}) == Settings(Path("var/log"), 5.0)
    assert Settings.from_environ({"GOVLOG_DATA": "", "GOVLOG_LOCK_TIMEOUT": ""}) == Settings(
        Path("var/log"), 5.0
    )


def test_patience_can_be_set() -> None:
    assert Settings.from_environ({"GOVLOG_LOCK_TIMEOUT": "0.5"}).lock_timeout == 0.5


@pytest.mark.parametrize("patience", ["0", "-1", "soon", "nan", "1e9"])
def test_senseless_patience_is_refused_with_what_would_do(patience: str) -> None:
    with pytest.raises(StoreUnusable) as refusal:
        Settings.from_environ({"GOVLOG_LOCK_TIMEOUT": patience})
    assert "seconds" in refusal.value.mend
