"""The e-mails a case owes: which, to whom, and the key under which each is sent once."""

from dataclasses import dataclass
from enum import StrEnum


class NoticeKind(StrEnum):
    CONFIRM_REMINDER = "confirm_reminder"
    COLLECTION_REMINDER = "collection_reminder"
    RESUBMISSION_REMINDER = "resubmission_reminder"
    RETAKE = "retake"
    SUBMITTED = "submitted"
    REVIEW_LATE = "review_late"
    ESCALATION = "escalation"
    RESUBMISSION_REQUESTED = "resubmission_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    EXTENDED = "extended"
    PAUSE_ENDED = "pause_ended"
    FOLLOW_UP = "follow_up"


REMINDERS = frozenset(
    {NoticeKind.CONFIRM_REMINDER, NoticeKind.COLLECTION_REMINDER, NoticeKind.RESUBMISSION_REMINDER}
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One e-mail that is owed.

    `key` is unique within the case. `account` names the recipient: empty is the applicant, "seniors" the
    senior reviewers, anything else the id of one account. `stage` and `rung` belong to reminders: one that is
    still waiting when its stage is over is not sent any more; `rung` counts from 1.
    """

    kind: NoticeKind
    key: str
    account: str = ""
    stage: int = 0
    rung: int = 0
