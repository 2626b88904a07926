"""Where a view and the oracle disagree at two dates, in words.

On days that partial dates leave open a view may say less than the oracle, never more (rule 13):
what it calls certain must hold in every world. Where all dates are full both say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from govlog.domain.attribution import Bearer, Share
from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from tests.oracle.answers import Possibilities, Told
from tests.oracle.bearing import Part
from tests.oracle.everything import WITH_MONEY, Everything
from tests.projections.community import Answers

Label = tuple[str, str, str | None, str | None, bool]


class Asked:
    """The views of a log, asked at one pair of dates, beside what the oracle knows of it."""

    def __init__(
        self,
        views: Answers,
        possible: Possibilities,
        day: date,
        size: int,
        asked: frozenset[str] = WITH_MONEY,
    ) -> None:
        self.views, self.possible, self.day, self.size = views, possible, day, size
        self.everything = Everything(views.now, possible, day, asked)
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
        yield from self.everything.disagreements()
        self.compared += self.everything.compared

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
            words += list(differences(row.shares, one, certainly=certainly, certain=certain))
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


# -- shares


def differences(
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
    """Where possibilities name different commissions or resolutions the view names none."""
    bearer, reason, commission, resolution, _ = label
    if bearer == "investor" and commission is None:
        return [each for each in among if each[:2] == (bearer, reason)]
    if reason == "assumed" and commission is None:
        return [each for each in among if each[:2] + each[3:] == label[:2] + label[3:]]
    if reason == "authority_void" and resolution is None:
        return [each for each in among if each[:3] == (bearer, reason, commission)]
    return [label]


def _sums(shares: Iterator[Share]) -> dict[Label, Decimal]:
    return _by_label(
        ((str(one.bearer), str(one.reason), one.commission, one.resolution, one.proven), one.amount)
        for one in shares
    )


def _parts(parts: Sequence[Part]) -> dict[Label, Decimal]:
    return _by_label(
        ((one.bearer, one.reason, one.commission, one.resolution, one.proven), one.amount)
        for one in parts
    )


def _by_label(amounts: Iterator[tuple[Label, Decimal]]) -> dict[Label, Decimal]:
    """What adds up to nothing is left out: it is the same as none."""
    sums: dict[Label, Decimal] = {}
    for label, amount in amounts:
        sums[label] = sums.get(label, Decimal(0)) + amount
    return {label: amount for label, amount in sums.items() if amount}
