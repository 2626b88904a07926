"""A meeting: called, counted, held or cancelled, minuted; a written procedure has no room."""

from govlog.domain.meeting.calling import call_meeting, cancel_meeting, hold_meeting
from govlog.domain.meeting.meeting import (
    Draft,
    Meeting,
    MinutesApproval,
    RollCall,
    evolve,
    place_of,
)
from govlog.domain.meeting.minutes import approve_minutes, draft_minutes
from govlog.domain.meeting.roll_call import TakeRoll, take_roll

__all__ = [
    "Draft",
    "Meeting",
    "MinutesApproval",
    "RollCall",
    "TakeRoll",
    "approve_minutes",
    "call_meeting",
    "cancel_meeting",
    "draft_minutes",
    "evolve",
    "hold_meeting",
    "place_of",
    "take_roll",
]
