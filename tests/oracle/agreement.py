"""Where a view and the oracle disagree at two dates, in words.

On days that partial dates leave open a view may say less than the oracle, never more (rule 13):
what it calls certain must hold in every world. Where all dates are full both say the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from govlog.domain.attribution import Bearer, Share
from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from tests.oracle import registers
from tests.oracle.answers import Possibilities, Told
from tests.oracle.bearing import Part
from tests.projections.community import Answers

Label = tuple[str, str, str | None, str | None, bool]


class Asked:
    """The views of a log, asked at one pair of dates, beside what the oracle knows of it."""

    def __init__(self, views: Answers, possible: Possibilities, day: date, size: int) -> None:
        self.views, self.possible, self.day, self.size = views, possible, day, size
        self.compared = 0

    def row(self, view: str, key: str) -> tuple[Any, bool]:
        """What a row says, and whether it is certain; None where there is no row."""
        row = self.views.row(view, key, f"{self.day}", self.size)
        if row is None:
            return None, True
        return self.views.of(view, key, f"{self.day}", self.size), row.certain

    def disagreements(self) -> Iterator[str]:
        for product in self.possible.products():
            for each in self.possible.instalments(product):
                self.compared += 1
                for words in self._instalment(each):
                    yield f"investments {each.id} as of {self.day} known at {self.size}: {words}"
            yield from self._exposure(product)
        yield from self._registers()

    # -- investments

    def _instalment(self, each: Recorded[Fact]) -> Iterator[str]:
        told = self.possible.told(each, self.day)
        key = f"{each.stream}/{each.fact.instalment}"  # type: ignore[attr-defined]
        row, certain = self.row("investments", key)
        bound = [one for one in told if one.bound]
        if row is None:
            if bound:
                yield f"not listed, though it may be bound: {bound[0].parts}"
            return
        if self.possible.full and not bound:
            yield "listed before it was bound"
        if certain and len(bound) < len(told):
            yield "said to be bound for certain"
        certainly = self.possible.settled(each.stream)
        for one in bound:
            words = [] if not certainly else list(self._listed(each, row, one))
            words += list(_differences(row.shares, one, certainly=certainly, certain=certain))
            if words:
                yield f"{'; '.join(words)}\n  view   {row.shares}\n  oracle {one.parts}"
                return

    def _listed(self, each: Recorded[Fact], row: Any, told: Told) -> Iterator[str]:
        """What else an instalment's row says: what is left of it, and whether it is declined."""
        left = sum((part.amount for part in told.parts), Decimal(0))
        if told.parts and row.at_risk != left:
            yield f"{row.at_risk} is left, oracle {left}"
        for share in row.shares:
            if share.declined != (told.declined and share.bearer is not Bearer.COMMUNITY):
                yield f"declined {share.declined}, oracle {told.declined}"
            covered = share.reason == "covered"
            if covered and set(share.flags) != set(told.flags):
                yield f"flags {share.flags}, oracle {told.flags}"

    # -- sums

    def _exposure(self, product: StreamId) -> Iterator[str]:
        bearings = self.possible.bearings(product)
        told = [
            registers.exposure(bearing, self.possible.risks(), self.day) for bearing in bearings
        ]
        for currency in sorted({each for one in told for each in one}):
            sums = [one[currency] for one in told if currency in one]
            row, _ = self.row("exposure", f"{product}/{currency}")
            if row is None:
                yield f"exposure {product}/{currency} as of {self.day}: no row, oracle {sums[0]}"
                continue
            self.compared += 1
            for name in ("bound", "community", "investor"):
                low, high = (getattr(row, f"{name}_at_{end}") for end in ("least", "most"))
                values = [one[name] for one in sums]
                if low > min(values) or high < max(values):
                    yield (
                        f"exposure {product}/{currency} as of {self.day} known at {self.size}:"
                        f" {name} from {low} to {high}, oracle {min(values)} to {max(values)}"
                    )
                if self.possible.settled(product) and low != high:
                    yield f"exposure {product}/{currency} as of {self.day}: {name} left open"

    # -- the other views

    def _registers(self) -> Iterator[str]:
        day, possible = self.day, self.possible
        tables: dict[str, list[registers.Rows]] = {
            name: [getattr(registers, name)(grounds, day) for grounds in possible.grounds]
            for name in ("resolutions", "risks", "proofs", "debates", "bodies", "seats", "mandates")
        }
        tables["approvals"] = [registers.approvals(possible.log, day)]
        for product in possible.products():
            bearings = possible.bearings(product)
            for name, rows in (
                ("commissions", [registers.commissions(each, day) for each in bearings]),
                ("portfolio", [registers.portfolio(each.product, day) for each in bearings]),
            ):
                yield from self._table(name, rows, settled=possible.settled(product))
        for name, rows in tables.items():
            yield from self._table(name, rows, settled=possible.full)

    def _table(
        self, view: str, worlds: Sequence[registers.Rows], *, settled: bool
    ) -> Iterator[str]:
        """Every row of one view, in every world."""
        for key in sorted({key for rows in worlds for key in rows}):
            self.compared += 1
            row, certain = self.row(view, key)
            told = [rows.get(key) for rows in worlds]
            where = f"{view} {key} as of {self.day} known at {self.size}"
            if row is None:
                yield f"{where}: no row, oracle {next(each for each in told if each)}"
            elif settled and not certain:
                yield f"{where}: left open, though every date is full"
            elif certain and (settled or not _says_so(view, row)):
                for each in told:
                    words = "is there for certain" if each is None else _unlike(view, row, each)
                    if words:
                        yield f"{where}: {words}"
                        break


def _says_so(view: str, row: Any) -> bool:
    """Whether a row says itself, instead of being uncertain, that it leaves an answer open."""
    return view == "proofs" and row.authority == "undetermined"


def _unlike(view: str, row: Any, told: Mapping[str, Any]) -> str:
    """Which members of a certain row are not as the oracle has them."""
    words = []
    for name, value in told.items():
        for said in _said(view, row, name, value):
            words.append(f"{name} is {said}, oracle {value}")
    return "; ".join(words)


def _said(view: str, row: Any, name: str, value: Any) -> Iterator[Any]:
    if (view, name) == ("commissions", "drawn"):
        if not row.drawn_at_least <= value <= row.drawn_at_most:
            yield row.drawn_at_least, row.drawn_at_most
        return
    if name == "works_from":
        if not row.works_from.earliest <= value <= row.works_from.latest:
            yield row.works_from
        return
    said = {
        ("resolutions", "word"): lambda: row.outcome and str(row.outcome.word),
        ("resolutions", "option"): lambda: row.outcome and row.outcome.option,
        ("resolutions", "superseded_by"): lambda: tuple(
            (each.by, each.standing) for each in row.superseded_by
        ),
        ("risks", "assumed"): lambda: {each.assumption: each.in_force for each in row.assumptions},
        ("risks", "declined"): lambda: sorted(each.instalment for each in row.refusals),
    }.get((view, name), lambda: getattr(row, name))()
    if said != value:
        yield said


# -- shares


def _differences(
    shares: Sequence[Share], told: Told, *, certainly: bool, certain: bool
) -> Iterator[str]:
    sure = _sums(each for each in shares if each.reason != "undetermined")
    open_ = [each for each in shares if each.reason == "undetermined"]
    parts = _parts(told.parts)
    if told.credited and not certainly:
        # Which share was drawn last is open, so a credit comes off the undetermined one (ADR 0041).
        if certain and sum(each.amount for each in shares) != sum(parts.values()):
            yield f"{sum(parts.values())} is left after credits"
        return
    if certainly:
        if sure != parts or open_:
            yield "other shares"
        return
    left = dict(parts)
    for label, amount in sure.items():
        missing = _taken(label, amount, left)
        if missing:
            yield f"{missing} of {label} is not certain"
    yield from _open(open_, {label: amount for label, amount in left.items() if amount})


def _taken(label: Label, amount: Decimal, left: dict[Label, Decimal]) -> Decimal:
    """Take an amount off those it may be part of; what they do not have."""
    for found in _like(label, left):
        taken = min(amount, left.get(found, Decimal(0)))
        left[found] = left.get(found, Decimal(0)) - taken
        amount -= taken
    return amount


def _open(open_: Sequence[Share], left: Mapping[Label, Decimal]) -> Iterator[str]:
    """The undetermined shares must allow for what is left in this world."""
    if sum(each.amount for each in open_) != sum(left.values()):
        yield "the undetermined share is not the rest"
    named = {str(reason) for each in open_ for reason in each.reasons}
    if missing := {reason for _, reason, *_ in left} - named:
        yield f"{missing} may be the reason, too"
    for bearer in (Bearer.COMMUNITY, Bearer.INVESTOR):
        stated = sum((each.amount for each in open_ if each.bearer is bearer), Decimal(0))
        if stated > sum(amount for label, amount in left.items() if label[0] == bearer):
            yield f"{bearer} is not sure to bear {stated}"


def _like(label: Label, among: Mapping[Label, Decimal]) -> list[Label]:
    """Where possibilities name different commissions for one reason the view names none."""
    bearer, reason, commission, *_ = label
    if bearer == "investor" and commission is None:
        return [each for each in among if each[:2] == (bearer, reason)]
    return [label]


def _sums(shares: Iterator[Share]) -> Counter[Label]:
    sums: Counter[Label] = Counter()
    for each in shares:
        label = (str(each.bearer), str(each.reason), each.commission, each.resolution, each.proven)
        sums[label] += each.amount  # type: ignore[assignment]
    return sums


def _parts(parts: Sequence[Part]) -> Counter[Label]:
    sums: Counter[Label] = Counter()
    for each in parts:
        label = (each.bearer, each.reason, each.commission, each.resolution, each.proven)
        sums[label] += each.amount  # type: ignore[assignment]
    return sums
