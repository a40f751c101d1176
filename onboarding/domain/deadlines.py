"""Time: what happens to a case next, and when, if nobody acts.

One ladder per status. `next_wakeup` reads it; the workflow sets its timer from it, and pages show
`timers.future`, which walks the same function forward. So a promised moment is the moment it fires.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from onboarding.domain.case import Case
from onboarding.domain.policy import Policy
from onboarding.domain.status import APPLICANT_OWES, REOPENABLE, CaseStatus


class WakeupKind(StrEnum):
    REMINDER = "reminder"
    EXPIRY = "expiry"
    CHECKS_MISSED = "checks_missed"
    REVIEW_DUE_SOON = "review_due_soon"
    ESCALATION = "escalation"
    LEASE_END = "lease_end"
    PAUSE_END = "pause_end"
    FOLLOW_UP = "follow_up"
    REOPENING_END = "reopening_end"


@dataclass(frozen=True, slots=True)
class Wakeup:
    """One planned moment. `number` says which reminder or which escalation level, from 1."""

    at: datetime
    kind: WakeupKind
    number: int = 0
    of: int = 0
    rung: int = -1

    @property
    def summary(self) -> str:
        """Words for Temporal's UI, without personal data."""
        words = self.kind.value.replace("_", " ")
        return f"{words} {self.number} of {self.of}" if self.of else words


def next_wakeup(case: Case) -> Wakeup | None:
    """The earliest moment at which something happens by itself; None when the case is over."""
    return min(wakeups(case), key=lambda wakeup: wakeup.at, default=None)


def closes_at(case: Case) -> datetime | None:
    """When the present wait for the applicant ends; None when nothing is owed or the clock stands still."""
    if case.status not in APPLICANT_OWES or case.paused:
        return None
    return deadline(case)


def reopenable_until(case: Case) -> datetime | None:
    """Until when an expired or withdrawn case can be reopened."""
    if case.status not in REOPENABLE or is_over(case):
        return None
    return case.stage.clock_from + seconds(case.policy.reopen_window_seconds)


def is_over(case: Case) -> bool:
    """True when nothing will happen any more: the workflow may end."""
    return not case.is_open and next_wakeup(case) is None


def wakeups(case: Case) -> Iterator[Wakeup]:
    """Every moment the present state has planned, in no order."""
    stage, policy = case.stage, case.policy
    if case.paused:
        yield Wakeup(case.paused.since + seconds(policy.pause_limit_seconds), WakeupKind.PAUSE_END)
    elif case.status in APPLICANT_OWES:
        yield from _reminders(case)
        end = closes_at(case)
        assert end is not None
        yield Wakeup(end, WakeupKind.EXPIRY)
    elif case.status is CaseStatus.CHECKING:
        yield Wakeup(stage.clock_from + seconds(policy.check_timeout_seconds), WakeupKind.CHECKS_MISSED)
    elif case.status is CaseStatus.IN_REVIEW:
        if case.lease:
            yield Wakeup(case.lease.until, WakeupKind.LEASE_END)
        for rung, offset in enumerate(review_ladder(policy)):
            if rung >= stage.rungs_passed:
                kind = WakeupKind.ESCALATION if rung else WakeupKind.REVIEW_DUE_SOON
                yield Wakeup(stage.clock_from + offset, kind, number=rung, of=2 if rung else 0, rung=rung)
    elif case.status is CaseStatus.APPROVED and not stage.rungs_passed:
        yield Wakeup(stage.clock_from + seconds(policy.follow_up_seconds), WakeupKind.FOLLOW_UP)
    elif case.status in REOPENABLE and not stage.rungs_passed:
        yield Wakeup(stage.clock_from + seconds(policy.reopen_window_seconds), WakeupKind.REOPENING_END)


def review_ladder(policy: Policy) -> tuple[timedelta, timedelta, timedelta]:
    """Offsets on the review clock: due soon (T4), escalation level 1 and level 2 (T5)."""
    sla = seconds(policy.review_sla_seconds)
    return (
        sla * policy.review_warning_percent / 100,
        sla,
        sla + seconds(policy.review_escalation_seconds),
    )


def review_due_at(case: Case) -> datetime | None:
    """When the review is promised to be done, on the running review clock."""
    if case.status is not CaseStatus.IN_REVIEW or case.paused:
        return None
    return case.stage.clock_from + seconds(case.policy.review_sla_seconds)


def ladder(case: Case) -> tuple[tuple[int, ...], int]:
    """Reminder offsets and deadline offset, in seconds, of a status in which the applicant owes."""
    policy = case.policy
    return {
        CaseStatus.EMAIL_PENDING: (policy.email_reminders_seconds, policy.email_deadline_seconds),
        CaseStatus.COLLECTING: (policy.collection_reminders_seconds, policy.collection_deadline_seconds),
        CaseStatus.RESUBMISSION_REQUESTED: (
            policy.resubmission_reminders_seconds,
            policy.resubmission_deadline_seconds,
        ),
    }[case.status]


def deadline(case: Case) -> datetime:
    """When the wait for the applicant ends, on the case's clock: never within the grace after a reminder."""
    if case.stage.reminded_at is None:
        return base_deadline(case)
    held = case.stage.reminded_at + seconds(case.policy.reminder_grace_seconds)
    return max(base_deadline(case), held)


def base_deadline(case: Case) -> datetime:
    """The deadline by policy and extensions alone, before a late reminder moves it."""
    return case.stage.clock_from + seconds(ladder(case)[1] + case.stage.extended_seconds)


def _reminders(case: Case) -> Iterator[Wakeup]:
    """The reminders still to come. An extension moves the last one with the deadline."""
    rungs, _ = ladder(case)
    for rung, offset in enumerate(rungs):
        if rung >= case.stage.rungs_passed:
            moved = case.stage.extended_seconds if rung == len(rungs) - 1 else 0
            at = case.stage.clock_from + seconds(offset + moved)
            yield Wakeup(at, WakeupKind.REMINDER, number=rung + 1, of=len(rungs), rung=rung)


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)
