"""Who bears the risk of an instalment, and why (rules 6-14): derived, never entered.

`settle` answers for all instalments of a product at one size of the log, as if each were asked
on the day it was bound; `timeline` adds what assumptions and credits change later; `carry` marks
shares that lost their place to a later recorded fact.
"""

from govlog.domain.attribution.displacement import carry, marked_as
from govlog.domain.attribution.settle import Settlement, extend, preview, settle
from govlog.domain.attribution.shares import Bearer, Reason, Share, Verdict
from govlog.domain.attribution.timeline import Exposure, timeline

__all__ = [
    "Bearer",
    "Exposure",
    "Reason",
    "Settlement",
    "Share",
    "Verdict",
    "carry",
    "extend",
    "marked_as",
    "preview",
    "settle",
    "timeline",
]
