"""What the workflow and the world agree on: names, payloads, and the one port of activities.

No payload carries personal data: people are account ids, pictures are document ids and hashes.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from temporalio import activity
from temporalio.common import SearchAttributeKey

from onboarding.domain import messages
from onboarding.domain.case import Case
from onboarding.domain.deadlines import next_wakeup
from onboarding.domain.messages import ChecksFinished, Fact
from onboarding.domain.policy import Policy
from onboarding.domain.status import CaseStatus

WORKFLOW_NAME = "OnboardingCase"
SNAPSHOT_QUERY = "snapshot"
REVIEW_DECIDED_SIGNAL = "review_decided"

FACT_SIGNALS = messages.FACTS
COMMAND_UPDATES = messages.COMMANDS

STATUS = SearchAttributeKey.for_keyword("OnboardingStatus")
NEXT_ACTION_AT = SearchAttributeKey.for_datetime("NextActionAt")
REVIEW_QUEUE = SearchAttributeKey.for_keyword("ReviewQueue")
ATTEMPT = SearchAttributeKey.for_int("Attempt")
SEARCH_ATTRIBUTES: tuple[SearchAttributeKey[Any], ...] = (STATUS, NEXT_ACTION_AT, REVIEW_QUEUE, ATTEMPT)


def case_workflow_id(case_id: str) -> str:
    """The id of the workflow of a case, and of no other workflow."""
    return f"onboarding:{case_id}"


SearchValues = tuple[str, datetime | None, str | None, int]


def search_values(case: Case) -> SearchValues:
    """The values of `SEARCH_ATTRIBUTES`, in that order, from the case alone."""
    wakeup = next_wakeup(case)
    queue = None
    if case.status is CaseStatus.IN_REVIEW:
        queue = "claimed" if case.lease else "escalated" if case.escalation_level else "unclaimed"
    return (case.status, wakeup.at if wakeup else None, queue, case.resubmissions + 1)


@dataclass(frozen=True, slots=True)
class CaseStart:
    """Input of the workflow.

    Attributes:
        case_id: UUID of the case row.
        applicant: id of the applicant's account.
        policy: snapshotted at sign-up.
        born_at: when the sign-up was committed; the first deadlines count from here.
        recorded: the version that the rows show already: the first one, where the sign-up has written it.
        checks_at_once: nothing sets it any more; cases whose start has it check at once without a marker.
        carried: the whole case, when a run continues an earlier one.
        continue_after_events: continue as new after this many events; 0 leaves it to the server.
    """

    case_id: str
    applicant: str
    policy: Policy
    born_at: datetime
    carried: Case | None = None
    continue_after_events: int = 0
    recorded: int = 0
    checks_at_once: bool = False


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Which pictures to check: those of one submission of one case."""

    case_id: str
    submission: int


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Facts that were committed but may not have reached the workflow yet, by the name of their signal."""

    email_verified: tuple[messages.EmailVerified, ...] = ()
    profile_completed: tuple[messages.ProfileCompleted, ...] = ()
    id_uploaded: tuple[messages.IdUploaded, ...] = ()
    submitted: tuple[messages.Submitted, ...] = ()
    withdrawn: tuple[messages.Withdrawn, ...] = ()
    reminder_delivered: tuple[messages.ReminderDelivered, ...] = ()

    def facts(self) -> tuple[Fact, ...]:
        """All of them, in the order in which they were handed in."""
        everything: tuple[Fact, ...] = (
            *self.email_verified,
            *self.profile_completed,
            *self.id_uploaded,
            *self.submitted,
            *self.withdrawn,
            *self.reminder_delivered,
        )
        return tuple(sorted(everything, key=lambda fact: fact.occurred_at))


class OnboardingActivities(ABC):
    """All that the workflow may ask of the world. The worker implements it with Django, tests with a fake."""

    @activity.defn(name="record")
    @abstractmethod
    def record(self, case: Case) -> None:
        """Writes row, audit events and owed e-mails of a case.

        Idempotency: by case and version; a state that is not newer changes nothing.
        Budget: one transaction, 5 s; retried until the database is back.
        """

    @activity.defn(name="handed_in")
    @abstractmethod
    def handed_in(self, case_id: str) -> HandedIn:
        """Facts of this case that are committed and perhaps still on their way.

        Idempotency: reads only.
        Budget: one query, 5 s; retried until the database is back.
        """

    @activity.defn(name="check_at_once")
    @abstractmethod
    def check_at_once(self, request: CheckRequest) -> ChecksFinished | None:
        """The same as `check_documents`, where that is arithmetic; None where a picture has to be opened.

        Idempotency: as `check_documents`.
        Budget: 2 s, one attempt; after that it is the turn of `check_documents`.
        """

    @activity.defn(name="check_documents")
    @abstractmethod
    def check_documents(self, request: CheckRequest) -> ChecksFinished:
        """Looks at the pictures of one submission and says what cannot be used.

        Idempotency: keeps findings and prints once for a submission; the answer's id is made of both.
        Budget: 30 s an attempt; the case goes on "unchecked" when its own timer (T8) is faster.
        """
