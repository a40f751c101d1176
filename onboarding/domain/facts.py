"""What applicants and the system report: for every fact, why it may be refused and what it changes."""

from dataclasses import replace
from datetime import datetime, timedelta

from onboarding.domain import documents
from onboarding.domain.actions import BY_ROLE, open_slots, possible
from onboarding.domain.case import Case, Ended, Stage, moved
from onboarding.domain.deadlines import WakeupKind, next_wakeup
from onboarding.domain.messages import (
    SYSTEM,
    Actor,
    ChecksFinished,
    EmailVerified,
    Fact,
    IdUploaded,
    ProfileCompleted,
    ReminderDelivered,
    Submitted,
    Withdrawn,
)
from onboarding.domain.notices import NoticeKind
from onboarding.domain.reasons import ReasonKind, may_be_cited
from onboarding.domain.refusals import Refusal, RefusalCode
from onboarding.domain.status import (
    OWED,
    Action,
    CaseStatus,
    DocumentState,
    EventKind,
    Role,
    Slot,
)

HANDED_IN: dict[type[Fact], Action] = {
    EmailVerified: Action.CONFIRM_EMAIL,
    ProfileCompleted: Action.COMPLETE_PROFILE,
    IdUploaded: Action.UPLOAD,
    Submitted: Action.SUBMIT,
}
"""Facts by which an applicant meets a deadline, and the action each is."""


def refusal(case: Case, fact: Fact) -> Refusal | None:
    """Why this fact does not count, or None."""
    if isinstance(fact, ChecksFinished):
        return _refuse_checks(case, fact)
    if isinstance(fact, ReminderDelivered):
        waits = case.applicant_owes and fact.stage == case.stage.number
        return None if waits else Refusal(RefusalCode.STAGE_OVER)
    if not case.is_open:
        return Refusal(RefusalCode.FINISHED, moment=case.changed_at)
    if isinstance(fact, Withdrawn):
        may = fact.by is None or Action.WITHDRAW in BY_ROLE[fact.by.role]
        return None if may else Refusal(RefusalCode.NOT_ALLOWED)
    passed = deadline_passed(case, fact.occurred_at)
    if passed:
        return Refusal(RefusalCode.DEADLINE_PASSED, moment=passed)
    if isinstance(fact, IdUploaded) and open_slots(case) and fact.slot not in open_slots(case):
        return Refusal(RefusalCode.SLOT_NOT_OPEN)
    if HANDED_IN[type(fact)] in possible(case):
        return None
    still_owed = isinstance(fact, Submitted) and documents.owed(case.documents) and open_slots(case)
    return Refusal(RefusalCode.STILL_OWED if still_owed else RefusalCode.OUT_OF_TURN)


def deadline_passed(case: Case, at: datetime) -> datetime | None:
    """The deadline, if something handed in at this moment is too late for it.

    A reminder that was planned before the deadline and has not been sent yet holds the deadline open: our
    lateness never refuses an applicant.
    """
    wakeup = next_wakeup(case)
    if wakeup and wakeup.kind is WakeupKind.EXPIRY and at > wakeup.at:
        return wakeup.at
    return None


def beat_the_deadline(case: Case, fact: Fact) -> bool:
    """True when the case expired although this fact had been handed in before the deadline."""
    return (
        case.status is CaseStatus.EXPIRED
        and type(fact) in HANDED_IN
        and case.ended is not None
        and case.ended.deadline_at is not None
        and fact.occurred_at <= case.ended.deadline_at
    )


def apply(case: Case, fact: Fact, at: datetime) -> Case:
    """The case after a fact that `refusal` let through."""
    match fact:
        case EmailVerified():
            return _record(case, fact, at, EventKind.EMAIL_CONFIRMED, to=CaseStatus.COLLECTING)
        case ProfileCompleted():
            return _profile_completed(case, fact, at)
        case IdUploaded():
            return _id_uploaded(case, fact, at)
        case Submitted():
            return _submitted(case, fact, at)
        case Withdrawn():
            return _withdrawn(case, fact, at)
        case ChecksFinished():
            return _checks_finished(case, fact, at)
        case ReminderDelivered():
            return _reminder_delivered(case, fact, at)
    raise AssertionError(f"no rule for {type(fact).__name__}")


def _record(
    case: Case,
    fact: Fact,
    at: datetime,
    kind: EventKind,
    *,
    to: CaseStatus | None = None,
    number: int = 0,
    subject: str = "",
    notices: tuple[NoticeKind, ...] = (),
) -> Case:
    return moved(
        case,
        at,
        kind,
        Actor(Role.APPLICANT, case.applicant),
        to=to,
        cause=fact.message_id,
        handed_in_at=fact.occurred_at,
        number=number,
        subject=subject,
        notices=notices,
    )


def _progress(case: Case, at: datetime, *arrived: Slot) -> Case:
    """In `collecting`, ladder and deadline count from the last progress (T2, T3)."""
    if case.status is not CaseStatus.COLLECTING:
        return case
    stage = Stage(
        number=case.stage.number,
        clock_from=max(case.stage.clock_from, case.clock(at)),
        extended_seconds=case.stage.extended_seconds,
        reminded_at=case.stage.reminded_at,
        arrived=(*case.stage.arrived, *arrived),
    )
    return replace(case, stage=stage)


def _profile_completed(case: Case, fact: ProfileCompleted, at: datetime) -> Case:
    first_time = case.document_type is None
    case = replace(
        case,
        document_type=fact.document_type,
        documents=documents.for_type(fact.document_type, case.policy, case.documents),
    )
    case = _record(case, fact, at, EventKind.PROFILE_COMPLETED, subject=fact.document_type)
    return _progress(case, at) if first_time else case


def _id_uploaded(case: Case, fact: IdUploaded, at: datetime) -> Case:
    # A picture that comes again is no progress, also after a change of document and back: else a deadline
    # could be put off for ever.
    progress = fact.slot not in case.stage.arrived
    changed = []
    for document in case.documents:
        if document.slot is fact.slot:
            progress = progress and document.state in OWED
            document = documents.Document(
                slot=fact.slot,
                state=DocumentState.UPLOADED,
                document_id=fact.document_id,
                sha256=fact.sha256,
                uploaded_at=fact.occurred_at,
            )
        changed.append(document)
    case = replace(case, documents=tuple(changed))
    case = _record(case, fact, at, EventKind.DOCUMENT_UPLOADED, subject=fact.slot)
    return _progress(case, at, fact.slot) if progress else case


def _submitted(case: Case, fact: Submitted, at: datetime) -> Case:
    case = replace(
        case,
        submission=case.submission + 1,
        checked=False,
        flags=(),
        documents=documents.all_to(
            case.documents, DocumentState.CHECKING, only=frozenset({DocumentState.UPLOADED})
        ),
    )
    return _record(
        case,
        fact,
        at,
        EventKind.SUBMITTED,
        to=CaseStatus.CHECKING,
        number=case.submission,
        notices=(NoticeKind.SUBMITTED,),
    )


def _withdrawn(case: Case, fact: Withdrawn, at: datetime) -> Case:
    was = case.status
    case = moved(
        case,
        at,
        EventKind.WITHDRAWN,
        fact.by or Actor(Role.APPLICANT, case.applicant),
        to=CaseStatus.WITHDRAWN,
        cause=fact.message_id,
        reason=fact.reason,
        handed_in_at=fact.occurred_at,
        notices=(NoticeKind.WITHDRAWN,),
    )
    return ended(case, at, was)


def _refuse_checks(case: Case, fact: ChecksFinished) -> Refusal | None:
    if case.status is not CaseStatus.CHECKING or fact.submission != case.submission:
        return Refusal(RefusalCode.STAGE_OVER)
    known = {document.slot for document in case.documents if document.state is DocumentState.CHECKING}
    if any(each.slot not in known or not may_be_cited(each.reason, ReasonKind.ITEM) for each in fact.retakes):
        return Refusal(RefusalCode.MALFORMED)
    return None


def _checks_finished(case: Case, fact: ChecksFinished, at: datetime) -> Case:
    reasons: dict[str, tuple[str, ...]] = {}
    for item in fact.retakes:
        reasons[item.slot] = (*reasons.get(item.slot, ()), item.reason)
    case = replace(
        case,
        checked=True,
        flags=fact.flags,
        documents=tuple(
            replace(document, state=DocumentState.RETAKE_NEEDED, reasons=reasons[document.slot])
            if document.slot in reasons
            else document
            for document in documents.all_to(
                case.documents, DocumentState.READY, only=frozenset({DocumentState.CHECKING})
            )
        ),
    )
    if not reasons:
        return moved(
            case,
            at,
            EventKind.CHECKS_PASSED,
            SYSTEM,
            to=CaseStatus.IN_REVIEW,
            cause=fact.message_id,
            number=fact.submission,
        )
    return moved(
        case,
        at,
        EventKind.RETAKE_REQUESTED,
        SYSTEM,
        to=CaseStatus.COLLECTING,
        cause=fact.message_id,
        reason=", ".join(dict.fromkeys(item.reason for item in fact.retakes)),
        subject=", ".join(reasons),
        number=fact.submission,
        notices=(NoticeKind.RETAKE,),
    )


def _reminder_delivered(case: Case, fact: ReminderDelivered, at: datetime) -> Case:
    """A reminder that arrived late pushes the deadline; while the case is paused it arrives at the pause."""
    promised = case.stage.reminded_at
    delivered = min(fact.occurred_at, case.clock(at))
    in_time = timedelta(seconds=case.policy.reminder_delivery_seconds)
    if promised is None or delivered - promised > in_time:
        case = replace(case, stage=replace(case.stage, reminded_at=delivered))
    return moved(
        case,
        at,
        EventKind.REMINDER_DELIVERED,
        SYSTEM,
        cause=fact.message_id,
        number=fact.rung,
    )


def ended(case: Case, at: datetime, was: CaseStatus, deadline_at: datetime | None = None) -> Case:
    """Remembers how an open case stopped, so that it can be reopened where it was."""
    return replace(case, ended=Ended(at=at, was=was, deadline_at=deadline_at))
