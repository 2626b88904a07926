"""Every example on a page is run as written, and prints what the page shows."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.docs.examples import Example, examples, mismatch, session

ROOT = Path(__file__).parents[2]
PAGES = [
    page
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if "```bash" in page.read_text("utf-8")
]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """As after `make run` in a shell: `govlog` on the path, a log and a port of its own."""
    tools = tmp_path / "bin"
    tools.mkdir()
    if shutil.which("curl") is None:
        curl = tools / "curl"
        curl.write_text(f"#!{sys.executable}\n{(ROOT / 'tests/docs/curl.py').read_text()}")
        curl.chmod(curl.stat().st_mode | stat.S_IXUSR)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVLOG_")}
    path = os.pathsep.join([str(tools), str(Path(sys.executable).parent), kept.get("PATH", "")])
    data = tmp_path / "var" / "demo"
    return kept | {"PATH": path, "PORT": str(port), "GOVLOG_DATA": str(data), "LC_ALL": "C.UTF-8"}


@contextmanager
def service(environment: dict[str, str], log: Path) -> Iterator[None]:
    """What `make run` starts, until the page is done."""
    subprocess.run(["govlog", "demo", "--if-absent"], env=environment, check=True)
    with log.open("w") as said:
        process = subprocess.Popen(["govlog", "serve"], env=environment, stdout=said, stderr=said)
    try:
        deadline = time.monotonic() + 60
        while not ready(environment["PORT"]):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(30)
        sys.stdout.write(log.read_text())  # shown where the page fails


def ready(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
    except OSError:
        return False


def run(blocks: list[Example], environment: dict[str, str], where: Path) -> None:
    """Run a page's session and compare what each block prints."""
    outputs = where / "outputs"
    outputs.mkdir()
    folder = where / "clone"
    folder.mkdir()
    ended = subprocess.run(
        ["bash", "-c", session(blocks, outputs)],
        env=environment,
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )
    line = (outputs / "line").read_text().strip()
    said = (outputs / f"{[b.line for b in blocks].index(int(line))}.out").read_text()
    assert ended.returncode == 0, f"the example at line {line} fails: {ended.stderr}{said}"
    for number, block in enumerate(blocks):
        why = mismatch(block, (outputs / f"{number}.out").read_text())
        assert not why, f"the example at line {block.line} prints something else: {why}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_examples_of_a_page_do_what_it_says(
    page: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    blocks = examples(page)
    assert blocks
    if "\nmake run\n" in page.read_text("utf-8"):
        with service(environment, tmp_path / "service.log"):
            run(blocks, environment, tmp_path)
    else:
        run(blocks, environment, tmp_path)


def page(tmp_path: Path, text: str) -> list[Example]:
    path = tmp_path / "page.md"
    path.write_text(text, "utf-8")
    return examples(path)


def test_only_bash_blocks_are_run_and_the_block_behind_shows_their_output(tmp_path: Path) -> None:
    fence = "```{}\n{}\n```\n"
    shown = [fence.format(*each) for each in (("console", "make run"), ("bash", "echo 1"))]
    shown += [fence.format("json", "1"), "Text", fence.format("text", "x")]
    assert page(tmp_path, "\n".join(shown)) == [Example(5, "echo 1\n", "json", "1\n")]


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ('{"a": 1, "…": "…"}', '{"a": 1, "b": 2}'),
        ('{"a": "…"}', '{"a": [1, 2]}'),
        ('[1, "…"]', "[1, 2, 3]"),
        ('["party:…"]', '["party:7f"]'),
    ],
)
def test_an_ellipsis_stands_for_anything(shown: str, printed: str) -> None:
    assert mismatch(Example(1, "", "json", shown), printed) == ""


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ('{"a": 1}', '{"a": 1, "b": 2}'),
        ('{"a": 1, "…": "…"}', '{"b": 2}'),
        ("[1]", "[1, 2]"),
        ('[1, 2, "…"]', "[1]"),
        ('{"a": true}', '{"a": false}'),
        ('"party:…"', '"body:7f"'),
    ],
)
def test_what_differs_is_found(shown: str, printed: str) -> None:
    assert mismatch(Example(1, "", "json", shown), printed) != ""


def test_text_is_compared_as_a_whole() -> None:
    shown = Example(1, "", "text", "one …\nthree\n")
    assert mismatch(shown, "one two\nthree\n") == ""
    assert mismatch(shown, "one two\nthree\nfour\n") != ""
