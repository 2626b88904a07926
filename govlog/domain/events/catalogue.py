"""Facts about catalogues: which levels products can have, and what is asked of them there."""

from __future__ import annotations

from msgspec import Struct

from govlog.domain.events.fact import Fact
from govlog.domain.values import Key, StreamId


class Level(Struct, frozen=True, omit_defaults=True):
    """One level that a product can have; its key is opaque, its names may change."""

    level: Key
    name_da: str
    name_en: str


class LevelSchemeAdopted(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The levels there are from `decided_on`: data of the community, no words of the program."""

    name: str
    """Of the catalogue."""
    version: Key
    levels: tuple[Level, ...]
    """From the lowest to the highest."""
    cumulative: bool
    """Whether a level also asks for everything that the levels below it ask for."""
    decided_by: StreamId | None = None
    resolution: StreamId | None = None
    fiction: bool = False


class Criterion(Struct, frozen=True, omit_defaults=True):
    """What one version asks for under one id; in another version the id may mean something else."""

    criterion: str
    theme: str
    level: Key
    text_da: str
    text_en: str
    about: str | None = None
    """The topic of claims about the same matter, such as `steering_group`."""
    theme_da: str | None = None
    was: str | None = None
    """Its id in the version before, where it only got another id or another wording."""


class CriteriaAdopted(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """What is asked of products, in full; evaluations name the version they measured against."""

    version: Key
    criteria: tuple[Criterion, ...]
    decided_by: StreamId | None = None
    resolution: StreamId | None = None
