"""`govlog verify`, and the single-file tool that needs only Python and `cryptography`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from enum import IntEnum
from pathlib import Path

from govlog.ledger.errors import LedgerError
from govlog.ledger.keys import VerifierKey
from govlog.ledger.policy import Policy
from govlog.ledger.verifier.checks import verify_log, verify_receipt
from govlog.ledger.verifier.findings import Findings
from govlog.ledger.verifier.remembered import state_directory
from govlog.ledger.verifier.sources import Keeping, source_of
from govlog.ledger.verifier.trust import Trust
from govlog.ledger.verifier.whole_log import Progress


class Exit(IntEnum):
    """What the command ends with."""

    HOLDS = 0
    FAILS = 1
    """Something is not as it should be; the report names the first entry that it concerns."""
    USAGE = 2
    UNREADABLE = 3
    """The log could not be read, so that nothing is said about it."""


class _Help(argparse.HelpFormatter):
    """Begins as the help of every other command of govlog does."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, prefix or "Usage: ")


def parser(more: str = "") -> argparse.ArgumentParser:
    """The command line of the verifier; `more` is what its help ends with."""
    made = argparse.ArgumentParser(
        prog="govlog verify",
        formatter_class=_Help,
        epilog=more,
        description="Check that a log is whole, signed, witnessed and the one you saw before; or"
        " that a receipt holds. Exit code 0: it holds, 1: it does not, 3: it cannot be read.",
    )
    made.add_argument("what", help="address of a service, folder of a mirror, archive, or receipt")
    made.add_argument(
        "--key", action="append", default=[], metavar="VKEY", help="the log's key, name+hex+base64"
    )
    made.add_argument("--policy", type=Path, metavar="FILE", help="C2SP tlog-policy: whom to trust")
    made.add_argument(
        "--memory", type=Path, metavar="DIR", help="where the last checkpoint of each log is kept"
    )
    made.add_argument("--keep", type=Path, metavar="DIR", help="keep a mirror of what is read")
    made.add_argument("--entry", type=Path, metavar="FILE", help="the entry of a bare receipt")
    made.add_argument("--json", action="store_true", dest="as_json", help="report as JSON")
    made.add_argument("--quiet", action="store_true", help="no progress bar")
    return made


def main(arguments: Sequence[str] | None = None, *, more: str = "") -> int:
    """Check and report; returns an Exit. `more` is what the help ends with."""
    asked = parser(more).parse_args(arguments)
    try:
        trust = Trust(
            [VerifierKey.parse(each) for each in asked.key],
            Policy.parse(asked.policy.read_bytes()) if asked.policy else Policy(),
        )
        findings = _check(asked, trust)
    except (LedgerError, OSError) as error:
        print(f"govlog verify: {error}", file=sys.stderr)  # noqa: T201
        return Exit.UNREADABLE
    if asked.as_json:
        print(json.dumps(findings.as_json(), ensure_ascii=False))  # noqa: T201
    else:
        print("\n".join(findings.lines()))  # noqa: T201
    return Exit.HOLDS if findings.holds else Exit.FAILS


def _check(asked: argparse.Namespace, trust: Trust) -> Findings:
    path = Path(asked.what)
    if "://" not in asked.what and path.is_file() and not _is_archive(path):
        entry = asked.entry.read_bytes() if asked.entry else None
        return verify_receipt(path.read_bytes(), entry, trust, asked.what)
    source = source_of(asked.what)
    if asked.keep is not None:
        source = Keeping(source, asked.keep)
    memory = asked.memory or state_directory()
    return verify_log(source, trust, memory, _progress(quiet=asked.quiet))


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _progress(*, quiet: bool) -> Progress:
    """A bar on the terminal, at most ten times a second; nothing where nobody watches."""
    if quiet or not sys.stderr.isatty():
        return lambda done, size: None
    shown = 0.0

    def show(done: int, size: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if done == size or now - shown > 0.1:
            shown = now
            bar = "#" * (30 * done // max(size, 1))
            end = "\n" if done == size else ""
            sys.stderr.write(f"\r[{bar:<30}] {done:,} of {size:,} entries{end}")
            sys.stderr.flush()

    return show
