"""Runs `govlog` inside the test process, on logs in temporary directories."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from govlog.cli import main
from tests.cli.asking import INIT, Answer, Govlog


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory that GOVLOG_DATA names; nothing is in it."""
    path = tmp_path / "log"
    monkeypatch.setenv("GOVLOG_DATA", str(path))
    return path


@pytest.fixture
def govlog(data: Path, capsys: pytest.CaptureFixture[str]) -> Govlog:
    def run(*arguments: str) -> Answer:
        with pytest.raises(SystemExit) as leaving:
            main(arguments)
        return Answer(int(leaving.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def init(govlog: Govlog) -> Govlog:
    """`govlog init` with good options, some of them replaced."""

    def run(*more: str, **other: str) -> Answer:
        options = INIT | {f"--{name.replace('_', '-')}": value for name, value in other.items()}
        return govlog("init", *(word for option in options.items() for word in option), *more)

    return run


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "log"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVLOG_DATA", str(path))
        with pytest.raises(SystemExit) as leaving:
            main(["demo"])
    assert not leaving.value.code
    return path


@pytest.fixture
def demo(made_demo: Path, data: Path) -> Path:
    """A demonstration log of the test's own."""
    return Path(shutil.copytree(made_demo, data))
