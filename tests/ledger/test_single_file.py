"""The verifier as one file: it needs only Python and `cryptography`."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from govlog.ledger.verifier import single_file
from tests.ledger.mirrored import Mirror, entry

ROOT = Path(__file__).parents[2]
NEEDED = ("cryptography", "cffi", "_cffi_backend", "pycparser")
"""`cryptography` and what it needs itself."""

RUN = """
import runpy, sys
sys.path.insert(0, sys.argv.pop(1))
try:
    runpy.run_path(sys.argv.pop(1), run_name="__main__")
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tool") / "govlog-verify.pyz"
    single_file.write(path)
    return path


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder of packages that holds `cryptography` and nothing else."""
    folder = tmp_path / "packages"
    folder.mkdir()
    for name in NEEDED:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            origin = Path(spec.origin)
            found = origin.parent if spec.submodule_search_locations else origin
            (folder / found.name).symlink_to(found)
    return folder


def test_it_checks_a_log_where_nothing_but_cryptography_is_installed(
    tool: Path, bare: Path, tmp_path: Path
) -> None:
    mirror = Mirror(tmp_path / "mirror")
    mirror.publish([entry(number) for number in range(300)])
    options = ["--key", str(mirror.key.verifier), "--memory", str(tmp_path / "memory"), "--json"]
    ran = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            RUN,
            str(bare),
            str(tool),
            str(mirror.directory),
            *options,
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["holds"]
    imported = set(ran.stderr.split())
    assert "cryptography" in imported
    strangers = imported - sys.stdlib_module_names - {*NEEDED, "govlog", "_cffi_backend"}
    assert {each for each in strangers if not each.startswith("_")} == set()
    assert imported & {"flask", "sqlalchemy", "eventsourcing", "msgspec", "click"} == set()


def test_the_same_sources_make_the_same_file(tool: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.pyz"
    single_file.write(again)
    assert again.read_bytes() == tool.read_bytes()


def test_it_holds_the_ledger_and_nothing_else_of_the_house() -> None:
    rooms = {name.rpartition("/")[0] for name, _ in single_file.sources()}
    assert rooms == {"", "govlog", "govlog/ledger", "govlog/ledger/verifier"}
