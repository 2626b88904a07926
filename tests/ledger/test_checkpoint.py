"""Checkpoints and cosignatures, against a checkpoint of a public log and its public witness."""

from __future__ import annotations

import pytest

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.cosignature import cosigned_message, packed, unpacked
from govlog.ledger.encoding import from_base64
from govlog.ledger.errors import BadSignature, Malformed
from govlog.ledger.keys import COSIGNATURE, SigningKey, VerifierKey
from govlog.ledger.merkle import EMPTY_ROOT
from govlog.ledger.notes import Note, Signature, cosign, holds, verified

# A checkpoint that a log of the Certificate Transparency ecosystem published, with its own
# signatures and one of its witnesses'; the keys are published by both.
PUBLISHED = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev \
zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9\
MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev \
ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— remora.n621.de \
2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""
LOG = VerifierKey.parse(
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
)
WITNESS = VerifierKey.parse("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2")
# The examples of C2SP tlog-checkpoint v1.0.0 and tlog-cosignature v1.0.1.
BODY = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
ROOT = from_base64("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")


def test_the_specification_s_example_is_written_and_read() -> None:
    checkpoint = Checkpoint("example.com/behind-the-sofa", 20852163, ROOT)
    assert checkpoint.body() == BODY
    assert Checkpoint.parse(BODY) == checkpoint


def test_the_message_under_a_cosignature_is_the_specification_s() -> None:
    assert (
        cosigned_message(1679315147, BODY) == b"cosignature/v1\ntime 1679315147\n" + BODY.encode()
    )


def test_a_published_checkpoint_is_signed_by_its_log_and_its_witness() -> None:
    note = Note.parse(PUBLISHED.encode())
    signed = verified(note, [LOG, WITNESS])
    assert list(signed) == [LOG, WITNESS]
    assert signed[WITNESS].cosigned_at == 1779573024
    assert Checkpoint.parse(note.text).size == 1432088532
    assert bytes(note).decode() == PUBLISHED


@pytest.mark.parametrize("key", [LOG, WITNESS])
def test_a_published_checkpoint_with_another_size_is_signed_by_neither(key: VerifierKey) -> None:
    with pytest.raises(BadSignature):
        verified(Note.parse(PUBLISHED.replace("1432088532", "1432088533").encode()), [key])


def test_a_cosignature_holds_for_its_own_time_only() -> None:
    key = SigningKey.generate("witness.example/fiction", COSIGNATURE)
    signature = cosign(BODY, key, 1679315147)
    assert holds(signature, BODY, key.verifier)
    time, signed = unpacked(signature.blob)
    assert time == signature.cosigned_at == 1679315147
    for blob in (packed(time + 1, signed), signature.blob[:-1], signature.blob + b"\0", b""):
        assert not holds(Signature(signature.name, signature.key_id, blob), BODY, key.verifier)


def test_a_key_for_notes_and_one_for_cosignatures_never_stand_in_for_each_other() -> None:
    key = SigningKey.generate("witness.example/fiction", COSIGNATURE)
    as_note = VerifierKey(key.verifier.name, 1, key.verifier.public)
    assert as_note.id != key.verifier.id
    assert not holds(cosign(BODY, key, 1), BODY, as_note)


def test_the_time_of_a_cosignature_is_big_endian_and_fits_63_bits() -> None:
    assert packed(1, b"s" * 64)[:8] == bytes(7) + b"\x01"
    with pytest.raises(ValueError, match="POSIX"):
        packed(2**63, b"")
    with pytest.raises(Malformed, match="POSIX"):
        unpacked(b"\x80" + bytes(71))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        BODY.removesuffix("\n"),
        BODY + "\n",
        BODY + "extension\n",
        "\n" + BODY,
        BODY.partition("\n")[2],
        BODY.replace("20852163", "020852163"),
        BODY.replace("20852163", "+20852163"),
        BODY.replace("20852163", "-1"),
        BODY.replace("20852163", "2_0"),
        BODY.replace("20852163", "２"),
        BODY.replace("20852163", " 2"),
        BODY.replace("20852163", ""),
        BODY.replace("20852163", "9223372036854775808"),
        BODY.replace("20852163", "0"),
        BODY.replace("q2I=", "q2I"),
        BODY.replace("q2I=", "q2J="),
        BODY.replace("q2I=", "q2IA"),
        BODY.replace("CsUY", ""),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(text)


def test_extension_lines_pass_where_other_logs_are_handled() -> None:
    assert Checkpoint.parse(BODY + "extension\n", extended=True) == Checkpoint.parse(BODY)
    with pytest.raises(Malformed):
        Checkpoint.parse(BODY + "extension\n\n", extended=True)


def test_an_empty_log_has_a_checkpoint() -> None:
    assert Checkpoint.parse(Checkpoint("log.example", 0, EMPTY_ROOT).body()).size == 0
