"""The transparency log: bytes and hashes only, so that it can be checked without the rest."""
