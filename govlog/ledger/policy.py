"""Which logs and witnesses are trusted, and how many must have cosigned: C2SP tlog-policy."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from govlog.ledger.errors import Malformed
from govlog.ledger.keys import COSIGNATURE, NOTE, VerifierKey

NONE = "none"
"""The quorum that asks for no cosignature."""

_BLANKS = " \t"
"""The specification means these two only, not what Unicode calls space."""


class Party(NamedTuple):
    """A log or a witness: its key, and where it is reached."""

    name: str
    """A witness's name within the policy; a log's is that of its key, its origin."""
    key: VerifierKey
    url: str | None = None
    """A witness's is its submission prefix, C2SP tlog-witness."""


class Group(NamedTuple):
    """Witnesses, or groups of them, of which so many must have cosigned."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A checkpoint is valid when a log of these signed it and the quorum cosigned it."""

    logs: tuple[Party, ...] = ()
    witnesses: tuple[Party, ...] = ()
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    @classmethod
    def parse(cls, data: bytes) -> Policy:
        """Read a policy file; Malformed names the first line that is not right."""
        reading = _Reading()
        for number, words in _lines(data):
            try:
                reading.take(words)
            except Malformed as error:
                raise Malformed(f"line {number} of the policy: {error}") from None
        return reading.policy()

    def met(self, cosigned: Collection[VerifierKey]) -> bool:
        """Whether those whose cosignatures were verified are the quorum."""
        return self.quorum == NONE or self._stands(self.quorum, cosigned)

    def keys(self) -> list[VerifierKey]:
        """Every key whose signatures are looked at."""
        return [each.key for each in (*self.logs, *self.witnesses)]

    def __str__(self) -> str:
        """The policy as a file of the same meaning."""
        lines = [_line("log", str(each.key), each.url) for each in self.logs]
        lines += [_line("witness", each.name, str(each.key), each.url) for each in self.witnesses]
        lines += [_line("group", n, str(g.least), *g.members) for n, g in self.groups.items()]
        return "".join([*lines, _line("quorum", self.quorum)])

    def _stands(self, name: str, cosigned: Collection[VerifierKey]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return any(each.name == name and each.key in cosigned for each in self.witnesses)
        return sum(self._stands(member, cosigned) for member in group.members) >= group.least


class _Reading:
    """What the lines so far have defined."""

    def __init__(self) -> None:
        self._logs: list[Party] = []
        self._witnesses: list[Party] = []
        self._groups: dict[str, Group] = {}
        self._grouped: set[str] = set()
        self._quorum: str | None = None

    def take(self, words: list[str]) -> None:
        match words:
            case ["log", key, *url] if len(url) <= 1:
                self._log(key, url)
            case ["witness", name, key, *url] if len(url) <= 1:
                self._witness(name, key, url)
            case ["group", name, least, *members] if members:
                self._group(name, least, members)
            case ["quorum", name]:
                self._set_quorum(name)
            case _:
                raise Malformed(
                    f"{' '.join(words)[:80]!r} is no line of log, witness, group, quorum"
                )

    def policy(self) -> Policy:
        if self._quorum is None:
            raise Malformed("the policy has no quorum line; `quorum none` asks for no witness")
        return Policy(tuple(self._logs), tuple(self._witnesses), self._groups, self._quorum)

    def _log(self, key: str, url: list[str]) -> None:
        known = _key(key, NOTE)
        self._require_new_key(known, self._logs)
        self._logs.append(Party(known.name, known, *url))

    def _witness(self, name: str, key: str, url: list[str]) -> None:
        known = _key(key, COSIGNATURE)
        self._require_new_key(known, self._witnesses)
        self._require_new_name(name)
        self._witnesses.append(Party(name, known, *url))

    def _group(self, name: str, least: str, members: list[str]) -> None:
        self._require_new_name(name)
        for member in members:
            self._require_known(member)
            if member in self._grouped:
                raise Malformed(f"{member} is a member of a group already")
            self._grouped.add(member)
        self._groups[name] = Group(_threshold(least, len(members)), tuple(members))

    def _set_quorum(self, name: str) -> None:
        if self._quorum is not None:
            raise Malformed("there is a quorum line already")
        if name != NONE:
            self._require_known(name)
        self._quorum = name

    def _require_known(self, name: str) -> None:
        if name not in self._groups and all(each.name != name for each in self._witnesses):
            raise Malformed(f"{name[:80]} is neither a witness nor a group of a line above")

    def _require_new_name(self, name: str) -> None:
        if name == NONE or name in self._groups or any(e.name == name for e in self._witnesses):
            raise Malformed(f"the name {name[:80]} is taken")

    @staticmethod
    def _require_new_key(key: VerifierKey, among: list[Party]) -> None:
        """The same public key under another name would let one signer count twice."""
        if any(each.key.public == key.public for each in among):
            raise Malformed(f"the public key of {key.name} stands in the policy already")


def _key(text: str, kind: int) -> VerifierKey:
    key = VerifierKey.parse(text)
    if key.kind != kind:
        raise Malformed(f"the key of {key.name} has type {key.kind:02x}, not {kind:02x}")
    return key


def _threshold(text: str, members: int) -> int:
    if text in ("any", "all"):
        return 1 if text == "any" else members
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= members:
        raise Malformed(f"{text[:80]!r} is not any, all, or a number from 1 to {members}")
    return int(text)


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The words of each line that says something. What is not ASCII is opaque and kept as it is."""
    if any((each < 0x20 and each not in b"\t\n") or each == 0x7F for each in data):
        raise Malformed("a policy has no control characters but tabs and newlines")
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), start=1):
        words = line.replace("\t", " ").strip(_BLANKS).split(" ")
        if words != [""] and not words[0].startswith("#"):
            yield number, [word for word in words if word]


def _line(*words: str | None) -> str:
    return " ".join(word for word in words if word is not None) + "\n"
