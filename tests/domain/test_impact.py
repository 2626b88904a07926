"""What a fact would flip, and when a second person must agree to it (rules 10, 11 and 22)."""

from __future__ import annotations

from govlog.domain.attribution import Bearer
from govlog.domain.events.fact import PendingReason
from govlog.domain.impact import Flip, flips, waits
from govlog.domain.values import PartialDate
from tests.domain.test_attribution import Case


def _flips(case: Case, size: int) -> list[Flip]:
    """What the facts recorded from `size` on flip, each looked at by itself."""
    found: list[Flip] = []
    for index in range(size, len(case.log)):
        before, after = case.facts(index), case.facts(index + 1)
        found += flips(before, after, case.log[index])
    return found


def _waits(case: Case) -> tuple[PendingReason, ...]:
    last = len(case.log) - 1
    return waits(case.facts(last), case.facts(last + 1), case.log[last])


def test_an_instalment_that_comes_last_flips_nothing_and_waits_for_nobody() -> None:
    case = Case().at("2024-06-01")
    case.grant("c", "2024-03-01", 100)
    case.bind("first", "2024-04-01", 80)
    size = len(case.log)
    case.bind("second", "2024-04-02", 80)
    assert _flips(case, size) == []
    assert _waits(case) == ()


def test_an_instalment_that_takes_anothers_place_waits_for_a_second_person() -> None:
    case = Case().at("2024-06-01")
    case.grant("c", "2024-03-01", 100)
    case.bind("recorded-first", "2024-05-01", 80)
    size = len(case.log)
    case.bind("bound-first", "2024-04-20", 80)
    (flip,) = _flips(case, size)
    assert (flip.instalment, flip.harms) == ("recorded-first", True)
    assert flip.before.borne_by(Bearer.COMMUNITY) == 80
    assert flip.after.borne_by(Bearer.COMMUNITY) == 20
    assert _waits(case) == (PendingReason.DISPLACES,)


def test_an_earlier_bound_instalment_that_harms_nobody_waits_for_nobody() -> None:
    case = Case().at("2024-06-01")
    case.grant("c", "2024-03-01", 100)
    case.bind("recorded-first", "2024-05-01", 40)
    case.bind("bound-first", "2024-04-20", 40)
    assert _waits(case) == ()


def test_a_revocation_recorded_late_without_notice_waits_for_a_second_person() -> None:
    case = Case().at("2024-06-01")
    case.grant("c", "2024-03-01", 100)
    case.bind("i", "2024-05-20", 40)
    case.revoke("c", "2024-05-15")
    assert _waits(case) == (PendingReason.TAKES_COVER,)


def test_a_revocation_with_a_day_of_notice_after_what_was_bound_waits_for_nobody() -> None:
    case = Case().at("2024-06-01")
    case.grant("c", "2024-03-01", 100)
    case.bind("i", "2024-05-20", 40)
    case.revoke("c", "2024-05-15", notified_on=PartialDate("2024-05-25"))
    assert _waits(case) == ()


def test_an_annulment_flips_amounts_and_reasons_of_all_that_looked_to_the_resolution() -> None:
    case = Case().at("2024-06-01")
    case.grant("c", "2024-03-01", 100)
    case.bind("i", "2024-05-20", 40)
    case.bind("unrelated", "2024-05-21", 40, scope_item="docs")
    size = len(case.log)
    case.annul("grant-c")
    assert [(each.product, each.instalment) for each in _flips(case, size)] == [
        ("product:plan", "i"),
        ("product:plan", "unrelated"),
    ]
