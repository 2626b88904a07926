"""What the two files of the demonstration hold, and what they must not hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from govlog.demo.lines import FICTION, OS2, Line, batches, read

BOARD = {
    "Bo Fristed",
    "Marie Danneskiold-Samsøe",
    "Henrik Brix",
    "Leon K. Johansen",
    "Jens Kjellerup",
    "Eva Iversen",
}
"""The six who signed the board's reply of 25 September 2023."""

PUBLIC = BOARD | {"Morten Kjærsgaard", "Sisse Karlsson"}
"""Besides them the author of the debate and the publisher of the reply; nobody else by name."""

NOT_PERSONS = {
    "Aarhus Kommune",
    "Ballerup Kommune",
    "CPR Broker",
    "Digital Identity",
    "Favrskov Kommune",
    "In OS2",
    "Middelfart Kommune",
    "Offentligt Digitaliseringsfællesskab",
    "Sønderborg Kommune",
    "Vallensbæk Kommune",
}
"""Whatever else has two capitals in a row among the facts about OS2."""

CAPITALS = re.compile(r"[A-ZÆØÅ][\w-]+(?: [A-ZÆØÅ]\.)?(?: [A-ZÆØÅ][\w-]+)+")

REPLY = "2023-09-25"
SEED = {
    "os2/elefant/raised": ("open_debate", "debate:elefanten-i-rummet", None),
    "os2/elefant/board-answer": ("give_reply", "debate:elefanten-i-rummet", REPLY),
    "os2/elefant/own-risk": ("record_outcome", "resolution:os2-own-risk", REPLY),
    "os2/elefant/scope": ("record_outcome", "resolution:os2-not-for-everything", REPLY),
    "os2/elefant/revisit": ("state", "debate:elefanten-i-rummet", REPLY),
    "os2/elefant/formats": ("state", "debate:elefanten-i-rummet", REPLY),
    "os2/iot/22": ("state", "product:os2iot", REPLY),
    "os2/claim/os2rollekatalog": ("state", "product:os2rollekatalog", REPLY),
    "os2/claim/os2kitos": ("state", "product:os2kitos", REPLY),
    "os2/claim/os2faktor": ("state", "product:os2faktor", REPLY),
    "os2/secretariat/os2forms": ("state", "product:os2forms", REPLY),
    "os2/secretariat/os2display": ("state", "product:os2display", REPLY),
    "os2/secretariat/os2borgerpc": ("state", "product:os2borgerpc", REPLY),
    "os2/ga2022/strategy": (
        "table_resolution",
        "resolution:os2-strategic-initiatives-2022",
        "2022",
    ),
    "os2/ga2022/payment": ("record_outcome", "resolution:os2-payment-model-2022", "2022"),
    "os2/secretariat/review-levels": ("state", "party:os2-secretariat", REPLY),
    "os2/board2023/bo": ("state", "body:os2-board", REPLY),
    "os2/board2023/marie": ("state", "body:os2-board", REPLY),
    "os2/board2023/henrik": ("state", "body:os2-board", REPLY),
    "os2/board2023/leon": ("state", "body:os2-board", REPLY),
    "os2/board2023/jens": ("state", "body:os2-board", REPLY),
    "os2/board2023/eva": ("state", "body:os2-board", REPLY),
}
"""The 22 facts of the article, and the line that carries each."""

BEYOND = {
    "os2/elefant/frey-answer": ("add_voice", "debate:elefanten-i-rummet", "2023-09-11"),
    "os2/founded": ("found_body", "body:os2-general-assembly", "2012-04-24"),
    "os2/rule/tie": ("found_body", "body:os2-board", None),
    "os2/rule/bylaws": ("state", "body:os2-general-assembly", "2021-11-06"),
    "os2/iot/approved": ("admit_product", "product:os2iot", "2017-08-17"),
    "os2/iot/steering-approved": ("establish_body", "body:os2iot-steering-group", "2019-05-23"),
    "os2/datascanner/exit": ("exit_product", "product:os2datascanner", "2023-12-14"),
    "os2/bpc/documentation": ("declare_investment", "product:os2borgerpc", "2025-03-17"),
    "os2/bpc/plan": ("record_outcome", "resolution:bpc-project-plan", "2026-05-21"),
    "os2/bpc/cormora": ("grant_commission", "product:os2borgerpc", "2026-06-04"),
    "os2/bpc/plan-change": ("record_outcome", "resolution:bpc-plan-change", "2026-06-04"),
    "os2/bpc/patch": ("table_resolution", "resolution:bpc-security-patch", "2026-08-14"),
    "os2/bpc/meeting-0601": (
        "cancel_meeting",
        "meeting:bpc-coordination-2026-06-01",
        "2026-06-01",
    ),
    "os2/bpc/meeting-length": ("hold_meeting", "meeting:bpc-steering-2026-08-06", "2026-08-06"),
    "os2/board2014/08-26": ("hold_meeting", "meeting:os2-board-2014-08-26", "2014-08-26"),
    "os2/bpc/django": ("record_outcome", "resolution:bpc-django-update", "2026-07-01"),
}
"""Facts of other sources that the demonstration is asked about."""

BEGINS = {
    "register_party",
    "found_body",
    "establish_body",
    "open_debate",
    "call_meeting",
    "table_resolution",
    "propose_product",
    "raise_risk",
    "begin_catalogue",
}


def everything() -> tuple[Line, ...]:
    return (*read(OS2), *read(FICTION))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def named(line: Line) -> str:
    return str(line.data["name"])


def persons(lines: tuple[Line, ...]) -> list[str]:
    return [named(line) for line in lines if line.data.get("kind") == "person"]


def test_every_line_has_a_key_of_its_own_and_says_where_it_comes_from() -> None:
    lines = everything()
    assert [key for key, times in Counter(line.key for line in lines).items() if times > 1] == []
    for line in lines:
        assert line.data["evidence"], line.key
        assert all(each["locator"].strip() for each in line.data["evidence"]), line.key


def test_every_stream_begins_before_anything_is_recorded_on_it() -> None:
    begun = set()
    for line in everything():
        if line.command in BEGINS:
            assert line.stream not in begun, line.key
            begun.add(line.stream)
        assert line.stream in begun, line.key


def test_a_batch_comes_in_one_piece() -> None:
    names = [name for name, _ in batches(OS2, FICTION)]
    assert len(names) == len(set(names))
    assert len([name for name in names if name.startswith("fiction-")]) > 1


@pytest.mark.parametrize("fact", [*SEED, *BEYOND])
def test_a_fact_of_the_sources_is_carried(fact: str) -> None:
    command, stream, day = {**SEED, **BEYOND}[fact]
    carrying = [line for line in read(OS2) if line.key.partition("#")[0] == fact]
    found = {(each.command, each.stream, each.decided_on) for each in carrying}
    assert (command, stream, day) in found


def test_all_22_facts_of_the_article_are_accounted_for() -> None:
    assert len(SEED) == 22


def test_only_the_public_persons_of_the_article_are_named() -> None:
    assert sorted(persons(read(OS2))) == sorted(PUBLIC)


def test_names_stand_in_the_register_of_parties_only() -> None:
    for line in everything():
        if line.command in {"register_party", "rename_party"}:
            continue
        written = " ".join((line.stream, *texts(line.data))).lower()
        for name in persons(everything()):
            assert name.lower() not in written, line.key


def test_nothing_else_in_the_facts_looks_like_a_name() -> None:
    found = {
        name for line in read(OS2) for text in texts(line.data) for name in CAPITALS.findall(text)
    }
    assert found - PUBLIC == NOT_PERSONS


def test_ids_of_persons_say_nothing_about_them() -> None:
    for line in everything():
        if line.data.get("kind") == "person":
            assert re.fullmatch(r"party:[pf]-\d\d", line.stream)


def test_a_source_that_names_the_board_seats_nobody() -> None:
    assert [line.key for line in read(OS2) if line.command == "seat_member"] == []
    sitting = [line for line in read(OS2) if line.data.get("topic") == "member_seated"]
    assert len(sitting) == len(BOARD)
    assert {line.data["holds_on"] for line in sitting} == {REPLY}


def test_no_outcome_about_os2_claims_a_vote_that_no_source_shows() -> None:
    outcomes = [line for line in read(OS2) if line.command == "record_outcome"]
    assert outcomes
    assert not any(line.data["vote_shown"] or "counts" in line.data for line in outcomes)
    counted = {"cast_vote", "close_voting", "minute_outcome"}
    assert not [line.key for line in read(OS2) if line.command in counted]


def test_no_money_of_os2_is_said_to_be_bound() -> None:
    assert not [line.key for line in read(OS2) if line.command == "commit_instalment"]
    declared = [line for line in read(OS2) if line.command == "declare_investment"]
    assert {line.data["standing"] for line in declared} == {"approved", "proposed"}


def test_secretariat_work_and_vendors_offers_are_claims_and_no_commissions() -> None:
    by_topic = Counter(line.data["topic"] for line in read(OS2) if line.command == "state")
    assert by_topic["secretariat_work"] == 4
    assert by_topic["vendor_offer"] == 2
    commissions = [line for line in read(OS2) if line.command == "grant_commission"]
    assert [(line.stream, line.data["commission"]) for line in commissions] == [
        ("product:os2borgerpc", "consultancy-v3")
    ]


def test_the_overwritten_decision_is_two_decisions() -> None:
    change, patch = "resolution:bpc-plan-change", "resolution:bpc-security-patch"
    of = {line.stream: line.data for line in read(OS2) if line.command == "table_resolution"}
    outcomes = {line.stream for line in read(OS2) if line.command == "record_outcome"}
    file = {key: of[key]["evidence"][0]["locator"].rpartition(":")[2] for key in (change, patch)}
    assert file[change] == file[patch]
    assert of[change]["title"] != of[patch]["title"]
    assert change in outcomes
    assert patch not in outcomes


def test_everything_invented_is_marked_as_fiction() -> None:
    for line in read(FICTION):
        if line.command in BEGINS:
            assert line.data["fiction"] is True, line.key
        if line.command in {"register_party", "rename_party", "found_body", "establish_body"}:
            assert named(line).endswith("(opdigtet)"), line.key
        if line.command in {"propose_product", "rename_product"}:
            assert named(line).endswith("(opdigtet)"), line.key
        assert all(each["locator"].startswith("Invented") for each in line.data["evidence"])
    assert not [line.key for line in read(OS2) if line.data.get("fiction")]


def test_no_invented_amount_stands_beside_a_real_name() -> None:
    real = {line.stream for line in read(OS2)}
    real_names = {
        named(line) for line in read(OS2) if line.command in {"register_party", "propose_product"}
    }
    for line in read(FICTION):
        assert line.stream not in real, line.key
        assert not real & set(texts(line.data)), line.key
        words = " ".join(texts(line.data))
        assert not [name for name in real_names if re.search(rf"\b{re.escape(name)}\b", words)]
