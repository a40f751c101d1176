"""The port, implemented with Django: every method calls one function of the onboarding package."""

from __future__ import annotations

import logging

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from onboarding.documents import checks, scanner, vault
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

logger = logging.getLogger(__name__)


class DjangoActivities(OnboardingActivities):
    """Runs in the worker's threads. The promises stand at the port.

    None is interrupted by an exception in its thread: in the wrong moment that leaves a transaction open of
    which nobody knows. An attempt that takes too long is given up by the workflow and ends by itself.
    """

    @activity.defn(name="record", no_thread_cancel_exception=True)
    def record(self, case: Case) -> None:
        try:
            projections.record(case)
        except cases.Case.DoesNotExist as error:
            raise _no_such_case() from error

    @activity.defn(name="handed_in", no_thread_cancel_exception=True)
    def handed_in(self, case_id: str) -> HandedIn:
        try:
            facts = outbox.facts_not_in(cases.Case.objects.only("outbox_sequence").get(pk=case_id), ())
        except cases.Case.DoesNotExist as error:
            raise _no_such_case() from error
        return HandedIn(
            email_verified=tuple(fact for fact in facts if isinstance(fact, EmailVerified)),
            profile_completed=tuple(fact for fact in facts if isinstance(fact, ProfileCompleted)),
            id_uploaded=tuple(fact for fact in facts if isinstance(fact, IdUploaded)),
            submitted=tuple(fact for fact in facts if isinstance(fact, Submitted)),
            withdrawn=tuple(fact for fact in facts if isinstance(fact, Withdrawn)),
            reminder_delivered=tuple(fact for fact in facts if isinstance(fact, ReminderDelivered)),
        )

    @activity.defn(name="check_at_once", no_thread_cancel_exception=True)
    def check_at_once(self, request: CheckRequest) -> ChecksFinished | None:
        try:
            return checks.check_measured(request.case_id, request.submission)
        except cases.Case.DoesNotExist as error:
            raise _no_such_case() from error
        except vault.VaultError as error:
            raise _benign(error, non_retryable=True) from error  # said again, and louder, by the next one

    @activity.defn(name="check_documents", no_thread_cancel_exception=True)
    def check_documents(self, request: CheckRequest) -> ChecksFinished:
        try:
            return checks.check_submission(request.case_id, request.submission)
        except cases.Case.DoesNotExist as error:
            raise _no_such_case() from error
        except (vault.DocumentMissing, vault.DocumentLocked) as error:
            # Trying again brings no bytes and no key back. The case goes on "unchecked"; somebody must
            # restore the file or the key.
            logger.error("case %s cannot be checked: %s", request.case_id, error)
            raise _benign(error, non_retryable=True) from error
        except scanner.NotScanned as error:
            logger.warning("case %s cannot be checked yet: %s", request.case_id, error)
            raise _benign(error, non_retryable=False) from error


def _benign(error: Exception, *, non_retryable: bool) -> ApplicationError:
    """A failure that has been logged in one line."""
    return ApplicationError(
        str(error),
        type=type(error).__name__,
        non_retryable=non_retryable,
        category=ApplicationErrorCategory.BENIGN,
    )


def _no_such_case() -> ApplicationError:
    return ApplicationError("there is no row for this case", type="NoSuchCase", non_retryable=True)
