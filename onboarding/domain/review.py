"""What reviewers do: claims that end by themselves, and one decision per submission."""

from dataclasses import replace
from datetime import datetime, timedelta

from onboarding.domain.actions import attempts_left
from onboarding.domain.case import Case, Decision, Lease, moved
from onboarding.domain.messages import Actor, Claim, Decide, Release
from onboarding.domain.notices import NoticeKind
from onboarding.domain.reasons import ReasonKind, may_be_cited
from onboarding.domain.refusals import Refusal, RefusalCode
from onboarding.domain.status import CaseStatus, DocumentState, EventKind, Outcome, Role

ASSIGNERS = frozenset({Role.SENIOR})
ASSIGNED_TO = frozenset({Role.REVIEWER, Role.SENIOR})
"""Who gives a case to somebody, and to whom it can be given."""
DECIDED = {
    Outcome.APPROVE: (CaseStatus.APPROVED, EventKind.APPROVED, NoticeKind.APPROVED),
    Outcome.REFUSE: (CaseStatus.REJECTED, EventKind.REJECTED, NoticeKind.REJECTED),
    Outcome.ASK_AGAIN: (
        CaseStatus.RESUBMISSION_REQUESTED,
        EventKind.RESUBMISSION_REQUESTED,
        NoticeKind.RESUBMISSION_REQUESTED,
    ),
}


def stale(case: Case, decide: Decide) -> Refusal | None:
    """Refuses a decision about anything but the present, undecided submission (invariant I3)."""
    decided = next((each for each in case.decisions if each.submission == decide.submission), None)
    if decided:
        return Refusal(RefusalCode.ALREADY_DECIDED, decided.by.account, decided.at)
    if decide.submission != case.submission:
        return Refusal(RefusalCode.OTHER_SUBMISSION)
    return None


def refusal(case: Case, command: Claim | Release | Decide, at: datetime) -> Refusal | None:
    """Why a case in review refuses this, or None."""
    if isinstance(command, Claim) and command.holder:
        return _refuse_holder(case, command, command.holder)
    lease = case.lease if case.lease and case.lease.until > at else None
    others = lease is not None and lease.holder.account != command.actor.account
    senior_releases = isinstance(command, Release) and command.actor.role is Role.SENIOR
    if lease and others and not senior_releases:
        return Refusal(RefusalCode.CLAIMED_BY_OTHER, lease.holder.account, lease.until)
    if isinstance(command, Claim) and lease and lease_until(case, lease.since, at) <= lease.until:
        used_up = lease.until >= lease.since + timedelta(seconds=case.policy.lease_limit_seconds)
        return Refusal(RefusalCode.LEASE_USED_UP, lease.holder.account, lease.until) if used_up else None
    return _refuse_reasons(case, command) if isinstance(command, Decide) else None


def _refuse_holder(case: Case, claim: Claim, holder: Actor) -> Refusal | None:
    """Seniors assign, also over a colleague's claim; to reviewers only, and to none their own case."""
    if claim.actor.role not in ASSIGNERS or holder.role not in ASSIGNED_TO or not holder.account:
        return Refusal(RefusalCode.NOT_ALLOWED)
    return Refusal(RefusalCode.OWN_CASE) if holder.account == case.applicant else None


def _refuse_reasons(case: Case, decide: Decide) -> Refusal | None:
    if decide.outcome is Outcome.REFUSE:
        if not decide.reasons:
            return Refusal(RefusalCode.REASON_MISSING)
        known = all(may_be_cited(each, ReasonKind.REFUSAL) for each in decide.reasons)
        return None if known else Refusal(RefusalCode.REASON_UNKNOWN)
    if decide.outcome is Outcome.ASK_AGAIN:
        if not decide.items or not all(item.reasons for item in decide.items):
            return Refusal(RefusalCode.REASON_MISSING)
        slots = [item.slot for item in decide.items]
        if len(set(slots)) != len(slots) or not set(slots) <= {each.slot for each in case.documents}:
            return Refusal(RefusalCode.SLOT_NOT_OPEN)
        if not all(may_be_cited(each, ReasonKind.ITEM) for item in decide.items for each in item.reasons):
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


def claimed(case: Case, claim: Claim, at: datetime) -> Case:
    """Takes the case, or renews one's own lease; the whole of it counts from its beginning.

    Who is assigned a case may not be looking: they have the whole time from the start.
    """
    if claim.holder:
        until = at + timedelta(seconds=case.policy.lease_limit_seconds)
        case = replace(case, lease=Lease(holder=claim.holder, since=at, until=until))
        return moved(
            case,
            at,
            EventKind.ASSIGNED,
            claim.actor,
            cause=claim.message_id,
            subject=claim.holder.account,
        )
    lease = case.lease if case.lease and case.lease.until > at else None
    since = lease.since if lease else at
    kind = EventKind.CLAIM_RENEWED if lease else EventKind.CLAIMED
    case = replace(case, lease=Lease(holder=claim.actor, since=since, until=lease_until(case, since, at)))
    return moved(case, at, kind, claim.actor, cause=claim.message_id)


def released(case: Case, release: Release, at: datetime) -> Case:
    """Gives the case back to the queue."""
    return moved(replace(case, lease=None), at, EventKind.RELEASED, release.actor, cause=release.message_id)


def decided(case: Case, decide: Decide, at: datetime) -> Case:
    """Approves, refuses or asks again. Only reasons that belong to the outcome are kept."""
    status, kind, notice = DECIDED[decide.outcome]
    asks, refuses = decide.outcome is Outcome.ASK_AGAIN, decide.outcome is Outcome.REFUSE
    asked = {item.slot: item.reasons for item in decide.items} if asks else {}
    reasons = tuple(dict.fromkeys(reason for each in asked.values() for reason in each))
    if refuses:
        reasons = decide.reasons
    decision = Decision(
        submission=decide.submission, outcome=decide.outcome, by=decide.actor, at=at, reasons=reasons
    )
    settled = DocumentState.REJECTED if refuses else DocumentState.ACCEPTED
    case = replace(
        case,
        decisions=(*case.decisions, decision),
        resubmissions=case.resubmissions + asks,
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
