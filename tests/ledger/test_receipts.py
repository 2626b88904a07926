"""Receipts: tlog-proofs that are checked with nothing but a key and the entry."""

from __future__ import annotations

import dataclasses
from contextlib import suppress

import pytest

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.encoding import base64_of
from govlog.ledger.errors import BadProof, LedgerError, Malformed, Unsigned
from govlog.ledger.keys import COSIGNATURE, SigningKey
from govlog.ledger.merkle import leaf_hash
from govlog.ledger.notes import Note, cosign, sign
from govlog.ledger.proofs import inclusion_proof, tree_root
from govlog.ledger.receipts import Receipt
from tests.ledger.memory import MemoryTree

ENTRIES = [f"entry {number}".encode() for number in range(11)]
TREE = MemoryTree(map(leaf_hash, ENTRIES))
KEY = SigningKey.generate("log.example/fiction")
WITNESS = SigningKey.generate("witness.example/fiction", COSIGNATURE)
BODY = Checkpoint("log.example/fiction", 11, tree_root(11, TREE.perfect)).body()
NOTE = bytes(Note(BODY, (sign(BODY, KEY), cosign(BODY, WITNESS, 1_800_000_000))))


def receipt(index: int = 4, extra: bytes | None = None) -> Receipt:
    return Receipt(index, tuple(inclusion_proof(index, 11, TREE.perfect)), NOTE, extra)


def test_a_receipt_is_laid_out_as_the_specification_says() -> None:
    lines = bytes(receipt()).decode().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 4"]
    assert lines[2:6] == [base64_of(each) for each in receipt().path]
    assert lines[6] == ""
    assert "\n".join(lines[7:]).encode() == NOTE


def test_extra_data_comes_on_the_second_line() -> None:
    assert bytes(receipt(extra=b"extra information")).decode().split("\n")[1] == (
        "extra ZXh0cmEgaW5mb3JtYXRpb24="
    )


@pytest.mark.parametrize("extra", [None, b"", b"anything at all"])
@pytest.mark.parametrize("index", [0, 4, 10])
def test_a_receipt_comes_back(index: int, extra: bytes | None) -> None:
    assert Receipt.parse(bytes(receipt(index, extra))) == receipt(index, extra)


def test_a_receipt_of_the_only_entry_has_no_hashes() -> None:
    body = Checkpoint("log.example/fiction", 1, leaf_hash(b"only")).body()
    only = Receipt(0, (), bytes(Note(body, (sign(body, KEY),))))
    assert bytes(only).startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\nlog.example/fiction\n1\n")
    assert Receipt.parse(bytes(only)) == only
    assert only.verify(b"only", [KEY.verifier])[0].size == 1


@pytest.mark.parametrize("index", range(11))
def test_a_receipt_proves_its_own_entry_and_no_other(index: int) -> None:
    keys = [KEY.verifier, WITNESS.verifier]
    for number, entry in enumerate(ENTRIES):
        if number == index:
            checkpoint, signed = receipt(index).verify(entry, keys)
            assert checkpoint == Checkpoint.parse(BODY)
            assert list(signed) == keys
        else:
            with pytest.raises(BadProof):
                receipt(index).verify(entry, keys)


def test_a_receipt_for_another_index_is_refused() -> None:
    with pytest.raises(BadProof):
        dataclasses.replace(receipt(4), index=5).verify(ENTRIES[4], [KEY.verifier])


def test_a_receipt_whose_checkpoint_nobody_known_signed_is_refused() -> None:
    with pytest.raises(Unsigned):
        receipt().verify(ENTRIES[4], [SigningKey.generate("log.example/fiction").verifier])


def signers(data: bytes) -> int:
    keys = [KEY.verifier, WITNESS.verifier]
    return len(Receipt.parse(data).verify(ENTRIES[4], keys)[1])


def test_no_byte_of_a_receipt_can_be_altered_without_losing_a_signature_at_least() -> None:
    data = bytes(receipt())
    assert signers(data) == 2
    for at in range(len(data)):
        forged = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with suppress(LedgerError):
            assert signers(forged) < 2  # a line that no longer names a known key is ignored


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"wrong-header\nindex 0\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex notanumber\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex 05\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\nextra YQ==\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n",
        b"c2sp.org/tlog-proof@v1\nindex \xff\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n"
        + (base64_of(bytes(32)) + "\n").encode() * 64
        + b"\nc\n",
    ],
)
def test_what_is_no_receipt_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        Receipt.parse(data)


def test_a_receipt_with_something_else_than_a_checkpoint_is_refused() -> None:
    with pytest.raises(Malformed):
        dataclasses.replace(receipt(), checkpoint=b"checkpoint\n").verify(ENTRIES[4], [])
