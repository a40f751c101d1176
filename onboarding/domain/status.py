"""The words of the field: every status, document state, role and action, as plain enumerations."""

from enum import StrEnum


class CaseStatus(StrEnum):
    """What everybody sees of a case. Later releases add re-verification, suspension and erasure."""

    EMAIL_PENDING = "email_pending"
    COLLECTING = "collecting"
    CHECKING = "checking"
    IN_REVIEW = "in_review"
    RESUBMISSION_REQUESTED = "resubmission_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


APPLICANT_OWES = frozenset(
    {CaseStatus.EMAIL_PENDING, CaseStatus.COLLECTING, CaseStatus.RESUBMISSION_REQUESTED}
)
OPEN = APPLICANT_OWES | {CaseStatus.CHECKING, CaseStatus.IN_REVIEW}
REOPENABLE = frozenset({CaseStatus.EXPIRED, CaseStatus.WITHDRAWN})

EDGES: frozenset[tuple[CaseStatus | None, CaseStatus]] = frozenset(
    {
        (None, CaseStatus.EMAIL_PENDING),
        (CaseStatus.EMAIL_PENDING, CaseStatus.COLLECTING),
        (CaseStatus.EMAIL_PENDING, CaseStatus.EXPIRED),
        (CaseStatus.COLLECTING, CaseStatus.CHECKING),
        (CaseStatus.COLLECTING, CaseStatus.EXPIRED),
        (CaseStatus.CHECKING, CaseStatus.IN_REVIEW),
        (CaseStatus.CHECKING, CaseStatus.COLLECTING),
        (CaseStatus.IN_REVIEW, CaseStatus.APPROVED),
        (CaseStatus.IN_REVIEW, CaseStatus.REJECTED),
        (CaseStatus.IN_REVIEW, CaseStatus.RESUBMISSION_REQUESTED),
        (CaseStatus.RESUBMISSION_REQUESTED, CaseStatus.CHECKING),
        (CaseStatus.RESUBMISSION_REQUESTED, CaseStatus.EXPIRED),
        *((status, CaseStatus.WITHDRAWN) for status in OPEN),
        *((CaseStatus.WITHDRAWN, status) for status in OPEN),
        *((CaseStatus.EXPIRED, status) for status in APPLICANT_OWES),
    }
)
"""Every edge a case may take (invariant I5). An edge that is not here does not exist."""


class DocumentType(StrEnum):
    """What the applicant says they will show."""

    PASSPORT = "passport"
    ID_CARD = "id_card"


class Slot(StrEnum):
    """One picture that is owed."""

    PASSPORT = "passport"
    ID_FRONT = "id_front"
    ID_BACK = "id_back"
    SELFIE = "selfie"
    PROOF_OF_ADDRESS = "proof_of_address"


class DocumentState(StrEnum):
    AWAITED = "awaited"
    UPLOADED = "uploaded"
    CHECKING = "checking"
    READY = "ready"
    RETAKE_NEEDED = "retake_needed"
    ACCEPTED = "accepted"
    RESUBMISSION_REQUESTED = "resubmission_requested"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    """Only on rows: the case itself carries the newest picture of each slot."""


OWED = frozenset({DocumentState.AWAITED, DocumentState.RETAKE_NEEDED, DocumentState.RESUBMISSION_REQUESTED})


class Outcome(StrEnum):
    """What a reviewer can decide."""

    APPROVE = "approve"
    ASK_AGAIN = "ask_again"
    REFUSE = "refuse"


class Role(StrEnum):
    """On whose behalf a message comes."""

    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    SENIOR = "senior"
    SUPPORT = "support"
    OPERATOR = "operator"
    SYSTEM = "system"
    TIMER = "timer"


class Action(StrEnum):
    """What somebody can do to a case."""

    CONFIRM_EMAIL = "confirm_email"
    COMPLETE_PROFILE = "complete_profile"
    UPLOAD = "upload"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    CLAIM = "claim"
    RELEASE = "release"
    DECIDE = "decide"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    REOPEN = "reopen"
    RESEND_NOTICE = "resend_notice"
    APPLY_POLICY = "apply_policy"


class EventKind(StrEnum):
    """What happened, as a past fact: one per audit event."""

    SIGNED_UP = "signed_up"
    EMAIL_CONFIRMED = "email_confirmed"
    PROFILE_COMPLETED = "profile_completed"
    DOCUMENT_UPLOADED = "document_uploaded"
    SUBMITTED = "submitted"
    CHECKS_PASSED = "checks_passed"
    CHECKS_MISSED = "checks_missed"
    RETAKE_REQUESTED = "retake_requested"
    CLAIMED = "claimed"
    CLAIM_RENEWED = "claim_renewed"
    ASSIGNED = "assigned"
    RELEASED = "released"
    LEASE_ENDED = "lease_ended"
    APPROVED = "approved"
    REJECTED = "rejected"
    RESUBMISSION_REQUESTED = "resubmission_requested"
    REMINDED = "reminded"
    REMINDER_DELIVERED = "reminder_delivered"
    REVIEW_DUE_SOON = "review_due_soon"
    ESCALATED = "escalated"
    EXTENDED = "extended"
    PAUSED = "paused"
    RESUMED = "resumed"
    PAUSE_ENDED = "pause_ended"
    EXPIRED = "expired"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    FOLLOWED_UP = "followed_up"
    NOTICE_RESENT = "notice_resent"
    POLICY_APPLIED = "policy_applied"
    REOPENING_ENDED = "reopening_ended"


DECISIONS = (EventKind.APPROVED, EventKind.REJECTED, EventKind.RESUBMISSION_REQUESTED)
"""What a reviewer decides, as it then happened."""
REASONED = (EventKind.REJECTED, EventKind.RESUBMISSION_REQUESTED)
"""Those that name reasons of the catalogue."""
