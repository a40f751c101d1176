"""Writing a case's news: row, audit and owed e-mails in one transaction, guarded by the version."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from onboarding import clock
from onboarding.domain import deadlines
from onboarding.domain.case import Case as CaseState
from onboarding.domain.case import Event
from onboarding.domain.notices import Notice
from onboarding.domain.status import CaseStatus, Role
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.people import User
from onboarding.records import audit
from onboarding.serial import to_json

SENIORS = "senior"
"""The group whose members get escalations."""


def record(state: CaseState) -> bool:
    """Makes the rows follow the case. A state that is not newer than the row changes nothing.

    Returns:
        True when the row was written, False when it was as new already.

    Raises:
        Case.DoesNotExist: there is no such case; the sign-up was never committed.
    """
    with transaction.atomic():
        row = Case.objects.select_for_update().get(pk=state.case_id)
        if state.version <= row.version:
            return False
        news = [event for event in state.history if event.version > row.version]
        audit.append(row, news)
        for event in news:
            for notice in event.notices:
                owe(row, event, notice)
        Case.objects.filter(pk=row.pk, version__lt=state.version).update(**columns(state))
    return True


def accounts(*named: str) -> list[int]:
    """Those of the named accounts that exist, without repetition.

    A message sent straight to the workflow may name anybody; a row that points nowhere could not be written.
    """
    numbers = {int(name) for name in named if name.isascii() and name.isdecimal() and len(name) < 19}
    return sorted(User.objects.filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else []


def columns(state: CaseState) -> dict[str, Any]:
    """The columns of the case row, from the case alone; accounts that do not exist are left out."""
    wakeup = deadlines.next_wakeup(state)
    in_review = state.status is CaseStatus.IN_REVIEW
    lease = state.lease
    reviewer = next((each.by.account for each in reversed(state.decisions) if each.by.role in REVIEWERS), "")
    holder = lease.holder.account if lease else ""
    known = {str(account): account for account in accounts(holder, reviewer)}
    return {
        "version": state.version,
        "state": to_json(state),
        "status": state.status,
        "changed_at": state.changed_at,
        "closes_at": deadlines.closes_at(state),
        "next_action": wakeup.kind if wakeup else "",
        "next_action_at": wakeup.at if wakeup else None,
        "submission": state.submission,
        "resubmissions": state.resubmissions,
        "in_review_since": state.stage.clock_from if in_review else None,
        "review_due_at": deadlines.review_due_at(state),
        "escalation_level": state.escalation_level if in_review else 0,
        "due_soon": in_review and state.stage.rungs_passed > 0,
        "unchecked": in_review and not state.checked,
        "paused": state.paused is not None,
        "claimed_by_id": known.get(holder),
        "claimed_until": lease.until if lease else None,
        "last_reviewer_id": known.get(reviewer),
        "recorded_at": clock.now(),
    }


REVIEWERS = frozenset({Role.REVIEWER, Role.SENIOR})


def owe(row: Case, event: Event, notice: Notice) -> None:
    """Owes one e-mail to each of its recipients, once per key."""
    if notice.account == "":
        recipients = [row.applicant_id]
    elif notice.account == "seniors":
        seniors = Group.objects.filter(name=SENIORS)
        recipients = list(
            User.objects.filter(groups__in=seniors, is_active=True).values_list("id", flat=True)
        )
    else:
        recipients = accounts(notice.account)
    moment = clock.now()
    Email.objects.bulk_create(
        [
            Email(
                case=row,
                key=notice.key,
                kind=notice.kind,
                recipient_id=recipient,
                stage=notice.stage,
                rung=notice.rung,
                owed_at=event.at,
                next_attempt_at=moment,
            )
            for recipient in recipients
        ],
        ignore_conflicts=True,
    )
