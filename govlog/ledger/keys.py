"""Ed25519 keys with their names, C2SP signed-note v1.0.0, as text and as signatures."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from govlog.ledger.encoding import base64_of, from_base64
from govlog.ledger.errors import Malformed

NOTE = 0x01
"""Signature type of a signed note: Ed25519 over the text."""
COSIGNATURE = 0x04
"""Signature type of a witness's timestamped cosignature, C2SP tlog-cosignature v1.0.1."""
ID_BYTES = 4
SIGNATURE_BYTES = 64

_KEY_BYTES = 32
_PRIVATE = "PRIVATE+KEY+"
_PARTS = re.compile(r"([^+]+)\+([0-9a-fA-F]{8})\+(.+)", re.DOTALL)


def check_name(name: str) -> None:
    """Malformed unless `name` may name a key: not empty, no Unicode spaces, no plus signs."""
    odd = any(each.isspace() or each < " " or each == "+" for each in name)
    if not name or odd:
        raise Malformed(f"{name[:80]!r} names no key: use a name without spaces and plus signs")


class VerifierKey(NamedTuple):
    """A public key, its name and what its signatures are over."""

    name: str
    kind: int
    """NOTE or COSIGNATURE."""
    public: bytes
    """32 bytes, RFC 8032 §5.1.5."""

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA256(name || 0A || kind || public key)."""
        return _key_id(self.name, bytes([self.kind]) + self.public)

    def __str__(self) -> str:
        """`name+hex(id)+base64(kind || public key)`."""
        return f"{self.name}+{self.id.hex()}+{base64_of(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a verifier key; Malformed for other types of key and for a wrong id."""
        name, material = _parsed(text)
        key = cls(name, material[0], material[1:])
        if key.id != _stated_id(text):
            raise Malformed(f"the verifier key of {name} has another id than it states")
        return key

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` (64 bytes) was made over `message` by the private key of this."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class SigningKey:
    """A private key and its name; it never shows itself unless asked for its text."""

    def __init__(self, name: str, kind: int, seed: bytes) -> None:
        check_name(name)
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, kind, self._private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str, kind: int = NOTE) -> Self:
        """A new key out of the system's randomness."""
        return cls(name, kind, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `secret_text` writes, the form that Go's sumdb/note gave private keys."""
        if not text.startswith(_PRIVATE):
            raise Malformed(f"a private key begins with {_PRIVATE}")
        name, material = _parsed(text.removeprefix(_PRIVATE))
        key = cls(name, material[0], material[1:])
        if key.verifier.id != _stated_id(text.removeprefix(_PRIVATE)):
            raise Malformed(f"the private key of {name} has another id than it states")
        return key

    def secret_text(self) -> str:
        """`PRIVATE+KEY+name+hex(id)+base64(kind || seed)`: whoever reads it can sign."""
        kind, name = self.verifier.kind, self.verifier.name
        seed = base64_of(bytes([kind]) + self._private.private_bytes_raw())
        return f"{_PRIVATE}{name}+{self.verifier.id.hex()}+{seed}"

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature over `message`, RFC 8032."""
        return self._private.sign(message)


def _parsed(text: str) -> tuple[str, bytes]:
    """The name and the typed key material of a key's text."""
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise Malformed("a key is written name+hex+base64")
    name, material = parts[1], from_base64(parts[3])
    check_name(name)
    if len(material) != 1 + _KEY_BYTES or material[0] not in (NOTE, COSIGNATURE):
        raise Malformed(f"the key of {name} is not an Ed25519 key of type 01 or 04")
    return name, material


def _stated_id(text: str) -> bytes:
    return bytes.fromhex(text.split("+")[1])


def _key_id(name: str, material: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + material).digest()[:ID_BYTES]
