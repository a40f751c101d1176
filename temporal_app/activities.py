"""The port, implemented with Django: every method calls one function of the onboarding package."""

from __future__ import annotations

from temporalio import activity
from temporalio.exceptions import ApplicationError

from onboarding.documents import checks
from onboarding.domain.case import Case
from onboarding.domain.messages import (
    ChecksFinished,
    EmailVerified,
    IdUploaded,
    ProfileCompleted,
    ReminderDelivered,
    Submitted,
    Withdrawn,
)
from onboarding.models import cases
from onboarding.records import outbox, projections
from temporal_app.contracts import CheckRequest, HandedIn, OnboardingActivities


class DjangoActivities(OnboardingActivities):
    """Runs in the worker's threads. The promises stand at the port."""

    @activity.defn(name="record")
    def record(self, case: Case) -> None:
        try:
            projections.record(case)
        except cases.Case.DoesNotExist as error:
            raise ApplicationError(
                "there is no row for this case", type="NoSuchCase", non_retryable=True
            ) from error

    @activity.defn(name="handed_in")
    def handed_in(self, case_id: str) -> HandedIn:
        facts = outbox.facts_of(case_id)
        return HandedIn(
            email_verified=tuple(fact for fact in facts if isinstance(fact, EmailVerified)),
            profile_completed=tuple(fact for fact in facts if isinstance(fact, ProfileCompleted)),
            id_uploaded=tuple(fact for fact in facts if isinstance(fact, IdUploaded)),
            submitted=tuple(fact for fact in facts if isinstance(fact, Submitted)),
            withdrawn=tuple(fact for fact in facts if isinstance(fact, Withdrawn)),
            reminder_delivered=tuple(fact for fact in facts if isinstance(fact, ReminderDelivered)),
        )

    @activity.defn(name="check_documents")
    def check_documents(self, request: CheckRequest) -> ChecksFinished:
        return checks.check_submission(request.case_id, request.submission)
