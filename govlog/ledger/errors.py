"""What the ledger refuses.

LedgerError
  Malformed          the bytes are not in the format they should be in
  Unverified         they are, but what they claim does not hold
    BadSignature     a known key's signature does not belong to the text
    Unsigned         no known key has signed the text
    BadProof         the hashes do not lead to the root
"""

from __future__ import annotations


class LedgerError(Exception):
    """Any refusal of the ledger; its text says what was found and what was expected."""


class Malformed(LedgerError):
    """The bytes are not in the format they should be in."""


class Unverified(LedgerError):
    """Well-formed, but what is claimed does not hold."""


class BadSignature(Unverified):
    """A known key's signature does not belong to the text."""


class Unsigned(Unverified):
    """No known key has signed the text."""


class BadProof(Unverified):
    """The hashes of a proof do not lead to the root."""
