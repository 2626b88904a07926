"""What every fact meets on its way in: its dates (rules 1, 2, 10, 14) and its lateness (rule 5)."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from msgspec.structs import replace

from govlog.domain.errors import RuleViolation
from govlog.domain.events.agreement import Agreement, AuthorityWithdrew
from govlog.domain.events.any_stream import ApprovalRefused, Approved, BatchRecorded, ItemOpened
from govlog.domain.events.body import MandateGranted, MemberSeated
from govlog.domain.events.fact import Act, Fact, PendingReason
from govlog.domain.events.product import CommissionAmended, CommissionGranted, InstalmentCommitted
from govlog.domain.facts import Given
from govlog.domain.values import PartialDate, first_day, last_day, span

F = TypeVar("F", bound=Fact)

_OF_TODAY = (Approved, ApprovalRefused, BatchRecorded, ItemOpened)
_WITH_SINCE = (MemberSeated, MandateGranted, Agreement, AuthorityWithdrew)


class InTheFuture(RuleViolation):
    """What happened cannot have happened after it was recorded (rules 1 and 14)."""

    slug = "in-the-future"
    rule = 1


class WithoutDate(RuleViolation):
    """Live recording asks for a reason where a date is missing (rule 2)."""

    slug = "without-date"
    rule = 2


class ReachesBack(RuleViolation):
    """Nothing starts before it was decided (rule 10)."""

    slug = "reaches-back"
    rule = 10


class EndsBeforeStart(RuleViolation):
    """`until` is the last day in force, so it is no earlier than the first (rule 2)."""

    slug = "ends-before-start"
    rule = 2


class NotOfToday(RuleViolation):
    """A second person's word is of the day on which it is recorded (rule 5)."""

    slug = "not-of-today"
    rule = 5


def admit(fact: F, given: Given, *, late_days: int) -> F:
    """Check a fact's dates and say why it must wait, if it must; `late_days` is N of rule 5."""
    if isinstance(fact, _OF_TODAY):
        _require_today(fact.decided_on, given.recorded_on)
        return replace(fact, pending=())
    _require_begun("decided_on", fact.decided_on, given.recorded_on, rule=1)
    if isinstance(fact, InstalmentCommitted):
        _require_begun("bound_on", fact.bound_on, given.recorded_on, rule=14)
    if isinstance(fact, Act):
        _require_begun("notified_on", fact.notified_on, given.recorded_on, rule=10)
    if not given.importing:
        _require_reason(fact)
        require_order(fact)
    reasons = dict.fromkeys(fact.pending)
    if given.importing:
        reasons[PendingReason.IMPORT] = None
    if is_late(fact, given.recorded_on, late_days):
        reasons[PendingReason.LATE] = None
    pending = tuple(reasons)
    return fact if fact.pending == pending else replace(fact, pending=pending)


def is_late(fact: Fact, recorded_on: date, late_days: int) -> bool:
    """Rule 5: a fact that may be more than N days older than its recording; or has no date."""
    lag = lag_days(fact, recorded_on)
    return lag is None or lag > late_days


def lag_days(fact: Fact, recorded_on: date) -> int | None:
    """By how many days a fact may be older than its recording; None where a date is missing.

    From the earliest possible day, for an instalment of `decided_on` and `bound_on` (rule 5).
    """
    dates = [fact.decided_on]
    if isinstance(fact, InstalmentCommitted):
        dates.append(fact.bound_on)
    days = [span(each, recorded_on).earliest for each in dates if each is not None]
    return (recorded_on - min(days)).days if len(days) == len(dates) else None


def _require_begun(field: str, when: PartialDate | None, today: date, *, rule: int) -> None:
    """A period that has begun is fine: rule 2 caps it at the day of recording."""
    if when is None or first_day(when) <= today:
        return
    refusal = InTheFuture(
        f"{field} {when} is after the day of recording, {today}",
        mend="state the day it happened; a later start goes in effective_from or since",
        field=field,
        value=when,
        recorded_on=today.isoformat(),
    )
    refusal.rule = rule
    raise refusal


def _require_reason(fact: Fact) -> None:
    missing = [] if fact.decided_on else ["decided_on"]
    if isinstance(fact, InstalmentCommitted) and not fact.bound_on:
        missing.append("bound_on")
    if missing and fact.undated_because is None:
        raise WithoutDate(
            f"{' and '.join(missing)} is missing, and no reason is given",
            mend="state the date, as 2023 or 2023-09 where no more is known, or say in"
            " undated_because why there is none",
            missing=missing,
        )


def _start(fact: Fact) -> tuple[str, PartialDate | None]:
    """The later start a fact states; a limit, so its first day counts (rule 2)."""
    if isinstance(fact, Act):
        return "effective_from", fact.effective_from
    if isinstance(fact, _WITH_SINCE):
        return "since", fact.since
    return "", None


def require_order(fact: Fact) -> None:
    """Refuse a start before the decision, and an end before the start (rules 2 and 10)."""
    _require_forward(fact)
    _require_end_after_start(fact)


def _require_forward(fact: Fact) -> None:
    field, start = _start(fact)
    if start is None or fact.decided_on is None:
        return
    if first_day(start) < first_day(fact.decided_on):
        raise ReachesBack(
            f"{field} {start} begins before decided_on {fact.decided_on}",
            mend=f"leave {field} out where it starts when decided, else name a later day",
            field=field,
            value=start,
            decided_on=fact.decided_on,
        )


_LIMITED = (CommissionGranted, CommissionAmended, MemberSeated, MandateGranted, Agreement)


def _require_end_after_start(fact: Fact) -> None:
    if not isinstance(fact, _LIMITED):
        return
    start = _start(fact)[1] or fact.decided_on
    if fact.until is not None and start is not None and last_day(fact.until) < first_day(start):
        raise EndsBeforeStart(
            f"until {fact.until} is before the start, {start}",
            mend="name the last day in force, on or after the first",
            until=fact.until,
            start=start,
        )


def _require_today(when: PartialDate | None, today: date) -> None:
    if when is not None and not first_day(when) <= today <= last_day(when):
        raise NotOfToday(
            f"decided_on {when} is not the day of recording, {today}",
            mend="leave decided_on out",
            value=when,
            recorded_on=today.isoformat(),
        )
