"""Whose signatures count: the log's own key, and the witnesses that a policy asks for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.errors import LedgerError, Malformed
from govlog.ledger.keys import COSIGNATURE, VerifierKey
from govlog.ledger.notes import Note, Signature, verified
from govlog.ledger.policy import Policy
from govlog.ledger.verifier.findings import Findings, Offence
from govlog.ledger.verifier.remembered import Remembered
from govlog.ledger.verifier.sources import Source

KEYS = "v1/log/keys"


class Trust(NamedTuple):
    """What the person who verifies has been told, from elsewhere than the log."""

    keys: Sequence[VerifierKey] = ()
    """The log's own."""
    policy: Policy = Policy()
    """May name logs and witnesses, and the quorum that must have cosigned."""


class Signed(NamedTuple):
    """A checkpoint that holds."""

    note: bytes
    checkpoint: Checkpoint
    key: VerifierKey
    """The log's key that has signed it."""
    cosigned: dict[VerifierKey, Signature]
    """The witnesses of the policy that have."""


def log_keys(
    source: Source, origin: str, trust: Trust, remembered: Remembered, findings: Findings
) -> list[VerifierKey]:
    """The keys by which a log's signature is known.

    Those that were given, else the one that was trusted before, else the one the log itself shows;
    that last one is only worth what the way it came is worth, and the findings say so.
    """
    given = [*trust.keys, *(each.key for each in trust.policy.logs)]
    if given:
        return given
    known = remembered.key
    if known is not None:
        findings.checked.append(f"signed with the key that was trusted before: {known}")
        return [known]
    shown = [key for key in _shown_keys(source) if key.name == origin]
    if not shown:
        raise Offence(f"{source.name} shows no key for {origin}: give it with --key")
    findings.remarks.append(
        f"the key {shown[0]} was taken from the log itself, as none was known: compare it with"
        " one you got another way, or give it with --key"
    )
    return shown


def check_signatures(
    note_bytes: bytes, keys: Sequence[VerifierKey], policy: Policy, findings: Findings
) -> Signed:
    """The checkpoint in a note; Offence unless the log has signed it and the quorum cosigned."""
    try:
        note = Note.parse(note_bytes)
        checkpoint = Checkpoint.parse(note.text)
        witnesses = [each.key for each in policy.witnesses]
        signed = verified(note, [*keys, *witnesses])
    except LedgerError as error:
        raise Offence(f"the checkpoint: {error}") from None
    key = next((each for each in keys if each in signed), None)
    if key is None or key.name != checkpoint.origin:
        raise Offence(f"no known key of {checkpoint.origin} has signed the checkpoint")
    cosigned = {each: signed[each] for each in witnesses if each in signed}
    if not policy.met(cosigned):
        names = ", ".join(sorted(each.name for each in cosigned)) or "nobody"
        raise Offence(f"the policy asks for the quorum {policy.quorum}, cosigned has {names}")
    _tell(checkpoint, note, cosigned, policy, findings)
    return Signed(note_bytes, checkpoint, key, cosigned)


def _tell(
    checkpoint: Checkpoint,
    note: Note,
    cosigned: dict[VerifierKey, Signature],
    policy: Policy,
    findings: Findings,
) -> None:
    findings.checked.append(f"signed by {checkpoint.origin} at size {checkpoint.size}")
    if cosigned:
        names = ", ".join(f"{key.name} at {each.cosigned_at}" for key, each in cosigned.items())
        findings.checked.append(f"cosigned by {names} (POSIX seconds): quorum {policy.quorum} met")
    elif any(each.name != checkpoint.origin for each in note.signatures):
        findings.remarks.append("others have signed too; no policy says whom of them to trust")
    else:
        findings.remarks.append(
            "nobody has witnessed this checkpoint: that everybody is shown the same log rests on"
            " what you remember and compare yourself"
        )


def _shown_keys(source: Source) -> list[VerifierKey]:
    data = source.read(KEYS)
    if data is None:
        return []
    try:
        keys = [VerifierKey.parse(each) for each in json.loads(data)["keys"]]
    except (ValueError, KeyError, TypeError, RecursionError, Malformed) as error:
        raise Offence(f"{source.name}/{KEYS} is not readable: {error}") from None
    return [key for key in keys if key.kind != COSIGNATURE]
