"""A trust policy says which keys count and how many witnesses must have cosigned."""

from __future__ import annotations

from hashlib import sha256

import pytest

from govlog.ledger.errors import Malformed
from govlog.ledger.keys import COSIGNATURE, NOTE, SigningKey, VerifierKey
from govlog.ledger.policy import Policy


def key(name: str, kind: int = COSIGNATURE) -> VerifierKey:
    """Always the same for a name: tests are named after what they are given."""
    return SigningKey(name, kind, sha256(name.encode()).digest()).verifier


LOG = key("log.example/a", NOTE)
X1, X2, X3, Y1, Y2 = (key(f"{name}.example") for name in ("x1", "x2", "x3", "y1", "y2"))

TWO_LEVELS = f"""
# The log of an example.
log {LOG} https://log.example/a
witness X1 {X1}
witness  X2\t{X2}  https://x2.example
witness X3 {X3}
group X 2 X1 X2 X3
witness Y1 {Y1}
witness Y2 {Y2}
\tgroup Y any Y1 Y2
group both all X Y
quorum both
"""


def test_a_policy_names_logs_witnesses_and_where_they_are_reached() -> None:
    policy = Policy.parse(TWO_LEVELS.encode())
    assert [(each.name, each.key, each.url) for each in policy.logs] == [
        ("log.example/a", LOG, "https://log.example/a")
    ]
    assert [each.name for each in policy.witnesses] == ["X1", "X2", "X3", "Y1", "Y2"]
    assert policy.witnesses[1].url == "https://x2.example"
    assert policy.keys() == [LOG, X1, X2, X3, Y1, Y2]


@pytest.mark.parametrize(
    ("cosigned", "met"),
    [
        ((), False),
        ((X1, X2, X3), False),
        ((X1, Y1), False),
        ((X1, X3, Y2), True),
        ((X1, X2, X3, Y1, Y2), True),
        ((LOG, X1, Y1), False),
    ],
)
def test_a_quorum_counts_members_of_members(cosigned: tuple[VerifierKey, ...], met: bool) -> None:
    policy = Policy.parse(TWO_LEVELS.encode())
    assert policy.met(cosigned) is met
    assert Policy.parse(str(policy).encode()).met(cosigned) is met


def test_without_a_quorum_nobody_has_to_cosign() -> None:
    assert Policy.parse(b"quorum none\n").met(())
    assert Policy().met(())
    assert Policy.parse(str(Policy()).encode()) == Policy()


def test_a_single_witness_can_be_the_quorum() -> None:
    policy = Policy.parse(f"witness only {X1}\nquorum only\n".encode())
    assert policy.met({X1})
    assert not policy.met({X2})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no quorum line"),
        ("quorum nobody", "neither a witness nor a group"),
        ("quorum none\nquorum none", "a quorum line already"),
        (f"witness none {X1}\nquorum none", "taken"),
        (f"witness a {X1}\nwitness a {X2}\nquorum none", "taken"),
        (f"witness a {X1}\nwitness b {X1}\nquorum none", "stands in the policy already"),
        (f"log {LOG}\nlog {LOG}\nquorum none", "stands in the policy already"),
        (f"log {X1}\nquorum none", "has type 04"),
        (f"witness a {LOG}\nquorum none", "has type 01"),
        (f"witness a {X1}\ngroup g 2 a\nquorum g", "a number from 1 to 1"),
        (f"witness a {X1}\ngroup g 0 a\nquorum g", "a number from 1 to 1"),
        (f"witness a {X1}\ngroup g all\nquorum g", "no line of"),
        (f"witness a {X1}\ngroup g all a\ngroup h all a\nquorum h", "member of a group already"),
        (f"group g all a\nwitness a {X1}\nquorum g", "neither a witness nor a group"),
        ("witness a x\nquorum none", "name+hex+base64"),
        ("quorum none\r", "control characters"),
        ("quorum\u00a0none", "no line of"),
        ("quorum none none", "no line of"),
    ],
)
def test_a_policy_that_is_not_one_is_refused(text: str, why: str) -> None:
    with pytest.raises(Malformed) as refused:
        Policy.parse(text.encode())
    assert why in str(refused.value)


def test_names_that_are_no_text_stay_what_they_are() -> None:
    raw = b"witness \xe2\x84\xaa\xff " + str(X1).encode() + b"\nquorum \xe2\x84\xaa\xff\n"
    assert Policy.parse(raw).met({X1})
