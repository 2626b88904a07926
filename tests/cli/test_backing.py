"""`govlog backup` and `govlog restore` from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from govlog.command_line.answers import Exit
from tests.cli.asking import Govlog


def test_a_log_is_backed_up_and_brought_back(
    govlog: Govlog, init: Govlog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    init()
    before = govlog("replay").out
    data, keys = str(tmp_path / "b"), str(tmp_path / "k")
    answer = govlog("backup", data, "--keys", keys)
    assert answer.code == Exit.DONE
    assert "2 entries of log.example.org/hedeby" in answer.out
    monkeypatch.setenv("GOVLOG_DATA", str(tmp_path / "again"))
    refused = govlog("restore", data, "--keys", keys)
    assert refused.code == Exit.NO_LOG
    assert "--nothing-erased" in refused.err
    restored = govlog("restore", data, "--keys", keys, "--nothing-erased")
    assert "Restored 2 entries" in restored.out
    assert "1 texts open, 0 were erased again" in restored.out
    assert govlog("replay").out == before
    again = govlog("restore", data, "--keys", keys, "--nothing-erased")
    assert (again.code, "overwrites nothing" in again.err) == (Exit.NO_LOG, True)


def test_both_answer_in_json(
    govlog: Govlog, init: Govlog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    init()
    data, keys = str(tmp_path / "b"), str(tmp_path / "k")
    made = govlog("backup", data, "--keys", keys, "--json").json
    monkeypatch.setenv("GOVLOG_DATA", str(tmp_path / "again"))
    back = govlog("restore", data, "--keys", keys, "--nothing-erased", "--json").json
    assert (back["size"], back["root"]) == (made["size"], made["root"])
