"""What happens when nobody acts: each wakeup, and the whole future it leads to."""

from dataclasses import replace
from datetime import datetime, timedelta

from onboarding.domain import documents
from onboarding.domain.case import Case, moved
from onboarding.domain.commands import resumed
from onboarding.domain.deadlines import Wakeup, WakeupKind, next_wakeup, wakeups
from onboarding.domain.facts import ended
from onboarding.domain.messages import TIMER
from onboarding.domain.notices import NoticeKind
from onboarding.domain.status import CaseStatus, DocumentState, EventKind

FORECAST_LIMIT = 20
LADDERS = ((WakeupKind.REMINDER,), (WakeupKind.REVIEW_DUE_SOON, WakeupKind.ESCALATION))
"""Kinds of which a later one makes an earlier one superfluous."""

REMINDERS = {
    CaseStatus.EMAIL_PENDING: NoticeKind.CONFIRM_REMINDER,
    CaseStatus.COLLECTING: NoticeKind.COLLECTION_REMINDER,
    CaseStatus.RESUBMISSION_REQUESTED: NoticeKind.RESUBMISSION_REMINDER,
}


def future(case: Case, now: datetime | None = None) -> tuple[Wakeup, ...]:
    """Everything that will happen, and when, if nobody acts and the mail arrives: at most 20 moments.

    Args:
        case: the case as it is.
        now: the case's own clock. What is overdue happens now, not in the past; without it, the first moment
            is the planned one.
    """
    coming: list[Wakeup] = []
    while len(coming) < FORECAST_LIMIT and (planned := next_wakeup(case)):
        now = max(planned.at, now) if now else planned.at
        wakeup = _due(case, now) or planned
        coming.append(replace(wakeup, at=now))
        case = _rung(case, wakeup, now)
    return tuple(coming)


def ring(case: Case, at: datetime) -> Case:
    """The case after its earliest wakeup, if that is due at `at`; unchanged otherwise.

    Call it again until nothing changes: one call rings one wakeup, so that a caller can ask for facts on
    their way before a deadline ends the case.
    """
    wakeup = _due(case, at)
    return _rung(case, wakeup, at) if wakeup else case


def _rung(case: Case, wakeup: Wakeup, at: datetime) -> Case:
    match wakeup.kind:
        case WakeupKind.REMINDER:
            return _remind(case, wakeup, at)
        case WakeupKind.EXPIRY:
            was = case.status
            case = moved(
                case,
                at,
                EventKind.EXPIRED,
                TIMER,
                to=CaseStatus.EXPIRED,
                notices=(NoticeKind.EXPIRED,),
            )
            return ended(case, at, was, deadline_at=wakeup.at)
        case WakeupKind.CHECKS_MISSED:
            return _checks_missed(case, at)
        case WakeupKind.REVIEW_DUE_SOON | WakeupKind.ESCALATION:
            return _review_overdue(case, wakeup, at)
        case WakeupKind.LEASE_END:
            case = moved(case, at, EventKind.LEASE_ENDED, case.lease.holder if case.lease else TIMER)
            return replace(case, lease=None)
        case WakeupKind.PAUSE_END:
            return resumed(case, at, EventKind.PAUSE_ENDED, TIMER)
        case WakeupKind.FOLLOW_UP:
            case = moved(case, at, EventKind.FOLLOWED_UP, TIMER, notices=(NoticeKind.FOLLOW_UP,))
            return replace(case, stage=replace(case.stage, rungs_passed=1))
        case WakeupKind.REOPENING_END:
            case = moved(case, at, EventKind.REOPENING_ENDED, TIMER)
            return replace(case, stage=replace(case.stage, rungs_passed=1))


def _due(case: Case, at: datetime) -> Wakeup | None:
    """What rings at this moment. Of several rungs only the last: nobody wants three reminders at a time."""
    due = sorted((each for each in wakeups(case) if each.at <= at), key=lambda each: each.at)
    if not due:
        return None
    ladder = next((kinds for kinds in LADDERS if due[0].kind in kinds), ())
    return next((each for each in reversed(due) if each.kind in ladder), due[0])


def _remind(case: Case, wakeup: Wakeup, at: datetime) -> Case:
    on_time = at - wakeup.at <= timedelta(seconds=case.policy.reminder_delivery_seconds)
    case = moved(
        case,
        at,
        EventKind.REMINDED,
        TIMER,
        number=wakeup.number,
        subject=", ".join(document.slot for document in documents.owed(case.documents)),
        notices=(REMINDERS[case.status],),
    )
    reminded_at = wakeup.at if on_time else at
    if case.stage.reminded_at:  # one that support sent again may have arrived meanwhile
        reminded_at = max(reminded_at, case.stage.reminded_at)
    return replace(case, stage=replace(case.stage, rungs_passed=wakeup.rung + 1, reminded_at=reminded_at))


def _checks_missed(case: Case, at: datetime) -> Case:
    case = replace(
        case,
        checked=False,
        documents=documents.all_to(
            case.documents, DocumentState.READY, only=frozenset({DocumentState.CHECKING})
        ),
    )
    return moved(case, at, EventKind.CHECKS_MISSED, TIMER, to=CaseStatus.IN_REVIEW, number=case.submission)


def _review_overdue(case: Case, wakeup: Wakeup, at: datetime) -> Case:
    first = case.escalation_level == 0
    case = replace(
        case,
        escalation_level=max(case.escalation_level, wakeup.number),
        stage=replace(case.stage, rungs_passed=wakeup.rung + 1),
    )
    if wakeup.kind is WakeupKind.REVIEW_DUE_SOON:
        return moved(case, at, EventKind.REVIEW_DUE_SOON, TIMER)
    notices = (NoticeKind.REVIEW_LATE, NoticeKind.ESCALATION) if first else (NoticeKind.ESCALATION,)
    return moved(case, at, EventKind.ESCALATED, TIMER, number=wakeup.number, notices=notices)
