"""What the queue says about one case: each cell with its words, and the class that colours it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from onboarding import clock
from onboarding.desk import words
from onboarding.desk.masking import masked_applicant
from onboarding.domain.status import CaseStatus
from onboarding.models.cases import Case
from onboarding.models.people import User

GOOD, WARN, LATE, STILL = "good", "warn", "late", "still"


@dataclass(frozen=True, slots=True)
class Cell:
    """Words; `kind` colours them, `shape` says the same without colour, `share` is a bar in percent."""

    text: str
    kind: str = STILL
    share: int | None = None

    @property
    def shape(self) -> str:
        return {GOOD: "●", WARN: "▲", LATE: "■"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the queue."""

    case: Case
    sla: Cell
    applicant: str
    status: str
    checks: Cell
    attempt: int
    claimer: Cell
    age: str
    back: bool
    """It came back after a request of whoever looks."""


def line(case: Case, user: User) -> Line:
    now = clock.case_now(case)
    return Line(
        case=case,
        sla=sla(case, now),
        applicant=masked_applicant(case),
        status=words.plain(case.status),
        checks=checks(case),
        attempt=case.resubmissions + 1,
        claimer=_claimer(case, user, now),
        age=words.duration(now - (case.in_review_since or case.born_at)),
        back=case.status == CaseStatus.IN_REVIEW and case.last_reviewer_id == user.pk,
    )


def sla(case: Case, now: datetime) -> Cell:
    """How long until somebody must have acted, in words."""
    if case.paused:
        return Cell(gettext("paused"))
    if case.review_due_at:
        return _due(case, case.review_due_at, now)
    if case.closes_at:
        return Cell(gettext("closes in {time}").format(time=words.duration(case.closes_at - now)))
    return Cell("-")


def _due(case: Case, due_at: datetime, now: datetime) -> Cell:
    left = words.duration(due_at - now)
    if due_at <= now:
        text = gettext("overdue {time}").format(time=left)
        level = gettext("escalated {level}").format(level=case.escalation_level)
        return Cell(f"{text}, {level}" if case.escalation_level else text, LATE, 0)
    since = case.in_review_since or due_at
    whole = (due_at - since).total_seconds() or 1.0
    share = round(100 * (due_at - now).total_seconds() / whole)
    return Cell(left, WARN if case.due_soon else GOOD, max(2, min(100, share)))


def checks(case: Case) -> Cell:
    """A light: not run, hints for the reviewer, or nothing noticed."""
    flags: list[str] = getattr(case, "flags", None) or []
    if case.unchecked:
        return Cell(gettext("not checked"), WARN)
    if flags:
        return Cell(", ".join(words.plain(flag.partition(":")[2] or flag) for flag in flags), WARN)
    if case.submission and case.status != CaseStatus.CHECKING:
        return Cell(gettext("fine"), GOOD)
    return Cell("-")


def _claimer(case: Case, user: User, now: datetime) -> Cell:
    if case.claimed_by is None:
        return Cell("-")
    if case.claimed_by_id != user.pk:
        return Cell(words.person(case.claimed_by))
    left = words.duration(case.claimed_until - now) if case.claimed_until else ""
    return Cell(gettext("you, {time} left").format(time=left), GOOD)
