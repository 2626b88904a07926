"""The second person's word on an import as a whole: one fact on every stream concerned (rule 5)."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from govlog.application.batches import Batch
from govlog.application.desk import Desk, in_portions
from govlog.domain.approval import NotPending, approve_part, refuse_part
from govlog.domain.errors import NotFound
from govlog.domain.events.any_stream import ApprovalRefused, Approved
from govlog.domain.values import KINDS, Personal, StreamId, kind_of

Word = Approved | ApprovalRefused


def approve(desk: Desk, batch: StreamId, expected: int | None) -> None:
    """Put down that what waits of the import counts from here on."""
    given = desk.given()
    desk.require_version(batch, expected)
    _speak(
        desk,
        batch,
        lambda stream: approve_part(desk.overlay.folded(stream), batch, given),
        Approved(facts=()),
    )


def refuse(desk: Desk, batch: StreamId, expected: int | None, grounds: str | None) -> None:
    """Put down that what waits of the import shall never count."""
    given = desk.given()
    desk.require_version(batch, expected)
    why = None if grounds is None else Personal(text=grounds)

    def word(stream: StreamId) -> ApprovalRefused | None:
        refusal = refuse_part(desk.overlay.folded(stream), batch, given)
        return None if refusal is None else replace(refusal, grounds=why)

    _speak(desk, batch, word, ApprovalRefused(facts=(), grounds=why))


def _speak(
    desk: Desk, batch: StreamId, word: Callable[[StreamId], Word | None], ending: Word
) -> None:
    state: Batch | None = desk.overlay.state(batch)
    if state is None:
        raise NotFound(f"there is no {batch} in the log", mend="check the id", id=batch)
    if not state.waiting:
        raise NotPending(
            f"nothing of {batch} waits for a second person",
            mend="its approval or refusal stands in the log",
            batch=batch,
        )
    # What authorises comes first: else an act that only follows would seem to take others' places.
    for stream in sorted(state.streams(), key=lambda each: KINDS.index(kind_of(each))):
        said = word(stream)
        if said is not None:
            for ids in in_portions(said.facts):
                desk.put(stream, replace(said, facts=ids))
    for ids in in_portions([part.id for part in state.waiting]):
        desk.put(batch, replace(ending, facts=ids))
