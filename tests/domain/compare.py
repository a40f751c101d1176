"""Two cases, or a case and its forecast, side by side."""

from dataclasses import replace
from datetime import datetime, timedelta

from onboarding.domain.case import Case
from onboarding.domain.deadlines import WakeupKind
from onboarding.domain.status import EventKind
from onboarding.domain.timers import future

KINDS = {
    WakeupKind.REMINDER: EventKind.REMINDED,
    WakeupKind.EXPIRY: EventKind.EXPIRED,
    WakeupKind.CHECKS_MISSED: EventKind.CHECKS_MISSED,
    WakeupKind.REVIEW_DUE_SOON: EventKind.REVIEW_DUE_SOON,
    WakeupKind.ESCALATION: EventKind.ESCALATED,
    WakeupKind.LEASE_END: EventKind.LEASE_ENDED,
    WakeupKind.PAUSE_END: EventKind.PAUSE_ENDED,
    WakeupKind.FOLLOW_UP: EventKind.FOLLOWED_UP,
    WakeupKind.REOPENING_END: EventKind.REOPENING_ENDED,
}


def without_receipts(case: Case) -> Case:
    return replace(case, receipts=(), seen=())


def remaining(case: Case, now: datetime) -> list[tuple[str, int, timedelta]]:
    """What is still to come and in how long, once a pause is over; a claim does not outlive one."""
    coming = [each for each in future(case, now) if each.kind != WakeupKind.LEASE_END]
    begins = coming.pop(0).at if case.paused else now
    return [(each.kind, each.number, each.at - begins) for each in coming]
