"""Meetings in the demonstration: OS2's as sources show them, and an invented one in full."""

from __future__ import annotations

from tests.demo.demonstration import Answer, Demonstration

APRIL, MAY, WRITTEN = (f"meeting:fp-{name}-2025" for name in ("april", "may", "written"))


def meeting(demonstration: Demonstration, key: str, as_of: str | None = None) -> Answer:
    row = demonstration.row("meetings", key, as_of)
    assert row is not None
    return row


def items(row: Answer) -> dict[str, Answer]:
    return {each["resolution"] or each["item"]: each for each in row["items"]}


def test_one_roll_serves_every_item_of_an_invented_meeting(demonstration: Demonstration) -> None:
    row = meeting(demonstration, APRIL)
    assert (row["status"], row["rolls"], len(row["items"])) == ("held", 1, 6)
    seats = {each["seat"]: (each["votes"], each["present"]) for each in row["roll"]["seats"]}
    assert (seats["alternate-2"], seats["member-2"]) == ((True, True), (False, False))
    assert (row["roll"]["attendance"]["seated"], row["roll"]["attendance"]["present"]) == (4, 4)
    for resolution in ("fp-gathering", "fp-next-step", "fp-hosting-fee"):
        vote = demonstration.row("resolutions", f"resolution:{resolution}", "2025-04-30")
        assert vote is not None
        (found,) = vote["rounds"]
        assert {each["seat"]: each["votes"] for each in found["seats"]}["member-2"] is False


def test_a_scored_vote_goes_on_a_tie_as_the_chair_scored(demonstration: Demonstration) -> None:
    row = demonstration.row("resolutions", "resolution:fp-next-step")
    assert row is not None
    (found,) = row["rounds"]
    assert {each["option"]: each["sum"] for each in found["sums"]} == {
        "export": 8,
        "search": 8,
        "themes": -13,
    }
    outcome = row["outcome"]
    assert (outcome["option"], outcome["reason"]) == ("export", "casting_vote")
    assert row["recommended_by"] == "resolution:fp-user-recommendation"


def test_an_item_is_put_off_in_april_and_agreed_on_in_may(demonstration: Demonstration) -> None:
    name = "resolution:fp-accessibility"
    april = items(meeting(demonstration, APRIL))[name]
    may = items(meeting(demonstration, MAY))[name]
    assert (april["postponed"]["to"], april["decided"]) == (MAY, None)
    assert may["decided"]["word"] == "carried"
    then = demonstration.row("resolutions", name, "2025-04-30")
    assert then is not None
    assert then["status"] == "postponed"


def test_an_item_that_lost_on_a_tie_is_put_again_and_carried(demonstration: Demonstration) -> None:
    name = "resolution:fp-hosting-fee"
    decided = [items(meeting(demonstration, each))[name]["decided"] for each in (APRIL, MAY)]
    assert [(each["word"], each["reason"]) for each in decided] == [
        ("lost", "casting_vote"),
        ("carried", "majority"),
    ]


def test_minutes_are_a_draft_in_april_and_approved_in_may(demonstration: Demonstration) -> None:
    statuses = [
        meeting(demonstration, APRIL, day)["minutes_status"]
        for day in ("2025-04-09", "2025-04-10", "2025-05-05")
    ]
    assert statuses == ["none", "draft", "approved"]
    assert meeting(demonstration, APRIL)["minutes"]["approved_by"] == MAY


def test_a_written_procedure_is_a_meeting_without_a_room(demonstration: Demonstration) -> None:
    row = meeting(demonstration, WRITTEN)
    assert (row["written"], row["place"], row["until"]) == (True, None, "2025-05-19")
    assert row["items"][0]["decided"]["reason"] == "written"
    real = meeting(demonstration, "meeting:bpc-plan-in-writing")
    assert (real["written"], real["items"][0]["decided"]["reason"]) == (True, "as_recorded")


def test_what_sources_say_of_os2_s_meetings_shows_with_the_dates_they_give(
    demonstration: Demonstration,
) -> None:
    assembly = meeting(demonstration, "meeting:os2-assembly-2022")
    assert assembly["held"] == {"earliest": "2022-01-01", "latest": "2022-12-31"}
    assert [each["kind"] for each in assembly["items"]] == ["information", "decision"]
    cancelled = meeting(demonstration, "meeting:bpc-coordination-2026-06-01")
    assert (cancelled["status"], cancelled["roll"]) == ("cancelled", None)
    assert "too few" in demonstration.text(cancelled["grounds"])
    seminar = "meeting:os2-board-seminar-2026-01"
    assert meeting(demonstration, seminar, "2026-01-15")["status"] == "called"
    known = meeting(demonstration, seminar, "2026-01-31")
    assert (known["status"], known["items"][0]["decided"]["word"]) == ("held", "carried")
