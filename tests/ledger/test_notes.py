"""Signed notes and keys against values that others have published."""

from __future__ import annotations

import pytest

from govlog.ledger.errors import BadSignature, Malformed, Unsigned
from govlog.ledger.keys import COSIGNATURE, NOTE, SigningKey, VerifierKey
from govlog.ledger.notes import Note, cosign, holds, sign, signature_lines, verified

# Keys, text and signatures that golang.org/x/mod publishes (sumdb/note/note_test.go).
PETER_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpR"
    "Zb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33"
    "WWd1RvMc+QQ=\n"
)
# A verifier key of type 04 that transparency-dev/formats publishes (note/note_cosigv1_test.go).
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"

peter, enoch = VerifierKey.parse(PETER), VerifierKey.parse(ENOCH)


def note(*lines: str, text: str = TEXT) -> bytes:
    return (text + "\n" + "".join(lines)).encode()


def test_the_published_signature_comes_out() -> None:
    signed = Note(TEXT, (sign(TEXT, SigningKey.parse(PETER_SECRET)),))
    assert bytes(signed) == note(PETER_LINE)


def test_the_published_signatures_hold() -> None:
    parsed = Note.parse(note(PETER_LINE, ENOCH_LINE))
    assert parsed.text == TEXT
    assert list(verified(parsed, [peter, enoch])) == [peter, enoch]
    assert bytes(parsed) == note(PETER_LINE, ENOCH_LINE)


@pytest.mark.parametrize("text", [PETER, ENOCH, REMORA])
def test_a_published_verifier_key_comes_back_as_it_was(text: str) -> None:
    assert str(VerifierKey.parse(text)) == text


def test_a_private_key_comes_back_as_it_was_and_has_its_verifier() -> None:
    key = SigningKey.parse(PETER_SECRET)
    assert key.secret_text() == PETER_SECRET
    assert key.verifier == peter


@pytest.mark.parametrize("kind", [NOTE, COSIGNATURE])
def test_a_new_key_signs_what_its_verifier_accepts(kind: int) -> None:
    key = SigningKey.generate("log.example/fiction", kind)
    again = SigningKey.parse(key.secret_text())
    signature = cosign(TEXT, again, 1) if kind == COSIGNATURE else sign(TEXT, again)
    assert holds(signature, TEXT, VerifierKey.parse(str(key.verifier)))
    assert not holds(signature, TEXT + "more\n", key.verifier)


def test_two_new_keys_differ() -> None:
    assert SigningKey.generate("a").verifier != SigningKey.generate("a").verifier


def test_a_private_key_does_not_show_itself() -> None:
    key = SigningKey.parse(PETER_SECRET)
    assert PETER_SECRET[-20:] not in repr(key) + str(key)


def test_no_part_of_a_verifier_key_is_a_verifier_key() -> None:
    for start in range(len(PETER)):
        for end in range(start + 1, len(PETER) + 1):
            if (start, end) != (0, len(PETER)):
                with pytest.raises(Malformed):
                    VerifierKey.parse(PETER[start:end])


@pytest.mark.parametrize("at", range(len(PETER)))
def test_no_key_with_one_character_altered_is_a_key(at: int) -> None:
    for text, parse in ((PETER, VerifierKey.parse), (PETER_SECRET, SigningKey.parse)):
        with pytest.raises(Malformed):
            parse(text[:at] + chr(ord(text[at]) + 1) + text[at + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        # Both have the right id for their wrong key, as published in sumdb/note/note_test.go.
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_other_keys_are_refused(text: str) -> None:
    with pytest.raises(Malformed):
        VerifierKey.parse(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\nb", "a\x01b"])
def test_a_key_s_name_has_no_spaces_and_no_plus_signs(name: str) -> None:
    with pytest.raises(Malformed):
        SigningKey.generate(name)


def test_an_unknown_key_is_ignored_even_where_its_signature_is_wrong() -> None:
    wrong = ENOCH_LINE.replace("rwz+eBzm", "rwz+eAAA")
    assert list(verified(Note.parse(note(PETER_LINE, wrong)), [peter])) == [peter]


def test_a_key_that_shares_only_name_or_id_with_a_known_one_is_unknown() -> None:
    other_name = PETER_LINE.replace("PeterNeumann", "CarmenSandiego")
    other_id = PETER_LINE.replace("x08g", "xxxx")
    signed = Note.parse(note(other_name, other_id, ENOCH_LINE))
    assert list(verified(signed, [peter, enoch])) == [enoch]


def test_a_known_key_with_a_wrong_signature_refuses_the_whole_note() -> None:
    wrong = PETER_LINE.replace("/ZJkuBS", "/ZJkuBT")
    for lines in ([wrong, ENOCH_LINE], [ENOCH_LINE, wrong], [PETER_LINE, wrong]):
        with pytest.raises(BadSignature, match="PeterNeumann"):
            verified(Note.parse(note(*lines)), [peter, enoch])


def test_a_note_that_no_known_key_signed_is_refused() -> None:
    for keys in ([], [enoch]):
        with pytest.raises(Unsigned):
            verified(Note.parse(note(PETER_LINE)), keys)


def test_an_altered_text_breaks_the_signature() -> None:
    with pytest.raises(BadSignature):
        verified(Note.parse(note(PETER_LINE, text=TEXT.replace("answer", "problem"))), [peter])


def test_a_text_may_hold_empty_lines() -> None:
    text = "one\n\n\ntwo\n\n"
    key = SigningKey.parse(PETER_SECRET)
    signed = Note.parse(bytes(Note(text, (sign(text, key),))))
    assert signed.text == text
    assert list(verified(signed, [peter])) == [peter]


def test_sixteen_signatures_are_accepted_and_hundreds_are_not() -> None:
    assert len(Note.parse(note(*[PETER_LINE] * 16)).signatures) == 16
    with pytest.raises(Malformed, match="101"):
        Note.parse(note(*[PETER_LINE] * 101))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        TEXT.encode(),
        note(),
        note(PETER_LINE[:-1]),
        b"\x01" + note(PETER_LINE),
        b"\xff" + note(PETER_LINE),
        note(PETER_LINE).replace(b"\n", b"\r\n"),
        note(PETER_LINE, text="tab\there\n"),
        note(PETER_LINE.replace("PeterNeumann", "Bad Name")),
        note(PETER_LINE.replace("PeterNeumann", "Bad+Name")),
        note(PETER_LINE.replace("—", "-")),
        note(PETER_LINE.replace("— ", "—")),
        note(PETER_LINE, "Unexpected line.\n"),
        note(PETER_LINE.replace("JnAM=", "JnAN=")),  # the same bytes in another spelling
        note(PETER_LINE.replace("=", "")),
        note("— PeterNeumann x08gow==\n"),  # the id alone
        note("— PeterNeumann \n"),
        note(PETER_LINE, text="a" * 1_000_000 + "\n"),
    ],
)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        Note.parse(data)


@pytest.mark.parametrize("text", ["", "no newline", "tab\there\n"])
def test_what_is_no_text_of_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(Malformed):
        sign(text, SigningKey.parse(PETER_SECRET))


@pytest.mark.parametrize("lines", ["", "\n", PETER_LINE[:-1], PETER_LINE + "\n"])
def test_signature_lines_are_whole_lines(lines: str) -> None:
    with pytest.raises(Malformed):
        signature_lines(lines)
