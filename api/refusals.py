"""What a request is refused for before any rule of the domain is asked."""

from __future__ import annotations

from govlog.domain.errors import GovlogError


class MalformedRequest(GovlogError):
    """The request itself cannot be read: its JSON, a header or a parameter; `field` says which."""

    slug = "malformed-request"


class TokenRequired(GovlogError):
    """Writing needs a bearer token that is known, not expired and not revoked."""

    slug = "token-required"


class PreconditionRequired(GovlogError):
    """A write to an existing stream names the version it was decided on (RFC 6585 §3)."""

    slug = "precondition-required"


class UnsupportedContent(GovlogError):
    """Bodies are JSON."""

    slug = "unsupported-content"


class TooManyRequests(GovlogError):
    """More writes, or more failed log-ins, than one client may make in a minute."""

    slug = "too-many-requests"


class NotYetKnown(GovlogError):
    """`known_at` is an instant or a size that the log has not reached."""

    slug = "not-yet-known"
