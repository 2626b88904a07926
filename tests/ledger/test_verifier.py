"""A stranger checks a log that may have been tampered with, from a mirror of it."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from govlog.ledger.keys import COSIGNATURE, NOTE, SigningKey
from govlog.ledger.policy import Policy
from govlog.ledger.tiles import bundle, entries_in
from govlog.ledger.verifier.checks import verify_log, verify_receipt
from govlog.ledger.verifier.command import Exit, main
from govlog.ledger.verifier.findings import Findings
from govlog.ledger.verifier.sources import Folder, Keeping
from govlog.ledger.verifier.trust import Trust
from tests.ledger.mirrored import Mirror, entry, opening

SIZE = 600
"""Two full tiles, a partial one, and a second level."""
ENTRIES = [entry(number) for number in range(SIZE)]


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    mirror = Mirror(tmp_path / "mirror")
    mirror.publish(ENTRIES)
    return mirror


@pytest.fixture
def check(tmp_path: Path, mirror: Mirror) -> Callable[..., Findings]:
    """Checks the mirror with the log's key and one memory."""

    def run(trust: Trust | None = None) -> Findings:
        trust = trust or Trust([mirror.key.verifier])
        return verify_log(
            Folder(mirror.directory), trust, tmp_path / "memory", lambda done, size: None
        )

    return run


Check = Callable[..., Findings]


def test_a_whole_log_holds_and_the_report_says_what_was_looked_at(check: Check) -> None:
    first, again = check(), check()
    assert first.holds, first.offence
    assert again.holds, again.offence
    assert f"all {SIZE} entries" in " ".join(first.checked)
    assert f"{SIZE} texts" in " ".join(first.checked)
    assert f"the first {SIZE} entries are those seen before" in again.checked
    assert "nobody has witnessed" in " ".join(first.remarks)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257])
def test_logs_of_every_shape_hold(mirror: Mirror, check: Check, size: int, tmp_path: Path) -> None:
    other = Mirror(tmp_path / "other", mirror.key)
    other.publish(ENTRIES[:size])
    held = verify_log(
        Folder(other.directory), Trust([other.key.verifier]), tmp_path / "m", lambda a, b: None
    )
    assert held.holds, held.offence
    assert held.size == size


def test_one_altered_byte_in_any_tile_or_bundle_is_caught_where_it_is(
    mirror: Mirror, check: Check
) -> None:
    assert check().holds
    for number, path in enumerate(mirror.tiles()):
        whole = path.read_bytes()
        for place in {0, 1, len(whole) // 2, len(whole) - 1, (number * 7919) % len(whole)}:
            spoilt = bytearray(whole)
            spoilt[place] ^= 1
            path.write_bytes(spoilt)
            found = check()
            assert not found.holds, (path, place)
            assert found.offending_index is not None, (path, place)
        path.write_bytes(whole)
    assert check().holds


@pytest.mark.parametrize("index", [0, 255, 256, 599])
def test_an_altered_entry_is_named(mirror: Mirror, check: Check, index: int) -> None:
    path = mirror.directory / (f"tile/entries/00{index // 256}" + (".p/88" if index >= 512 else ""))
    width = 88 if index >= 512 else 256
    entries = entries_in(path.read_bytes(), width)
    entries[index % 256] = entries[index % 256].replace(b"party:anna", b"party:eve7")
    path.write_bytes(bundle(entries))
    assert check().offending_index == index


@pytest.mark.parametrize("removed", [1, 10, SIZE // 2])
def test_a_deleted_tail_is_caught_by_who_saw_it(mirror: Mirror, check: Check, removed: int) -> None:
    assert check().holds
    mirror.publish(ENTRIES[:-removed])
    found = check()
    assert found.offending_index == SIZE - removed
    assert "evidence" in " ".join(found.remarks)


@pytest.mark.parametrize("removed", [1, 10, SIZE // 2])
def test_a_tail_that_was_regrown_and_signed_anew_is_caught_at_its_first_entry(
    mirror: Mirror, check: Check, removed: int
) -> None:
    assert check().holds
    kept = SIZE - removed
    regrown = [entry(number, "another") for number in range(kept, SIZE + 5)]
    openings = [opening(n, "as decided" if n < kept else "another") for n in range(SIZE + 5)]
    mirror.publish([*ENTRIES[:kept], *regrown], openings)
    found = check()
    assert (found.holds, found.offending_index) == (False, kept)


def test_a_history_that_was_rewritten_and_signed_with_the_real_key_is_caught(
    mirror: Mirror, check: Check, tmp_path: Path
) -> None:
    assert check().holds
    signed_before = (mirror.directory / "checkpoint").read_bytes()
    rewritten = [*ENTRIES[:300], entry(300, "never decided"), *ENTRIES[301:]]
    openings = [opening(n, "never decided" if n == 300 else "as decided") for n in range(SIZE)]
    mirror.publish(rewritten, openings)
    found = check()
    assert found.offending_index == 300
    kept = {path.read_bytes() for path in (tmp_path / "memory").glob("*contradiction*")}
    assert kept == {(mirror.directory / "checkpoint").read_bytes()}
    mirror.publish(ENTRIES)
    assert check().holds
    assert (mirror.directory / "checkpoint").read_bytes() == signed_before


def test_swapped_entries_are_caught(mirror: Mirror, check: Check) -> None:
    assert check().holds
    swapped = list(ENTRIES)
    swapped[17], swapped[18] = swapped[18], swapped[17]
    mirror.publish(swapped, [])
    assert check().offending_index == 17


def test_a_recording_time_that_runs_backwards_is_caught_where_it_does(
    mirror: Mirror, check: Check
) -> None:
    mirror.publish([*ENTRIES[:40], entry(40, minutes=-5), *ENTRIES[41:]])
    found = check()
    assert (found.holds, found.offending_index) == (False, 40)
    assert "after an entry of" in found.offence


def test_a_truncated_mirror_is_caught_at_the_first_entry_it_lacks(
    mirror: Mirror, check: Check
) -> None:
    (mirror.directory / "tile/entries/001").unlink()
    assert check().offending_index == 256


def test_a_text_that_is_not_the_one_committed_to_is_caught(mirror: Mirror, check: Check) -> None:
    openings = [opening(n, "as decided" if n != 9 else "otherwise") for n in range(SIZE)]
    mirror.publish(ENTRIES, openings)
    found = check()
    assert (found.holds, found.offending_index) == (False, 9)


def test_a_mirror_without_texts_holds_and_says_that_there_are_none(
    mirror: Mirror, check: Check
) -> None:
    (mirror.directory / "v1/openings").unlink()
    found = check()
    assert found.holds
    assert "no texts are shown here" in " ".join(found.remarks)


def test_an_erased_text_is_counted_and_nothing_else_changes(mirror: Mirror, check: Check) -> None:
    erased = {"index": 9, "event": "debate:d9@1", "field": "title", "erased": True}
    mirror.publish(ENTRIES, [erased if n == 9 else opening(n) for n in range(SIZE)])
    assert "1 texts have been erased; their commitments stand" in check().checked


def test_a_mirror_that_lacks_a_partial_tile_may_have_the_full_one(
    mirror: Mirror, check: Check
) -> None:
    longer = Mirror(mirror.directory.parent / "longer", mirror.key)
    longer.publish([entry(number) for number in range(768)])
    for path in ("tile/0/002", "tile/entries/002"):
        mirror.write(path, (longer.directory / path).read_bytes())
        (mirror.directory / f"{path}.p/88").unlink()
    assert check().holds


def test_an_impostors_signature_does_not_count(mirror: Mirror, check: Check) -> None:
    found = check(Trust([SigningKey.generate("log.example/a", NOTE).verifier]))
    assert "no known key has signed" in found.offence


def test_the_key_of_a_log_seen_first_is_taken_from_it_with_a_remark_and_then_kept(
    mirror: Mirror, check: Check
) -> None:
    assert "taken from the log itself" in " ".join(check(Trust()).remarks)
    assert check(Trust()).holds
    impostor = Mirror(mirror.directory, SigningKey.generate("log.example/a", NOTE))
    impostor.publish(ENTRIES)
    assert not check(Trust()).holds


@pytest.mark.parametrize(
    ("least", "cosigning", "holds"), [(1, 1, True), (2, 1, False), (2, 2, True)]
)
def test_so_many_witnesses_as_the_policy_asks_for_must_have_cosigned(
    tmp_path: Path, mirror: Mirror, check: Check, least: int, cosigning: int, holds: bool
) -> None:
    keys = [SigningKey.generate(f"w{n}.example", COSIGNATURE) for n in range(3)]
    Mirror(mirror.directory, mirror.key, keys[:cosigning]).publish(ENTRIES)
    lines = [f"log {mirror.key.verifier}"]
    lines += [f"witness w{n} {key.verifier}" for n, key in enumerate(keys)]
    lines += [f"group all {least} w0 w1 w2", "quorum all"]
    policy = Policy.parse("\n".join(lines).encode())
    assert check(Trust(policy=policy)).holds is holds


def test_two_logs_shown_to_two_auditors_are_caught_when_they_compare(
    tmp_path: Path, mirror: Mirror
) -> None:
    other = Mirror(tmp_path / "other", mirror.key)
    other.publish([*ENTRIES[:100], entry(100, "for you alone"), *ENTRIES[101:]], [])
    trust = Trust([mirror.key.verifier])
    shared = tmp_path / "shared memory"
    assert verify_log(Folder(mirror.directory), trust, shared, lambda a, b: None).holds
    found = verify_log(Folder(other.directory), trust, shared, lambda a, b: None)
    assert found.offending_index == 100


def test_a_mirror_is_kept_while_it_is_checked_and_holds_by_itself(
    tmp_path: Path, mirror: Mirror
) -> None:
    trust = Trust([mirror.key.verifier])
    source = Keeping(Folder(mirror.directory), tmp_path / "kept")
    assert verify_log(source, trust, tmp_path / "m1", lambda a, b: None).holds
    assert verify_log(Folder(tmp_path / "kept"), trust, tmp_path / "m2", lambda a, b: None).holds


def test_an_archive_is_checked_as_a_mirror_is(
    tmp_path: Path, mirror: Mirror, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed = tmp_path / "sealed.zip"
    with zipfile.ZipFile(sealed, "w") as archive:
        for path in mirror.directory.rglob("*"):
            if path.is_file():
                archive.write(path, path.relative_to(mirror.directory).as_posix())
    options = ["--key", str(mirror.key.verifier), "--memory", str(tmp_path / "m"), "--json"]
    assert main([str(sealed), *options]) == Exit.HOLDS
    report = json.loads(capsys.readouterr().out)
    assert (report["holds"], report["size"]) == (True, SIZE)


def test_the_command_tells_a_failure_from_a_log_that_cannot_be_read(
    tmp_path: Path, mirror: Mirror, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--key", str(mirror.key.verifier), "--memory", str(tmp_path / "m")]
    assert main([str(tmp_path / "nothing"), *options]) == Exit.UNREADABLE
    assert main(["http://127.0.0.1:1", *options]) == Exit.UNREADABLE
    assert main([str(mirror.directory), *options]) == Exit.HOLDS
    assert "HOLDS: log.example/a, size 600" in capsys.readouterr().out
    mirror.publish(ENTRIES[:599])
    assert main([str(mirror.directory), *options]) == Exit.FAILS
    assert "DOES NOT HOLD at index 599" in capsys.readouterr().out


def bundled(mirror: Mirror, index: int, **other: Any) -> bytes:
    parts = {
        "receipt": bytes(mirror.receipt(ENTRIES, index)).decode(),
        "entry": base64.b64encode(ENTRIES[index]).decode(),
        "openings": [opening(index)],
        "look_at": "https://log.example/v1/streams/debate:d7/history",
    }
    return json.dumps(parts | other).encode()


def test_a_bundle_says_what_was_recorded_and_that_later_entries_are_not_excluded(
    mirror: Mirror,
) -> None:
    found = verify_receipt(bundled(mirror, 7), None, Trust([mirror.key.verifier]), "bundle")
    assert found.holds, found.offence
    assert found.statement["entry"]["stream"] == "debate:d7"
    assert found.statement["texts"] == {"title": "as decided"}
    assert "does not exclude that a later entry" in " ".join(found.remarks)
    assert "https://log.example/v1/streams" in " ".join(found.remarks)


def test_a_bare_receipt_needs_its_entry(mirror: Mirror) -> None:
    receipt, trust = bytes(mirror.receipt(ENTRIES, 7)), Trust([mirror.key.verifier])
    assert verify_receipt(receipt, ENTRIES[7], trust, "r").holds
    assert "--entry" in verify_receipt(receipt, None, trust, "r").offence
    assert "--key" in verify_receipt(receipt, ENTRIES[7], Trust(), "r").offence


def test_a_receipt_for_another_entry_does_not_hold(mirror: Mirror) -> None:
    trust = Trust([mirror.key.verifier])
    other = base64.b64encode(ENTRIES[8]).decode()
    found = verify_receipt(bundled(mirror, 7, entry=other, openings=[]), None, trust, "b")
    assert (found.holds, found.offending_index) == (False, 7)
    false_text = [opening(7, "something else")]
    assert not verify_receipt(bundled(mirror, 7, openings=false_text), None, trust, "b").holds


def test_pages_of_texts_that_never_end_are_not_followed(mirror: Mirror, check: Check) -> None:
    for page in range(-1, 2 * SIZE):
        path = "v1/openings" + (f"?after={page}" if page >= 0 else "")
        mirror.write(path, json.dumps({"openings": [], "next": page + 1}).encode())
    assert check().holds
    mirror.write("v1/openings?after=0", b'{"openings": [], "next": 0}')
    assert "does not get on" in check().offence


@pytest.mark.parametrize(
    "deep", [b"[" * 100_000, b'{"receipt": "c2sp.org/tlog-proof@v1", "entry": ' + b"[" * 100_000]
)
def test_what_is_nested_without_end_is_refused(mirror: Mirror, deep: bytes) -> None:
    assert not verify_receipt(deep, b"", Trust([mirror.key.verifier]), "r").holds


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"c2sp.org/tlog-proof@v1\n", b"\xff"])
def test_what_is_no_receipt_is_refused(mirror: Mirror, data: bytes) -> None:
    assert not verify_receipt(data, b"", Trust([mirror.key.verifier]), "r").holds
