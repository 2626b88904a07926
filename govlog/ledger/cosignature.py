"""What a witness signs, C2SP tlog-cosignature v1.0.1 (type 04)."""

from __future__ import annotations

from govlog.ledger.encoding import LARGEST_NUMBER
from govlog.ledger.errors import Malformed
from govlog.ledger.keys import SIGNATURE_BYTES

_TIME_BYTES = 8


def cosigned_message(time: int, body: str) -> bytes:
    """The bytes under the signature: header line, time in POSIX seconds, checkpoint body."""
    return f"cosignature/v1\ntime {time}\n{body}".encode()


def packed(time: int, signature: bytes) -> bytes:
    """`timestamped_signature`: the time as big-endian u64, then the Ed25519 signature."""
    if not 0 <= time <= LARGEST_NUMBER:
        raise ValueError(f"{time} is no time in POSIX seconds")
    return time.to_bytes(_TIME_BYTES, "big") + signature


def unpacked(blob: bytes) -> tuple[int, bytes]:
    """Time and signature; Malformed for another length and for a time beyond 2^63 - 1."""
    if len(blob) != _TIME_BYTES + SIGNATURE_BYTES:
        raise Malformed(f"a cosignature has {_TIME_BYTES + SIGNATURE_BYTES} bytes, not {len(blob)}")
    time = int.from_bytes(blob[:_TIME_BYTES], "big")
    if time > LARGEST_NUMBER:
        raise Malformed(f"{time} is no time in POSIX seconds")
    return time, blob[_TIME_BYTES:]
