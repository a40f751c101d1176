"""What staff ask for: for every command, why it may be refused and what it changes."""

from dataclasses import replace
from datetime import datetime, timedelta

from onboarding.domain import documents, review
from onboarding.domain.actions import BY_ROLE, possible
from onboarding.domain.case import Case, Paused, Stage, moved, shifted
from onboarding.domain.deadlines import base_deadline, deadline, ladder
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
from onboarding.domain.refusals import Refusal, RefusalCode
from onboarding.domain.status import Action, CaseStatus, DocumentState, EventKind, Role

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
REVIEW = (Claim, Release, Decide)


def refusal(case: Case, command: Command, at: datetime) -> Refusal | None:
    """Why this command is not carried out, or None. Says who was faster and when, where somebody was."""
    actor = command.actor
    if ACTIONS[type(command)] not in BY_ROLE[actor.role]:
        return Refusal(RefusalCode.NOT_ALLOWED)
    mine = bool(actor.account) and actor.account == case.applicant
    if mine is not (actor.role is Role.APPLICANT):
        return Refusal(RefusalCode.OWN_CASE if mine else RefusalCode.NOT_ALLOWED)
    if isinstance(command, REVIEW) and not actor.account:
        return Refusal(RefusalCode.NOT_ALLOWED)  # a claim or a decision always has a name
    stale = review.stale(case, command) if isinstance(command, Decide) else None
    if stale:
        return stale
    if ACTIONS[type(command)] not in possible(case):
        return _out_of_turn(case, command)
    if isinstance(command, REVIEW):
        return review.refusal(case, command, at)
    if isinstance(command, Extend) and not MINUTE <= command.seconds <= LONGEST_EXTENSION_SECONDS:
        return Refusal(RefusalCode.BAD_DURATION)
    if isinstance(command, ApplyPolicy) and complaints(command.policy):
        return Refusal(RefusalCode.BAD_POLICY)
    if isinstance(command, Extend | Pause | Resume | Reopen | ResendNotice | ApplyPolicy):
        given = bool(command.reason.strip()) or actor.role is Role.APPLICANT
        return None if given else Refusal(RefusalCode.REASON_MISSING)
    return None


def _out_of_turn(case: Case, command: Command) -> Refusal:
    if case.paused and isinstance(command, Claim | Decide | Extend | Pause):
        return Refusal(RefusalCode.CASE_PAUSED, case.paused.by.account, case.paused.since)
    if isinstance(command, Release) and case.status is CaseStatus.IN_REVIEW:
        return Refusal(RefusalCode.NOT_CLAIMED)
    code = RefusalCode.OUT_OF_TURN if case.is_open else RefusalCode.FINISHED
    return Refusal(code, moment=case.changed_at)


def apply(case: Case, command: Command, at: datetime) -> Case:
    """The case after a command that `refusal` let through."""
    match command:
        case Decide():
            return review.decided(case, command, at)
        case Claim():
            return review.claimed(case, command, at)
        case Release():
            return review.released(case, command, at)
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
            return _apply_policy(case, command, at)
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
    # A notice without an account would go to the applicant, who did not pause anything.
    tell = kind is EventKind.PAUSE_ENDED and case.paused.by.account
    notices = (NoticeKind.PAUSE_ENDED,) if tell else ()
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


def _extend(case: Case, extend: Extend, at: datetime) -> Case:
    """Moves the deadline, as it stands, and its last reminder; one that had rung rings once more.

    Where a late reminder has pushed the deadline, the whole wait is that much longer: else the extension
    would be swallowed by the push.
    """
    pushed = deadline(case) - base_deadline(case)
    stage = replace(
        case.stage,
        clock_from=case.stage.clock_from + pushed,
        extended_seconds=case.stage.extended_seconds + extend.seconds,
    )
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


def _apply_policy(case: Case, apply_policy: ApplyPolicy, at: datetime) -> Case:
    """Another policy for the rest of the case. It never closes a running wait within the grace from now."""
    promised = deadline(case) if case.applicant_owes else None
    case = replace(case, policy=apply_policy.policy)
    now, grace = case.clock(at), timedelta(seconds=case.policy.reminder_grace_seconds)
    if promised and deadline(case) < min(promised, now + grace):
        case = replace(case, stage=replace(case.stage, reminded_at=now))
    return _record(case, apply_policy, at, EventKind.POLICY_APPLIED, reason=apply_policy.reason)
