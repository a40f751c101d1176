"""What an open page asks every few seconds: is this still so, who is here, how long does the claim hold?

Answers from rows. Only a claim that has to be renewed is a matter for the workflow, and only for
a page that somebody looks at.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext

from onboarding import clock
from onboarding.desk import presence, words
from onboarding.desk.access import staff_of
from onboarding.desk.forms import new_key
from onboarding.domain.review import lease_until
from onboarding.domain.status import DECISIONS, CaseStatus, EventKind
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.records import queries
from onboarding.usecases import staff
from temporal_app import gateway

logger = logging.getLogger(__name__)

TAKEN = frozenset({EventKind.CLAIMED, EventKind.ASSIGNED})
ENDED = frozenset({EventKind.LEASE_ENDED, EventKind.RELEASED})
QUIET = frozenset({EventKind.CLAIM_RENEWED, EventKind.REMINDER_DELIVERED, EventKind.REVIEW_DUE_SOON})
LARGEST = 2**31 - 1


def view(request: HttpRequest, row: Case) -> HttpResponse:
    """The news since the version that the page shows.

    POST: `version` and `submission` as shown, `active` when somebody looked a moment ago. No GET, because
    it leaves a sign of presence.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    user = staff_of(request)
    version, submission = (_number(request.POST.get(name, "")) for name in ("version", "submission"))
    own = row.applicant_id == user.pk
    if not own:
        presence.sign(user, row)
        if request.POST.get("active"):
            renew(user, row)
    return JsonResponse(
        {
            **news(user, row, version, submission),
            "claim": claim(user, row),
            "others": "" if own else presence.others(user, row),
        }
    )


def renew(user: User, row: Case) -> None:
    """Renews this reviewer's claim once half of it is over, as long as the policy lets it grow."""
    now = clock.case_now(row)
    if row.claimed_by_id != user.pk or row.claimed_until is None or row.claimed_until <= now:
        return
    state = queries.recorded_state(row)
    lease = state.lease
    if lease is None or (lease.until - now).total_seconds() > state.policy.lease_seconds / 2:
        return
    if lease_until(state, lease.since, now) <= lease.until:
        return
    try:
        staff.claim(user, row, key=new_key())
    except gateway.GatewayError as error:
        logger.info("a claim on case %s was not renewed: %s", row.pk, type(error).__name__)
    row.refresh_from_db(fields=["claimed_by", "claimed_until", "version"])


def claim(user: User, row: Case) -> dict[str, Any]:
    """Who holds the case and for how many seconds; empty where nobody does."""
    now = clock.case_now(row)
    if row.claimed_by is None or row.claimed_until is None or row.claimed_until <= now:
        return {}
    mine = row.claimed_by_id == user.pk
    text = gettext("Claimed by you") if mine else gettext("Claimed by {name}")
    return {
        "mine": mine,
        "seconds": int((row.claimed_until - now).total_seconds()),
        "text": text.format(name=words.person(row.claimed_by)),
    }


def news(user: User, row: Case, version: int, submission: int) -> dict[str, Any]:
    """What happened after this version that whoever looks at it must know, as one sentence.

    `blocks` says that a decision about what is on the screen would be refused now.
    """
    events = [
        each
        for each in AuditEvent.objects.filter(case=row, version__gt=version).order_by("-version")[:20]
        if each.kind not in QUIET
    ]
    now = clock.case_now(row)
    names = words.Names(each.actor_account for each in events)
    decided = next((each for each in events if each.kind in DECISIONS), None)
    if decided:
        return {"news": _told(decided, names, now), "blocks": True}
    if row.submission > submission:
        text = gettext("The applicant has handed in something newer than what is on the screen.")
        return {"news": text, "blocks": True}
    newest = next((each for each in events if not _mine(each, user)), None)
    if newest is None:
        return {"news": "", "blocks": False}
    if newest.kind == EventKind.LEASE_ENDED and newest.actor_account == str(user.pk):
        at = words.Moment.of(newest.at, now).text
        text = gettext("Your claim ran out ({at}). Claim the case again to keep it.").format(at=at)
        return {"news": text, "blocks": False}
    others = row.claimed_by_id is not None and row.claimed_by_id != user.pk
    blocks = row.status != CaseStatus.IN_REVIEW or row.paused or others
    return {"news": _told(newest, names, now), "blocks": blocks}


def _mine(event: AuditEvent, user: User) -> bool:
    """True for what this colleague did, so that they need not be told; a claim that ran out is told."""
    return event.actor_account == str(user.pk) and event.kind != EventKind.LEASE_ENDED


def _told(event: AuditEvent, names: words.Names, now: datetime) -> str:
    name = ""
    if event.kind == EventKind.ASSIGNED:
        name = words.Names([event.subject]).of(event.subject)
    what = words.event(event.kind, event.number, event.subject, name)
    who = names.of(event.actor_account, event.actor_role)
    return gettext("{what}: {who}, {at}.").format(what=what, who=who, at=words.Moment.of(event.at, now).text)


def _number(text: str) -> int:
    """A number of the page; what is none counts as 0, so that everything is news."""
    return min(int(text), LARGEST) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
