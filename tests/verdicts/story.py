"""Reads a verdict's story, line by line, and tells it through the front door.

A line begins with the day of recording. What follows is a sentence from the list in README.md;
after a colon stand the terms, with semicolons between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from govlog.application.decision_log import Order
from govlog.domain.events import product as product_fact
from govlog.domain.events.any_stream import CorrectionWithdrawn, FactCorrected
from govlog.domain.events.body import (
    ActKind,
    BodyEstablished,
    BodyFounded,
    LimitKind,
    MandateEnded,
    MandateGranted,
    MemberSeated,
    Rules,
    SeatRole,
)
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.events.resolution import (
    ItemKind,
    Minuted,
    OutcomeMinuted,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionAnnulled,
    ResolutionSuperseded,
    ResolutionTabled,
)
from govlog.domain.events.risk import RiskAssumed, RiskDeclined, RiskRaised
from govlog.domain.values import (
    Ceiling,
    CeilingKind,
    Key,
    Money,
    PartialDate,
    Reference,
    Standing,
    StreamId,
)
from tests.oracle.telling import Teller, text

BOARD, GROUP, TOOL, RISK = (
    StreamId(each) for each in ("body:board", "body:group", "product:tool", "risk:tool")
)
Terms = Mapping[str, str]
Sentence = Callable[["Story", re.Match[str], Terms, PartialDate], None]


class NotUnderstood(Exception):
    """A line that no sentence fits, or that the log refused."""


class Story:
    """A community whose board may do everything; `tool` is its product."""

    def __init__(self, t: Teller) -> None:
        self.t = t
        on = PartialDate(f"{t.day}")
        shown: dict[str, Any] = {"decided_on": on, "evidence": (Reference("bylaws.md"),)}
        chair = StreamId("party:chair")
        self.tell("found_body", BOARD, BodyFounded(name="Board", rules=Rules(version="1"), **shown))
        named = PartyRegistered(kind=PartyKind.PERSON, name=text("chair"), decided_on=on)
        self.tell("register_party", chair, named)
        for name in ("acme", "bolt"):
            firm = PartyRegistered(kind=PartyKind.ORGANISATION, name=name, decided_on=on)
            self.tell("register_party", f"party:{name}", firm)
        seated = MemberSeated(seat=Key("chair"), party=chair, role=SeatRole.CHAIR, **shown)
        self.tell("seat_member", BOARD, seated)
        mandate = MandateGranted(mandate=Key("all"), acts=tuple(ActKind), **shown)
        self.tell("grant_mandate", BOARD, mandate)
        self.resolve(BOARD, "start", on)
        self.tell("propose_product", TOOL, product_fact.ProductProposed(name="Tool", decided_on=on))
        self.tell("raise_risk", RISK, RiskRaised(title=text(), decided_on=on))

    def line(self, line: str) -> None:
        """Tell one line; NotUnderstood where it is not one, or was refused."""
        day, _, words = line.partition(" ")
        self.t.pass_days((date.fromisoformat(day) - self.t.day).days)
        sentence, _, told = words.strip().partition(":")
        terms = dict(_term(each) for each in told.split(";") if each.strip())
        when = PartialDate(terms.pop("decided", day))
        for pattern, tell in SENTENCES:
            if match := re.fullmatch(pattern, sentence.strip()):
                tell(self, match, terms, when)
                return
        raise NotUnderstood(line)

    def tell(self, command: str, stream: str, fact: Any) -> None:
        if not self.t.tell(command, stream, fact):
            raise NotUnderstood(f"{command} {stream} was refused: {dict(self.t.refused)}")

    def resolve(
        self, body: str, name: str, when: PartialDate | None, word: str = "carried", **more: Any
    ) -> None:
        """Live with minutes; in an import as a source gives it."""
        stream = f"resolution:{name}"
        kind = more.pop("kind", ItemKind.DECISION)
        shown = more.pop("vote_shown", True)
        tabled = ResolutionTabled(
            body=StreamId(body), kind=kind, title=text(), decided_on=when, **more
        )
        self.tell("table_resolution", stream, tabled)
        told: dict[str, Any] = {"decided_on": when, "outcome": OutcomeWord(word)}
        if self.t.importing:
            recorded = OutcomeRecorded(vote_shown=shown, **told)
            self.tell("record_outcome", stream, recorded)
        else:
            minutes = OutcomeMinuted(
                manner=Minuted.CONSENSUS,
                present=(Key("chair"),),
                evidence=(Reference("minutes.md"),),
                **told,
            )
            self.tell("minute_outcome", stream, minutes)


def _term(told: str) -> tuple[str, str]:
    name, _, value = told.strip().partition(" ")
    return name, value.strip()


def _date(terms: Terms, name: str) -> PartialDate | None:
    return PartialDate(terms[name]) if name in terms else None


def _money(told: str) -> Money:
    amount, currency = told.split()
    return Money(Decimal(amount), currency)


def _ceiling(told: str) -> Ceiling:
    amount, currency = told.split()
    if amount in ("none", "unknown"):
        return Ceiling(CeilingKind(amount), currency)
    return Ceiling(CeilingKind.AMOUNT, currency, Decimal(amount))


def _several(told: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in told.split(","))


def _parties(terms: Terms) -> tuple[StreamId, ...]:
    return tuple(StreamId(f"party:{each}") for each in _several(terms["parties"]))


def _by(name: str | None) -> dict[str, Any]:
    """The resolution an act cites; `hearsay` is authority as a source words it."""
    if name == "hearsay":
        return {"authority_text": text("as agreed")}
    return {"resolution": StreamId(f"resolution:{name}") if name else None}


def _act(match: re.Match[str], terms: Terms, when: PartialDate) -> dict[str, Any]:
    return {
        "decided_on": when,
        **_by(match["by"]),
        "effective_from": _date(terms, "from"),
        "notified_on": _date(terms, "notified"),
    }


# -- sentences


def _resolves(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    kind = ItemKind.DISCUSSION if match["what"] == "discusses" else ItemKind.DECISION
    word = "lost" if match["what"] == "rejects" else "carried"
    shown = terms.get("vote") != "not shown"
    story.resolve(f"body:{match['body']}", match["name"], when, word, kind=kind, vote_shown=shown)


def _grants(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    fact = product_fact.CommissionGranted(
        **_act(match, terms, when),
        commission=Key(match["name"]),
        scope=_several(terms["scope"]),
        ceiling=_ceiling(terms["ceiling"]),
        parties=_parties(terms) if "parties" in terms else (),
        until=_date(terms, "until"),
        next_review=_date(terms, "review") or PartialDate("2030"),
        vision=text(),
        governance=text(),
    )
    story.tell("grant_commission", TOOL, fact)


def _amends(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    fact = product_fact.CommissionAmended(
        **_act(match, terms, when),
        commission=Key(match["name"]),
        scope=_several(terms["scope"]) if "scope" in terms else None,
        ceiling=_ceiling(terms["ceiling"]) if "ceiling" in terms else None,
        parties=_parties(terms) if "parties" in terms else None,
        until=_date(terms, "until"),
    )
    story.tell("amend_commission", TOOL, fact)


def _revokes(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    fact = product_fact.CommissionRevoked(**_act(match, terms, when), commission=Key(match["name"]))
    story.tell("revoke_commission", TOOL, fact)


def _binds(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    bound = terms.get("bound", when)
    fact = product_fact.InstalmentCommitted(
        instalment=Key(match["name"]),
        investor=StreamId(f"party:{match['investor']}"),
        scope_item=match["item"],
        amount=_money(match["amount"]),
        bound_on=None if bound == "unknown" else PartialDate(bound),
        decided_on=when,
        undated_because=text("the contract is lost") if bound == "unknown" else None,
        relies_on=Key(terms["names"]) if "names" in terms else None,
        standing=Standing(terms.get("standing", "bound")),
    )
    story.tell("commit_instalment", TOOL, fact)


def _credits(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    fact = product_fact.InstalmentCredited(
        instalment=Key(match["name"]), amount=_money(match["amount"]), decided_on=when
    )
    story.tell("credit_instalment", TOOL, fact)


def _assumes(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    fact = RiskAssumed(
        **_act(match, terms, when),
        assumption=Key(match["key"]),
        product=TOOL,
        instalment=Key(match["name"]),
        amount=_money(match["amount"]),
        reason=text(),
    )
    story.tell("assume_risk", RISK, fact)


def _declines(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    fact = RiskDeclined(
        **_act(match, terms, when), product=TOOL, instalment=Key(match["name"]), reason=text()
    )
    story.tell("decline_risk", RISK, fact)


LIFE: dict[str, tuple[str, type[Any]]] = {
    "admitted": ("admit_product", product_fact.ProductAdmitted),
    "exits": ("exit_product", product_fact.ProductExited),
    "closed": ("close_product", product_fact.ProductClosed),
    "paused": ("pause_product", product_fact.ProductPaused),
    "resumed": ("resume_product", product_fact.ProductResumed),
}


def _lives(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    command, kind = LIFE[match["what"]]
    more = {"level": "1"} if match["what"] == "admitted" else {"grounds": text()}
    story.tell(command, TOOL, kind(**_act(match, terms, when), **more))


def _annuls(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    ruled = match["by"] == "ruling"
    fact = ResolutionAnnulled(
        ground="ruling" if ruled else "outside_mandate",
        ruling=Reference("ruling.pdf") if ruled else None,
        resolution=None if ruled else StreamId(f"resolution:{match['by']}"),
        decided_on=when,
    )
    story.tell("annul_resolution", f"resolution:{match['name']}", fact)


def _supersedes(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    fact = ResolutionSuperseded(by=StreamId(f"resolution:{match['by']}"), decided_on=when)
    story.tell("supersede_resolution", f"resolution:{match['name']}", fact)


def _establishes(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    start = StreamId("resolution:start")
    group = BodyEstablished(
        name="Group", rules=Rules(version="g"), superior=BOARD, resolution=start, decided_on=when
    )
    chair = MemberSeated(
        seat=Key("chair"),
        party=StreamId("party:chair"),
        role=SeatRole.CHAIR,
        decided_on=when,
        evidence=(Reference("minutes.md"),),
    )
    story.t.tell_all([Order("establish_body", GROUP, group), Order("seat_member", GROUP, chair)])


def _mandates(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    limited = "limit" in terms
    fact = MandateGranted(
        mandate=Key(match["name"]),
        acts=tuple(ActKind(each) for each in _several(terms["acts"])),
        limit_kind=LimitKind(terms["kind"]) if limited else LimitKind.UNLIMITED,
        limit=_money(terms["limit"]) if limited else None,
        resolution=StreamId(f"resolution:{match['by']}"),
        until=_date(terms, "until"),
        decided_on=when,
    )
    story.tell("grant_mandate", GROUP, fact)


def _ends_mandate(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    story.tell("end_mandate", GROUP, MandateEnded(mandate=Key(match["name"]), decided_on=when))


def _corrects(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    """Mend a member of the instalment or commission of that key."""
    names = ("instalment", "commission")
    event = next(
        each.id
        for each in story.t.log
        if match["name"] in (getattr(each.fact, name, None) for name in names)
    )
    fact = FactCorrected(
        event=event,
        field=match["field"],
        value=terms["to"],
        evidence=(Reference("contract.pdf"),),
        decided_on=when,
    )
    story.tell("correct_fact", TOOL, fact)


def _withdraws(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    last = [each.id for each in story.t.log if isinstance(each.fact, FactCorrected)][-1]
    fact = CorrectionWithdrawn(
        correction=last, evidence=(Reference("letter.pdf"),), decided_on=when
    )
    story.tell("withdraw_correction", TOOL, fact)


def _approves(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    """A second person's word on everything that waits."""
    waiting = story.t.pending()
    if not waiting:
        raise NotUnderstood("nothing waits for a second person")
    while waiting := story.t.pending():
        story.t.speak(waiting[0], approve=match["what"] == "approves")


def _imports(story: Story, match: re.Match[str], terms: Terms, when: PartialDate) -> None:
    if match["what"] == "begins":
        story.t.begin_import()
        return
    story.t.end_import()
    if story.t.refused:
        raise NotUnderstood(f"the import was refused: {dict(story.t.refused)}")


_BY = r" by (?P<by>\S+)"
_NAME = r"(?P<name>\S+)"
SENTENCES: tuple[tuple[str, Sentence], ...] = (
    (rf"the (?P<body>board|group) (?P<what>carries|rejects|discusses) {_NAME}", _resolves),
    (rf"commission {_NAME} is granted{_BY}", _grants),
    (rf"commission {_NAME} is amended{_BY}", _amends),
    (rf"commission {_NAME} is revoked{_BY}", _revokes),
    (rf"(?P<investor>\S+) binds {_NAME}, (?P<amount>\S+ \S+) for (?P<item>\S+)", _binds),
    (rf"(?P<amount>\S+ \S+) of {_NAME} comes back", _credits),
    (rf"(?P<amount>\S+ \S+) of {_NAME} is assumed as (?P<key>\S+){_BY}", _assumes),
    (rf"assuming {_NAME} is declined{_BY}", _declines),
    (rf"the product is (?P<what>admitted|closed|paused|resumed){_BY}", _lives),
    (rf"the product (?P<what>exits){_BY}", _lives),
    (rf"resolution {_NAME} is annulled{_BY}", _annuls),
    (rf"resolution {_NAME} is superseded{_BY}", _supersedes),
    (r"the board establishes the group", _establishes),
    (rf"the group gets mandate {_NAME}{_BY}", _mandates),
    (rf"mandate {_NAME} ends", _ends_mandate),
    (r"a second person (?P<what>approves|refuses)", _approves),
    (rf"(?P<field>\S+) of {_NAME} is corrected", _corrects),
    (r"the last correction is withdrawn", _withdraws),
    (r"an import (?P<what>begins|ends)", _imports),
)
