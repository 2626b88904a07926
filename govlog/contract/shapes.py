"""Schemas derived from the types of the facts: a member is described in one place only."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from marshmallow import Schema, ValidationError
from marshmallow.fields import Field
from msgspec import Struct
from msgspec.structs import FieldInfo

from govlog.contract import fields as form
from govlog.contract.refusal import InvalidBody
from govlog.contract.wording import Body
from govlog.domain.events import (
    Fact,
    agreement,
    body,
    debate,
    dispute,
    evaluation,
    meeting,
    product,
    risk,
)
from govlog.domain.events.any_stream import (
    ApprovalRefused,
    Approved,
    CorrectionWithdrawn,
    FactCorrected,
)
from govlog.domain.events.resolution import Option, ResolutionPostponed, ResolutionSuperseded
from govlog.domain.values import Ceiling, Key, Money, PartialDate, Personal, StreamId

NAMES: Mapping[str, tuple[str, ...]] = {
    "party": ("party",),
    "parties": ("party",),
    "organisation": ("party",),
    "opened_by": ("party",),
    "minuted_by": ("party",),
    "signed_by": ("party",),
    "proposed_by": ("party",),
    "investor": ("party",),
    "owner": ("party", "body"),
    "body": ("body",),
    "superior": ("body",),
    "debate": ("debate",),
    "meeting": ("meeting",),
    "decided_by": ("party", "body"),
    "appointed_by": ("party", "body"),
    "vendor": ("party",),
    "catalogue": ("catalogue",),
    "by": ("party", "body"),
    "resolution": ("resolution",),
    "resolutions": ("resolution",),
    "supersedes": ("resolution",),
    "recommended_by": ("resolution",),
    "product": ("product",),
    "products": ("product",),
}
"""Which kinds of stream a member may name."""

NAMES_IN: Mapping[tuple[type[Struct], str], tuple[str, ...]] = {
    (ResolutionSuperseded, "by"): ("resolution",),
    (ResolutionPostponed, "to"): ("meeting",),
}

MADE: Mapping[type[Struct], str] = {
    body.MemberSeated: "seat",
    body.MandateGranted: "mandate",
    debate.VoiceAdded: "voice",
    debate.KeyPoint: "point",
    meeting.AgendaItem: "item",
    Option: "option",
    product.CommissionGranted: "commission",
    product.InvestmentDeclared: "investment",
    product.InstalmentCommitted: "instalment",
    risk.RiskAssumed: "assumption",
    risk.RiskTreated: "treatment",
    evaluation.SelfAssessed: "evaluation",
    evaluation.EvaluationPublished: "evaluation",
    dispute.EvaluationDisputed: "dispute",
    dispute.InvestmentDisputed: "dispute",
    agreement.ContributionAgreed: "contribution",
    agreement.VendorContracted: "contract",
}
"""Keys that come into being with the fact: the client may choose them, else they are made."""

EVENT_IDS = {
    (Approved, "facts"),
    (ApprovalRefused, "facts"),
    (FactCorrected, "event"),
    (CorrectionWithdrawn, "correction"),
}

SERVER_SET = frozenset({"batch", "pending", "source_recorded_at"})
"""Members that no request may give; an import alone gives `source_recorded_at`."""

_PLAIN: Mapping[object, type[Field[Any]]] = {
    PartialDate: form.PartialDateField,
    Key: form.KeyField,
    Personal: form.PersonalField,
    Money: form.MoneyField,
    Ceiling: form.CeilingField,
    bool: form.FlagField,
    int: form.CountField,
    str: form.LabelField,
    Any: form.ValueField,
}

_NAMED: Mapping[str, type[Field[Any]]] = {
    "locator": form.LocatorField,
    "sha256": form.DigestField,
    "source_recorded_at": form.InstantField,
    "score": form.ScoreField,
}
"""Texts of a stricter or a longer form, and numbers that may be negative."""


def schema(
    struct: type[Struct], *, without: frozenset[str] = frozenset(), **more: Field[Any]
) -> Schema:
    """A schema that parses a struct's members, without some and with `more`."""
    members: dict[str, Field[Any]] = {
        info.name: _member(struct, info)
        for info in msgspec.structs.fields(struct)
        if info.name not in without
    }
    return Body.from_dict({**members, **more}, name=struct.__name__)()


@cache
def part(struct: type[Struct]) -> Schema:
    """The schema of a struct that stands inside a fact."""
    return schema(struct, without=SERVER_SET)


def typed(fact: type[Fact], member: str, value: object) -> object:
    """A value for a member of a kind of fact, read as in a body that records such a fact."""
    try:
        return part(fact).fields[member].deserialize(value)
    except ValidationError as error:
        raise InvalidBody.of({"value": error.messages}) from None


def _member(struct: type[Struct], info: FieldInfo) -> Field[Any]:
    settings: dict[str, Any] = {"required": info.required}
    if info.encode_name != info.name:
        settings["data_key"] = info.encode_name
    if MADE.get(struct) == info.name:
        settings = {"load_default": form.new_key}
    return _field(struct, info.name, info.type, settings)


def _field(struct: type[Struct], name: str, shape: Any, settings: dict[str, Any]) -> Field[Any]:
    origin = get_origin(shape)
    if origin in (Union, UnionType):
        choices = [choice for choice in get_args(shape) if choice is not NoneType]
        if NoneType in get_args(shape):
            settings["allow_none"] = True
        # A name is text here; that of a person is made erasable when its kind is known.
        chosen = choices[0] if len(choices) == 1 else str
        return _field(struct, name, chosen, settings)
    if origin is tuple:
        return form.TupleField(_field(struct, name, get_args(shape)[0], {}), **settings)
    if shape is StreamId:
        kinds = NAMES_IN.get((struct, name)) or NAMES[name]
        return form.StreamIdField(*kinds, **settings)
    if (struct, name) in EVENT_IDS:
        return form.EventIdField(**settings)
    if shape in _PLAIN:
        return _NAMED.get(name, _PLAIN[shape])(**settings)
    if issubclass(shape, StrEnum):
        return form.WordField(shape, **settings)
    return form.StructField(part(shape), shape, **settings)
