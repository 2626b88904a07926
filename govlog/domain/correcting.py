"""Correcting what was recorded wrongly, and taking a correction back (rule 19)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import FieldInfo, fields, replace

from govlog.domain.body import require_limit
from govlog.domain.correctable import OWN_END, REFERS, NotCorrectable, correctable, is_read
from govlog.domain.corrected import with_value
from govlog.domain.errors import RuleViolation
from govlog.domain.events.any_stream import CorrectionWithdrawn, FactCorrected
from govlog.domain.events.body import MandateGranted
from govlog.domain.events.debate import VoiceAdded
from govlog.domain.events.fact import Fact, PendingReason
from govlog.domain.facts import Given
from govlog.domain.recording import is_late, require_order
from govlog.domain.refusals import UnknownReference, require_known
from govlog.domain.resolution import Resolution
from govlog.domain.stream import Folded, Recorded
from govlog.domain.values import Personal, StreamId, first_day, kind_of


class Told(Struct, frozen=True):
    """A stream with the facts it is folded from."""

    folded: Folded[Any]
    facts: Sequence[Recorded[Fact]]


class NoSuchFact(RuleViolation):
    """A correction names a fact of its own stream."""

    slug = "no-such-fact"
    rule = 19


class DoesNotCount(RuleViolation):
    """What waits, or was refused, is not mended: it is refused and recorded anew."""

    slug = "does-not-count"
    rule = 19


class NothingToCorrect(RuleViolation):
    """The fact says so already."""

    slug = "nothing-to-correct"
    rule = 19


class WithoutEvidence(RuleViolation):
    """A correction names the evidence that shows what is right."""

    slug = "without-evidence"
    rule = 19


class PastItsRecording(RuleViolation):
    """No correction moves a date past the day on which the fact was recorded."""

    slug = "past-its-recording"
    rule = 19


class NotInEffect(RuleViolation):
    """Only a correction that is in effect can be withdrawn."""

    slug = "not-in-effect"
    rule = 19


class NamesItself(RuleViolation):
    """No correction makes a fact name what it is recorded on: that would go in a circle."""

    slug = "names-itself"
    rule = 19


def correct_fact(told: Told, proposed: FactCorrected, given: Given) -> FactCorrected:
    """Mend one member of an earlier fact of the stream; a list or a part as a whole."""
    recorded = _counting(told, proposed.event)
    kind = type(recorded.fact)
    member = _member(kind, proposed.field)
    value = _personal(given.typed(kind, member.name, proposed.value), member, recorded)
    now = told.folded.corrected.get(recorded.id, recorded)
    if getattr(now.fact, member.name) == value:
        raise NothingToCorrect(
            f"{proposed.field} of {recorded.id} says so already",
            mend="nothing needs to be corrected",
            event=recorded.id,
            field=proposed.field,
        )
    mended = with_value(now, proposed.field, value)
    if not given.importing:
        if not proposed.evidence:
            raise WithoutEvidence(
                "no evidence is named", mend="name in evidence what shows the right value"
            )
        if member.name in _LIMITS:
            require_order(mended.fact)
    _require_before_recording(recorded, member, value)
    _require_named(told.folded.counted, recorded, member, value, given)
    if isinstance(mended.fact, MandateGranted):
        require_limit(mended.fact)
    pending = [PendingReason.CORRECTS] if is_read(kind, member) else []
    if _makes_late(now, mended, given):
        pending.append(PendingReason.LATE)
    return replace(proposed, value=value, pending=tuple(pending))


def withdraw_correction(
    told: Told, proposed: CorrectionWithdrawn, given: Given
) -> CorrectionWithdrawn:
    """Take back a correction that is in effect: what stood before it stands again."""
    found = next((each for each in told.folded.corrections if each.id == proposed.correction), None)
    if found is None:
        waits = proposed.correction in told.folded.pending
        raise NotInEffect(
            f"{proposed.correction} is no correction in effect on this stream",
            mend="have it refused: it waits for a second person"
            if waits
            else "name a correction of this stream that is in effect",
            correction=proposed.correction,
            in_effect=[each.id for each in told.folded.corrections],
        )
    kind = type(_fact(told, found.fact.event).fact)
    read = is_read(kind, _member(kind, found.fact.field))
    return replace(proposed, pending=(PendingReason.CORRECTS,) if read else ())


def _fact(told: Told, event: str) -> Recorded[Fact]:
    found = next((each for each in told.facts if each.id == event), None)
    if found is None:
        raise NoSuchFact(
            f"{event} is no fact of this stream",
            mend="correct it on the stream it is recorded on, by its stream@version",
            event=event,
        )
    return found


def _counting(told: Told, event: str) -> Recorded[Fact]:
    found = _fact(told, event)
    instead = OWN_END.get(type(found.fact))
    if instead is not None:
        raise NotCorrectable(f"{event} is not corrected", mend=instead, event=event)
    if event in told.folded.pending or event in told.folded.refused:
        raise DoesNotCount(
            f"{event} does not count: it waits for a second person, or was refused",
            mend="have it refused if it waits, and record it anew as it should be",
            event=event,
        )
    return found


def _member(kind: type[Fact], field: str) -> FieldInfo:
    allowed = correctable(kind)
    if field not in allowed:
        raise NotCorrectable(
            f"{field!r} of {kind.__name__} cannot be corrected",
            mend=f"name one of {', '.join(allowed)}; a part of one is replaced with the whole",
            field=field,
            fields=list(allowed),
        )
    return allowed[field]


def _personal(value: object, member: FieldInfo, recorded: Recorded[Fact]) -> object:
    """A name or text with the person whose erasure removes it, as the fact's own has (TRUST)."""
    fact = recorded.fact
    is_name = member.name == "name" and isinstance(getattr(fact, "name", None), Personal)
    if is_name and isinstance(value, str) and kind_of(recorded.stream) == "party":
        return Personal(text=str(value), subject=recorded.stream)
    if isinstance(fact, VoiceAdded) and isinstance(value, Personal):
        return replace(value, subject=fact.party)
    return value


_HAPPENINGS = ("decided_on", "bound_on", "notified_on")
_LIMITS = ("decided_on", "effective_from", "since", "until")


def _require_before_recording(recorded: Recorded[Fact], member: FieldInfo, value: object) -> None:
    """A period that had begun is fine, as when it was recorded (rule 2)."""
    if member.name not in _HAPPENINGS or not isinstance(value, str):
        return
    if first_day(value) > recorded.recorded_on:
        raise PastItsRecording(
            f"{member.name} {value} is after the recording of {recorded.id},"
            f" {recorded.recorded_on}",
            mend="state a day on or before its recording",
            field=member.name,
            value=value,
            recorded_on=recorded.recorded_on.isoformat(),
        )


def _makes_late(now: Recorded[Fact], mended: Recorded[Fact], given: Given) -> bool:
    """Whether the fact would have had to wait for being late, had it been recorded so (rule 5)."""
    days = given.late_days
    return is_late(mended.fact, now.recorded_on, days) and not is_late(
        now.fact, now.recorded_on, days
    )


def _require_named(
    state: object, recorded: Recorded[Fact], member: FieldInfo, value: object, given: Given
) -> None:
    """What the new value names must be in the log, as when a fact names it."""
    for stream in _streams(member.type, value):
        require_known(given.facts, stream, member.name)
        if stream == recorded.stream and not isinstance(value, Personal):
            raise NamesItself(
                f"{recorded.id} would name {stream}, which it is recorded on",
                mend="name another",
                field=member.name,
                value=stream,
            )
    if REFERS.get(type(recorded.fact)) != member.name or value in _keys(state, member.name):
        return
    raise UnknownReference(
        f"this stream knows no {member.name} {value!r}",
        mend=f"name one of {', '.join(sorted(_keys(state, member.name)))}",
        field=member.name,
        key=value,
    )


def _keys(state: object, name: str) -> set[str]:
    """The keys of a stream's things of one kind; of a resolution the seats on its rolls."""
    if isinstance(state, Resolution):
        return {seat.seat for held in state.rounds for seat in held.roll.seats}
    return set(getattr(state, f"{name}s", ()))


def _streams(annotation: Any, value: Any) -> Iterator[StreamId]:
    """The streams that a value of a member names."""
    if value is None:
        return
    inner = [each for each in get_args(annotation) if each not in (type(None), Ellipsis)]
    if annotation is StreamId or (StreamId in inner and isinstance(value, str)):
        yield StreamId(value)
    elif isinstance(value, tuple):
        for each in value:
            yield from _streams(inner[0], each)
    elif isinstance(value, Struct):
        for member in fields(value):
            yield from _streams(member.type, getattr(value, member.name))
