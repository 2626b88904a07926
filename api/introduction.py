"""What the API's description says first, and what each group of addresses is about."""

from __future__ import annotations

from collections.abc import Mapping

ABOUT = """\
The decision log that a community can prove.

**Reading** needs no token. Every answer has two dates: `as_of`, what was in force at the end of a
day, and `known_at`, what had been recorded by then (a time, or `size:N`). Lists are narrowed by
members of their items, and go on at `next`.

**Writing** needs a token that is bound to a person: `govlog token create party:... --role recorder`
makes one; give it to *Authorize* here, or as `Authorization: Bearer ...`. A write on a stream that
is there names the version it was decided on in `If-Match` (`*` for any), an `Idempotency-Key` makes
a repeated request harmless, `?dry_run=true` shows what it would change, and `at_least=<size>` reads
back what was just written. What comes late, or takes from others, waits for a second person.

**Refusals** say in `mend` what would be accepted; `/problems` lists them.
"""

TAGS: Mapping[str, str] = {
    "attribution": "Would this be covered? Asked before anything is bound, without a token.",
    "products": "What the community has proposed, admitted, commissioned, and left; their acts.",
    "commissions": "What was ordered, for what, up to how much, and what is left of it.",
    "investments": "Who bears the risk of each instalment, why, and under which resolution.",
    "exposure": "How much the community and the investors have at risk, by product and currency.",
    "declarations": "What investors have said they would put in, and withdrew.",
    "risks": "The risk register: raised, treated, taken over or declined, reviewed, closed.",
    "debates": "Questions put to everybody, and the replies of bodies, point by point.",
    "voices": "Who said what in debates, for which group.",
    "resolutions": "From the table through the vote to the outcome, explained.",
    "ballots": "How each seat voted, round by round.",
    "proofs": "From each act to its resolution and the vote that carried it.",
    "meetings": "Meetings and written procedures: agenda, roll, items, minutes.",
    "bodies": "Boards, assemblies and groups with their rules, seats and mandates.",
    "foundings": "The first body of a log, which rests on its bylaws.",
    "seats": "Who sat where, from when until when.",
    "mandates": "What a body may decide.",
    "parties": "Persons and organisations. Persons appear everywhere by an opaque id.",
    "sustainability": "The elements that carry a product, each with its evidence or missing.",
    "participations": "Which authorities take part in which product.",
    "agreements": "Contributions, contracts and coordinators.",
    "levels": "The levels of products over time, and the acts that set them.",
    "evaluations": "Self-assessments and evaluations with derived tallies.",
    "catalogues": "Schemes of levels and versions of criteria.",
    "criteria": "What evaluations measure by, version by version.",
    "disputes": "What somebody contests of an investment or an evaluation.",
    "claims": "What a source says that holds, beside what was found about it.",
    "calendar": "What is to be looked at again, and what ends, earliest first.",
    "approvals": "What waits, or waited, for a second person.",
    "late-entries": "What was back-dated or corrected, with lag, evidence and approver.",
    "batch": "Several commands at once, all or nothing; also imports.",
    "batches": "The second person's word on an import as a whole.",
    "streams": "The history of one thing, and what can be said of any: corrections, approvals.",
    "timeline": "All events, by product and by what became of them.",
    "events": "The log itself, fact by fact.",
    "diff": "What changed between two moments.",
    "search": "Words, in any Danish form.",
    "names": "Every name that a product, a body or an organisation has had.",
    "checkpoint": "The signed size and root of the log (C2SP tlog-checkpoint).",
    "tile": "The tree and the entries, as files that never change (C2SP tlog-tiles).",
    "log": "The keys by which signatures are known.",
    "receipts": "Proofs that one event stands in the log, which hold with the service gone.",
    "openings": "The public texts behind the commitments in entries.",
    "erasures": "Personal data, erased for good while every proof holds.",
    "livez": "Whether the service answers.",
    "readyz": "Whether it can be used, and how signing stands.",
    "metrics": "Counts and times for Prometheus.",
    "docs": "This page.",
    "openapi.json": "The same for programs.",
    "problems": "What each refusal means.",
}
"""In the order of the page."""
