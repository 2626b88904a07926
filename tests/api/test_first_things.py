"""A refusal that says what has to come first says where that is done, and there it can be."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.api.community import Community
from tests.api.service import today
from tests.api.test_bad_input import problem


def refused(community: Community, path: str, body: Mapping[str, object], kind: str) -> str:
    """Where the refusal of a write leads."""
    dated = {"decided_on": today().isoformat(), **body}
    told = problem(community.service.post(path, dated), 422, kind)
    found = re.search(r"\(POST (/v1/[^ )]+)\)$", told["mend"])
    assert found, told["mend"]
    return found[1]


def test_a_vote_before_the_roll_is_fixed_leads_to_where_it_is_fixed(community: Community) -> None:
    key = community.table()
    vote = {"seat": "chair", "ballot": "for"}
    address = refused(community, f"/v1/resolutions/{key}/votes", vote, "voting-not-open")
    community.service.record(address)
    voter = community.members["chair"]
    community.service.record(f"/v1/resolutions/{key}/votes", vote, token=voter)


def test_a_closed_debate_leads_to_where_it_is_opened_again(community: Community) -> None:
    here = community.service
    here.record("/v1/debates", {"key": "lamps", "title": "Lamps", "question": "Which?"})
    here.record("/v1/debates/lamps/closing")
    voice = {"group": "vendor", "text": "More light"}
    address = refused(community, "/v1/debates/lamps/voices", voice, "debate-is-closed")
    here.record(address)
    here.record("/v1/debates/lamps/voices", voice)
    here.record("/v1/debates/lamps/closing")
    assert refused(community, "/v1/debates/lamps/closing", {}, "debate-is-closed") == address


def test_a_meeting_without_roll_end_or_draft_leads_to_where_each_is_recorded(
    community: Community,
) -> None:
    here = community.service
    here.record("/v1/meetings", {"key": "may", "body": "body:board", "day": today().isoformat()})
    key = community.table(meeting="meeting:may")
    fixed = {"meeting": "meeting:may"}
    rolls = refused(community, f"/v1/resolutions/{key}/rolls", fixed, "no-roll-taken")
    draft = {"text": "All agreed."}
    ending = refused(community, "/v1/meetings/may/minutes", draft, "not-held-yet")
    drafts = refused(community, "/v1/meetings/may/minutes/approval", {}, "not-held-yet")
    assert drafts == "/v1/meetings/may/minutes"
    here.record(rolls, {"present": []})
    here.record(ending)
    here.record(drafts, draft)
