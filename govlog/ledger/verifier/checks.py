"""Answers the two questions of a verifier: is this log whole, and does this receipt hold."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.encoding import base64_of
from govlog.ledger.errors import LedgerError, Malformed
from govlog.ledger.merkle import leaf_hash
from govlog.ledger.notes import Note
from govlog.ledger.proofs import verify_inclusion
from govlog.ledger.receipts import HEADER, Receipt
from govlog.ledger.verifier.findings import Contradiction, Findings, Offence
from govlog.ledger.verifier.openings import check_opening, check_openings
from govlog.ledger.verifier.remembered import Remembered
from govlog.ledger.verifier.sources import Source, Unreachable
from govlog.ledger.verifier.trust import Signed, Trust, check_signatures, log_keys
from govlog.ledger.verifier.whole_log import Progress, check_entries


def verify_log(source: Source, trust: Trust, memory: Path, progress: Progress) -> Findings:
    """Check a whole log and remember it in `memory`; findings that hold or name the offence.

    Unreachable where the source cannot be read: then nothing is said of the log.
    """
    findings = Findings(source.name)
    try:
        note = source.read("checkpoint")
        if note is None:
            raise Unreachable(f"{source.name} has no checkpoint")
        remembered = Remembered(memory, _origin(note))
        keys = log_keys(source, _origin(note), trust, remembered, findings)
        signed = check_signatures(note, keys, trust.policy, findings)
        _name(findings, signed.checkpoint)
        try:
            _check_past(signed, remembered)
            with closing(remembered.leaves()) as leaves:
                check_entries(source, signed.checkpoint, leaves, findings, progress)
        except Contradiction:
            kept = remembered.keep_contradiction(signed.note)
            findings.remarks.append(f"both signed checkpoints are evidence; this one is in {kept}")
            raise
        check_openings(source, signed.checkpoint.size, findings)
        remembered.renew(note, signed.key)
    except Offence as offence:
        findings.offence, findings.offending_index = str(offence), offence.index
    return findings


def verify_receipt(data: bytes, entry: bytes | None, trust: Trust, name: str) -> Findings:
    """Check a receipt, or a bundle of receipt, entry and openings, offline."""
    findings = Findings(name)
    try:
        bundle = {} if data.startswith(HEADER.encode()) else _bundle(data)
        receipt = _receipt(bundle, data)
        entry = _entry(bundle) if bundle else entry
        if entry is None:
            raise Malformed("a bare receipt does not hold its entry: give it with --entry FILE")
        keys = [*trust.keys, *(each.key for each in trust.policy.logs)]
        if not keys:
            raise Malformed("say whose signature counts: --key VKEY or --policy FILE")
        signed = check_signatures(receipt.checkpoint, keys, trust.policy, findings)
        _name(findings, signed.checkpoint)
        _check_inclusion(receipt, entry, signed.checkpoint)
        findings.checked.append(f"the entry stands at index {receipt.index} of it")
        findings.statement = _statement(receipt, entry, bundle, signed.checkpoint, findings)
    except Offence as offence:
        findings.offence, findings.offending_index = str(offence), offence.index
    except LedgerError as error:
        findings.offence = str(error)
    return findings


def _origin(note: bytes) -> str:
    try:
        return Checkpoint.parse(Note.parse(note).text).origin
    except LedgerError as error:
        raise Offence(f"the checkpoint: {error}") from None


def _name(findings: Findings, checkpoint: Checkpoint) -> None:
    findings.origin, findings.size = checkpoint.origin, checkpoint.size
    findings.root = base64_of(checkpoint.root)


def _check_past(signed: Signed, remembered: Remembered) -> None:
    """A log only grows; which entry is the first that changed comes out of the walk over them."""
    held, shown = remembered.checkpoint, signed.checkpoint
    if held is not None and shown.size < held.size:
        raise Contradiction(
            f"the log shows size {shown.size}, and has shown size {held.size} before", shown.size
        )


def _check_inclusion(receipt: Receipt, entry: bytes, checkpoint: Checkpoint) -> None:
    try:
        verify_inclusion(
            receipt.index, checkpoint.size, leaf_hash(entry), receipt.path, checkpoint.root
        )
    except LedgerError as error:
        raise Offence(str(error), receipt.index) from None


def _statement(
    receipt: Receipt,
    entry: bytes,
    bundle: dict[str, Any],
    checkpoint: Checkpoint,
    findings: Findings,
) -> dict[str, Any]:
    """What the receipt proves, in the entry's own words and with the texts that it opens."""
    try:
        framed = json.loads(entry)
    except (ValueError, RecursionError):
        raise Offence("the entry is no JSON", receipt.index) from None
    openings: Sequence[dict[str, Any]] = bundle.get("openings", ())
    texts = {}
    for opening in openings:
        if check_opening(entry, opening):
            texts[opening["field"]] = opening["value"]
    if texts:
        findings.checked.append(f"{len(texts)} texts are those that the entry commits to")
    findings.remarks.append(
        f"this proves what was recorded by size {checkpoint.size}; it does not exclude that a later"
        " entry revokes, corrects or annuls it"
        + (f": look at {bundle['look_at']}" if bundle.get("look_at") else "")
    )
    return {"index": receipt.index, "entry": framed, "texts": texts}


def _bundle(data: bytes) -> dict[str, Any]:
    try:
        bundle = json.loads(data)
    except (ValueError, RecursionError):
        bundle = None
    if not isinstance(bundle, dict) or "receipt" not in bundle or "entry" not in bundle:
        raise Malformed(f"neither a receipt ({HEADER}) nor a bundle with receipt and entry")
    return bundle


def _receipt(bundle: dict[str, Any], data: bytes) -> Receipt:
    return Receipt.parse(str(bundle["receipt"]).encode() if bundle else data)


def _entry(bundle: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode(str(bundle["entry"]), validate=True)
    except ValueError:
        raise Malformed("the entry of the bundle is not base64") from None
