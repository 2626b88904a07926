"""Headers of every answer: what browsers may do with it, and who may read it from where."""

from __future__ import annotations

from flask import Flask, Response, request

_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_EXPOSED = "ETag, Link, Location, Govlog-Size, Retry-After"


def register(app: Flask) -> None:
    """Give every answer its headers."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Content-Security-Policy", _POLICY)
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cache-Control", "no-store")
    if request.method in ("GET", "HEAD", "OPTIONS"):
        # Public reads, from pages anywhere; no credentials travel with a wildcard.
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = _EXPOSED
        headers.add("Vary", "Accept, Authorization")
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = "GET, HEAD"
            headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
            headers["Access-Control-Max-Age"] = "86400"
    return response
