"""The review calendar: what is due on a day, and whether that is past, soon or later (rule 10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from govlog.domain.events.body import BodyDissolved, MemberSeated
from govlog.domain.events.evaluation import LevelChanged
from govlog.domain.events.risk import RiskClosed, RiskRaised
from govlog.domain.values import PartialDate, StreamId, first_day, last_day
from tests.oracle.acts import set_by
from tests.oracle.bodies import happened, is_fiction, sits
from tests.oracle.commissions import LEAVING, Product, key_of
from tests.oracle.evaluations import MEASURES
from tests.oracle.grounds import Grounds
from tests.oracle.portfolio import next_review
from tests.oracle.products import fiction_of
from tests.oracle.risks import next_review as risk_review

SOON = timedelta(days=90)


def calendar(grounds: Grounds, day: date) -> dict[str, Any]:
    rows = [*_seats(grounds, day), *_risks(grounds, day)]
    products = {each.stream for each in grounds.facts if each.stream.startswith("product:")}
    for stream in products:
        rows += _of_product(Product(grounds, stream), day)
    return {
        "/".join(part for part in (kind, stream, part) if part is not None): {
            "kind": kind,
            "due": due,
            "when": when(due, day),
            "stream": stream,
            "part": part,
            "product": product,
            "body": stream if kind == "seat_ends" else None,
            "fiction": fiction,
        }
        for kind, stream, part, product, due, fiction in rows
        if due is not None
    }


def when(due: PartialDate, day: date) -> str:
    """Overdue from the day after its last; within the next 90 days from its first."""
    if day > last_day(due):
        return "overdue"
    return "next_90_days" if first_day(due) - day <= SOON else "later"


Row = tuple[str, StreamId, str | None, StreamId | None, PartialDate | None, bool]


def _seats(grounds: Grounds, day: date) -> list[Row]:
    """Seats that end while they are held; a dissolved body has none."""
    found: list[Row] = []
    for each in grounds.facts:
        fact = each.fact
        if not isinstance(fact, MemberSeated) or fact.until is None:
            continue
        gone = happened(grounds, each.stream, BodyDissolved, day)
        if sits(grounds, each, day) and not gone:
            due = PartialDate(last_day(fact.until).isoformat())
            fiction = is_fiction(grounds, each.stream)
            found.append(("seat_ends", each.stream, fact.seat, None, due, fiction))
    return found


def _risks(grounds: Grounds, day: date) -> list[Row]:
    found: list[Row] = []
    for each in grounds.facts:
        fact = each.fact
        if not isinstance(fact, RiskRaised) or grounds.decided(each)[0] > day:
            continue
        if not happened(grounds, each.stream, RiskClosed, day):
            due = risk_review(grounds, each.stream, day)
            found.append(("risk_review", each.stream, None, fact.product, due, fact.fiction))
    return found


def _of_product(product: Product, day: date) -> list[Row]:
    grounds, stream = product.grounds, product.stream
    fiction = fiction_of(grounds, stream)
    found: list[Row] = []
    for each in product.commissions():
        if product.status(each, day) == "in_force" and grounds.decided(each)[0] <= day:
            due = next_review(product, each, day)
            found.append(("commission_review", stream, key_of(each), stream, due, fiction))
    setting = set_by(product, day)
    if setting is not None and isinstance(setting.fact, LevelChanged):
        due = setting.fact.next_review
        found.append(("level_review", stream, None, stream, due, fiction))
    measured = [
        each
        for each in product.facts
        if isinstance(each.fact, MEASURES) and grounds.decided(each)[0] <= day
    ]
    # What has left the portfolio is not evaluated any more.
    if measured and not (setting is not None and isinstance(setting.fact, LEAVING)):
        last = max(measured, key=grounds.decided).fact
        assert isinstance(last, MEASURES)
        found.append(("evaluation", stream, None, stream, last.next_review, fiction))
    return found
