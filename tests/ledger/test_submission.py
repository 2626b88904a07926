"""What a witness is asked with, as C2SP tlog-witness v1.0.0 lays it out."""

from __future__ import annotations

import pytest

from govlog.ledger.encoding import from_base64
from govlog.ledger.errors import Malformed
from govlog.ledger.submission import Submission

# The specification's example of a request.
HASHES = (
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=",
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=",
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=",
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=",
)
CHECKPOINT = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
""".encode()
EXAMPLE = "\n".join(["old 20852014", *HASHES, "", ""]).encode() + CHECKPOINT


def test_the_specification_s_example_is_written_and_read() -> None:
    submission = Submission(20852014, tuple(map(from_base64, HASHES)), CHECKPOINT)
    assert bytes(submission) == EXAMPLE
    assert Submission.parse(EXAMPLE) == submission


def test_the_first_submission_has_no_proof() -> None:
    assert bytes(Submission(0, (), CHECKPOINT)) == b"old 0\n\n" + CHECKPOINT
    assert Submission.parse(b"old 0\n\n" + CHECKPOINT) == Submission(0, (), CHECKPOINT)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        CHECKPOINT,
        b"old 0\n",
        b"old\n\n" + CHECKPOINT,
        b"old 01\n\n" + CHECKPOINT,
        b"old -1\n\n" + CHECKPOINT,
        b"old 1\xff\n\n" + CHECKPOINT,
        b"old 1\nAAAA\n\n" + CHECKPOINT,
        b"old 1\n" + f"{HASHES[0]}\n".encode() * 64 + b"\n" + CHECKPOINT,
    ],
)
def test_what_is_no_submission_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        Submission.parse(data)
