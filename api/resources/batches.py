"""Several commands at once, all or nothing; imports, and the second person's word on them."""

from __future__ import annotations

from flask import Response, request

from api.bodies import LARGEST_BATCH, digest, dry_run, idempotency_key, json_body
from api.conditions import expected_version
from api.parameters import stream_in_path
from api.rooms import rooms
from api.routes import Route
from api.writing import Recording, answer, covered
from govlog.contract.batches import APPROVAL, BATCH, REFUSAL, Batch
from govlog.contract.lines import orders
from govlog.contract.refusal import parsed
from govlog.domain.values import StreamId


def batch() -> Response:
    """Record a list of commands in order, all or nothing.

    Later ones may name what earlier ones begin. With `import` all of it waits until a second
    person approves it as a whole.
    """
    request.max_content_length = LARGEST_BATCH
    here = rooms()
    actor = here.door.writer(request)
    preview = dry_run(request)
    body = json_body(request)
    members = parsed(BATCH, body)
    imported = members.get("import_")
    listed = list(orders(members["commands"], importing=imported is not None, path=("commands",)))
    receipt = here.log.record(
        listed,
        actor,
        key=None if preview else idempotency_key(request),
        digest=digest("batch", body),
        batch=StreamId(f"batch:{imported['key']}") if imported else None,
        source=imported["source"].text if imported else None,
        dry_run=preview,
    )
    covered(here, request, receipt)
    return answer(here, receipt, actor, preview=preview, foresees=imported is None).response()


def approval(key: str) -> Response:
    """Let everything that waits of an import count from here on; by a second person."""
    here = rooms()
    actor = here.door.writer(request, "approve")
    preview, batch, expected = (
        dry_run(request),
        stream_in_path(f"batch:{key}"),
        expected_version(request),
    )
    body = json_body(request)
    parsed(APPROVAL, body)
    receipt = here.log.approve_batch(
        batch,
        actor,
        expected=expected,
        key=None if preview else idempotency_key(request),
        digest=digest(f"approve_batch {key}", body),
        dry_run=preview,
    )
    covered(here, request, receipt)
    return answer(here, receipt, actor, preview=preview).response()


def refusal(key: str) -> Response:
    """Say that what waits of an import shall never count; by a second person."""
    here = rooms()
    actor = here.door.writer(request, "approve")
    preview, batch, expected = (
        dry_run(request),
        stream_in_path(f"batch:{key}"),
        expected_version(request),
    )
    body = json_body(request)
    grounds = parsed(REFUSAL, body).get("grounds")
    receipt = here.log.refuse_batch(
        batch,
        actor,
        expected=expected,
        grounds=None if grounds is None else grounds.text,
        key=None if preview else idempotency_key(request),
        digest=digest(f"refuse_batch {key}", body),
        dry_run=preview,
    )
    covered(here, request, receipt)
    return answer(here, receipt, actor, preview=preview).response()


ROUTES = (
    Route("/v1/batch", batch, Recording, "POST", body=Batch(), status=201),
    Route("/v1/batches/<key>/approval", approval, Recording, "POST", body=APPROVAL, status=201),
    Route("/v1/batches/<key>/refusal", refusal, Recording, "POST", body=REFUSAL, status=201),
)
