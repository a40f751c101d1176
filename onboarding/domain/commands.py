"""What staff ask for: for every command, why it may be refused and what it changes."""

from dataclasses import replace
from datetime import datetime, timedelta

from onboarding.domain import documents
from onboarding.domain.actions import BY_ROLE, attempts_left, possible
from onboarding.domain.case import Case, Decision, Lease, Paused, Stage, moved, shifted
from onboarding.domain.deadlines import ladder
from onboarding.domain.messages import (
    Actor,
    ApplyPolicy,
    Claim,
    Command,
    Decide,
    Extend,
    Pause,
    Release,
    Reopen,
    ResendNotice,
    Resume,
)
from onboarding.domain.notices import NoticeKind
from onboarding.domain.policy import DAY, MINUTE, complaints
from onboarding.domain.reasons import ITEM_CODES, REFUSE_CODES
from onboarding.domain.refusals import Refusal, RefusalCode
from onboarding.domain.status import (
    Action,
    CaseStatus,
    DocumentState,
    EventKind,
    Outcome,
    Role,
)

ACTIONS: dict[type[Command], Action] = {
    Decide: Action.DECIDE,
    Claim: Action.CLAIM,
    Release: Action.RELEASE,
    Extend: Action.EXTEND,
    Pause: Action.PAUSE,
    Resume: Action.RESUME,
    Reopen: Action.REOPEN,
    ResendNotice: Action.RESEND_NOTICE,
    ApplyPolicy: Action.APPLY_POLICY,
}
LONGEST_EXTENSION_SECONDS = 90 * DAY

DECIDED = {
    Outcome.APPROVE: (CaseStatus.APPROVED, EventKind.APPROVED, NoticeKind.APPROVED),
    Outcome.REFUSE: (CaseStatus.REJECTED, EventKind.REJECTED, NoticeKind.REJECTED),
    Outcome.ASK_AGAIN: (
        CaseStatus.RESUBMISSION_REQUESTED,
        EventKind.RESUBMISSION_REQUESTED,
        NoticeKind.RESUBMISSION_REQUESTED,
    ),
}


def refusal(case: Case, command: Command, at: datetime) -> Refusal | None:
    """Why this command is not carried out, or None. Says who was faster and when, where somebody was."""
    actor = command.actor
    if ACTIONS[type(command)] not in BY_ROLE[actor.role]:
        return Refusal(RefusalCode.NOT_ALLOWED)
    mine = bool(actor.account) and actor.account == case.applicant
    if mine is not (actor.role is Role.APPLICANT):
        return Refusal(RefusalCode.OWN_CASE if mine else RefusalCode.NOT_ALLOWED)
    if isinstance(command, Decide):
        decided = next((each for each in case.decisions if each.submission == command.submission), None)
        if decided:
            return Refusal(RefusalCode.ALREADY_DECIDED, decided.by.account, decided.at)
        if command.submission != case.submission:
            return Refusal(RefusalCode.OTHER_SUBMISSION)
    if ACTIONS[type(command)] not in possible(case):
        return _out_of_turn(case, command)
    if isinstance(command, Claim | Release | Decide):
        return _refuse_review(case, command, at)
    if isinstance(command, Extend) and not MINUTE <= command.seconds <= LONGEST_EXTENSION_SECONDS:
        return Refusal(RefusalCode.BAD_DURATION)
    if isinstance(command, ApplyPolicy) and complaints(command.policy):
        return Refusal(RefusalCode.BAD_POLICY)
    if isinstance(command, Extend | Pause | Resume | Reopen | ResendNotice | ApplyPolicy):
        given = bool(command.reason.strip()) or actor.role is Role.APPLICANT
        return None if given else Refusal(RefusalCode.REASON_MISSING)
    return None


def _out_of_turn(case: Case, command: Command) -> Refusal:
    if case.paused and isinstance(command, Claim | Decide | Extend):
        return Refusal(RefusalCode.CASE_PAUSED, case.paused.by.account, case.paused.since)
    if isinstance(command, Release) and case.status is CaseStatus.IN_REVIEW:
        return Refusal(RefusalCode.NOT_CLAIMED)
    code = RefusalCode.OUT_OF_TURN if case.is_open else RefusalCode.FINISHED
    return Refusal(code, moment=case.changed_at)


def _refuse_review(case: Case, command: Claim | Release | Decide, at: datetime) -> Refusal | None:
    lease = case.lease if case.lease and case.lease.until > at else None
    others = lease is not None and lease.holder.account != command.actor.account
    senior_releases = isinstance(command, Release) and command.actor.role is Role.SENIOR
    if lease and others and not senior_releases:
        return Refusal(RefusalCode.CLAIMED_BY_OTHER, lease.holder.account, lease.until)
    if isinstance(command, Claim) and lease and lease_until(case, lease.since, at) <= lease.until:
        used_up = lease.until >= lease.since + timedelta(seconds=case.policy.lease_limit_seconds)
        return Refusal(RefusalCode.LEASE_USED_UP, lease.holder.account, lease.until) if used_up else None
    return _refuse_reasons(case, command) if isinstance(command, Decide) else None


def _refuse_reasons(case: Case, decide: Decide) -> Refusal | None:
    if decide.outcome is Outcome.REFUSE:
        if not decide.reasons:
            return Refusal(RefusalCode.REASON_MISSING)
        return None if set(decide.reasons) <= REFUSE_CODES else Refusal(RefusalCode.REASON_UNKNOWN)
    if decide.outcome is Outcome.ASK_AGAIN:
        if not decide.items or not all(item.reasons for item in decide.items):
            return Refusal(RefusalCode.REASON_MISSING)
        slots = [item.slot for item in decide.items]
        if len(set(slots)) != len(slots) or not set(slots) <= {each.slot for each in case.documents}:
            return Refusal(RefusalCode.SLOT_NOT_OPEN)
        if not all(set(item.reasons) <= ITEM_CODES for item in decide.items):
            return Refusal(RefusalCode.REASON_UNKNOWN)
        if not attempts_left(case) and not decide.extra_attempt:
            return Refusal(RefusalCode.ATTEMPTS_USED_UP)
    return None


def lease_until(case: Case, since: datetime, at: datetime) -> datetime:
    """When a lease that began at `since` and is renewed at `at` ends (T6)."""
    policy = case.policy
    return min(
        at + timedelta(seconds=policy.lease_seconds),
        since + timedelta(seconds=policy.lease_limit_seconds),
    )


def apply(case: Case, command: Command, at: datetime) -> Case:
    """The case after a command that `refusal` let through."""
    match command:
        case Decide():
            return _decide(case, command, at)
        case Claim():
            return _claim(case, command, at)
        case Release():
            case = replace(case, lease=None)
            return _record(case, command, at, EventKind.RELEASED)
        case Extend():
            return _extend(case, command, at)
        case Pause():
            case = _record(case, command, at, EventKind.PAUSED, reason=command.reason)
            return replace(case, paused=Paused(since=at, by=command.actor), lease=None)
        case Resume():
            return resumed(case, at, EventKind.RESUMED, command.actor, command.reason, command.message_id)
        case Reopen():
            return reopened(case, at, command.actor, command.reason, command.message_id)
        case ResendNotice():
            return _record(
                case,
                command,
                at,
                EventKind.NOTICE_RESENT,
                reason=command.reason,
                notices=(present_notice(case),),
            )
        case ApplyPolicy():
            case = replace(case, policy=command.policy)
            return _record(case, command, at, EventKind.POLICY_APPLIED, reason=command.reason)
    raise AssertionError(f"no rule for {type(command).__name__}")


def present_notice(case: Case) -> NoticeKind:
    """The e-mail that tells the applicant where an open case stands."""
    if case.status is CaseStatus.COLLECTING and documents.owed(case.documents):
        retake = any(each.state is DocumentState.RETAKE_NEEDED for each in case.documents)
        return NoticeKind.RETAKE if retake else NoticeKind.COLLECTION_REMINDER
    return {
        CaseStatus.EMAIL_PENDING: NoticeKind.CONFIRM_REMINDER,
        CaseStatus.COLLECTING: NoticeKind.COLLECTION_REMINDER,
        CaseStatus.RESUBMISSION_REQUESTED: NoticeKind.RESUBMISSION_REQUESTED,
    }.get(case.status, NoticeKind.SUBMITTED)


def resumed(
    case: Case, at: datetime, kind: EventKind, actor: Actor, reason: str = "", cause: str = ""
) -> Case:
    """Lets the clock run again from where it stood."""
    assert case.paused is not None
    paused_for = at - case.paused.since
    notices = (NoticeKind.PAUSE_ENDED,) if kind is EventKind.PAUSE_ENDED else ()
    case = moved(
        case,
        at,
        kind,
        actor,
        reason=reason,
        cause=cause,
        number=int(paused_for.total_seconds()),
        notices=notices,
        notice_to=case.paused.by.account,
    )
    return replace(case, paused=None, stage=shifted(case.stage, paused_for))


def reopened(
    case: Case,
    at: datetime,
    actor: Actor,
    reason: str,
    cause: str,
    handed_in_at: datetime | None = None,
) -> Case:
    """Back to the status in which the case stopped, with a fresh wait for what the applicant owes."""
    assert case.ended is not None
    case = moved(
        case,
        at,
        EventKind.REOPENED,
        actor,
        to=case.ended.was,
        reason=reason,
        cause=cause,
        handed_in_at=handed_in_at,
        notices=(NoticeKind.REOPENED,),
    )
    return replace(case, ended=None)


def _record(
    case: Case,
    command: Command,
    at: datetime,
    kind: EventKind,
    *,
    reason: str = "",
    number: int = 0,
    notices: tuple[NoticeKind, ...] = (),
) -> Case:
    return moved(
        case,
        at,
        kind,
        command.actor,
        reason=reason,
        cause=command.message_id,
        number=number,
        notices=notices,
    )


def _claim(case: Case, claim: Claim, at: datetime) -> Case:
    lease = case.lease if case.lease and case.lease.until > at else None
    since = lease.since if lease else at
    kind = EventKind.CLAIM_RENEWED if lease else EventKind.CLAIMED
    case = replace(case, lease=Lease(holder=claim.actor, since=since, until=lease_until(case, since, at)))
    return _record(case, claim, at, kind)


def _extend(case: Case, extend: Extend, at: datetime) -> Case:
    """Moves the deadline and its last reminder; a last reminder that had rung rings once more."""
    stage = replace(case.stage, extended_seconds=case.stage.extended_seconds + extend.seconds)
    rungs, _ = ladder(case)
    last = len(rungs) - 1
    again_at = _last_reminder(stage, rungs)
    if again_at and again_at > at and stage.rungs_passed > last:
        stage = replace(stage, rungs_passed=last)
    case = replace(case, stage=stage)
    return _record(
        case,
        extend,
        at,
        EventKind.EXTENDED,
        reason=extend.reason,
        number=extend.seconds,
        notices=(NoticeKind.EXTENDED,),
    )


def _last_reminder(stage: Stage, rungs: tuple[int, ...]) -> datetime | None:
    if not rungs:
        return None
    return stage.clock_from + timedelta(seconds=rungs[-1] + stage.extended_seconds)


def _decide(case: Case, decide: Decide, at: datetime) -> Case:
    status, kind, notice = DECIDED[decide.outcome]
    reasons = decide.reasons or tuple(
        dict.fromkeys(reason for item in decide.items for reason in item.reasons)
    )
    decision = Decision(
        submission=decide.submission, outcome=decide.outcome, by=decide.actor, at=at, reasons=reasons
    )
    asked = {item.slot: item.reasons for item in decide.items}
    settled = DocumentState.REJECTED if decide.outcome is Outcome.REFUSE else DocumentState.ACCEPTED
    case = replace(
        case,
        decisions=(*case.decisions, decision),
        resubmissions=case.resubmissions + (decide.outcome is Outcome.ASK_AGAIN),
        documents=tuple(
            replace(document, state=DocumentState.RESUBMISSION_REQUESTED, reasons=asked[document.slot])
            if document.slot in asked
            else replace(document, state=settled, reasons=())
            for document in case.documents
        ),
    )
    return moved(
        case,
        at,
        kind,
        decide.actor,
        to=status,
        reason=", ".join(reasons),
        cause=decide.message_id,
        number=decide.submission,
        subject=", ".join(asked),
        notices=(notice,),
    )
