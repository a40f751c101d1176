"""Any message that may ever reach a case: in turn, out of turn, stale, forged, early and late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from onboarding.domain.case import Case
from onboarding.domain.deadlines import next_wakeup
from onboarding.domain.documents import owed
from onboarding.domain.messages import (
    Actor,
    ApplyPolicy,
    ChecksFinished,
    Claim,
    Decide,
    EmailVerified,
    Extend,
    IdUploaded,
    ItemReasons,
    Message,
    Pause,
    ProfileCompleted,
    Release,
    ReminderDelivered,
    Reopen,
    ResendNotice,
    Resume,
    Retake,
    Submitted,
    Withdrawn,
)
from onboarding.domain.policy import Policy
from onboarding.domain.status import CaseStatus, DocumentType, Outcome, Role, Slot

from .builders import (
    APPLICANT,
    COLLEAGUE,
    DAY,
    HOUR,
    MICROSECOND,
    MINUTE,
    OPERATOR,
    REVIEWER,
    SENIOR,
    SUPPORT,
    apply_policy,
    checked,
    claim,
    extend,
    pause,
    profiled,
    release,
    reopen,
    resume,
    submitted,
    uploaded,
    verified,
)

QUICK = Policy(
    email_reminders_seconds=(100,),
    email_deadline_seconds=400,
    collection_reminders_seconds=(100, 250),
    collection_deadline_seconds=600,
    resubmission_reminders_seconds=(120,),
    resubmission_deadline_seconds=300,
    reminder_grace_seconds=90,
    reminder_quiet_seconds=60,
    reminder_delivery_seconds=20,
    check_timeout_seconds=30,
    review_sla_seconds=200,
    review_escalation_seconds=100,
    lease_seconds=40,
    lease_limit_seconds=100,
    pause_limit_seconds=500,
    reopen_window_seconds=700,
    follow_up_seconds=300,
    resubmission_limit=1,
    selfie_required=True,
)
POLICIES = {
    "default": Policy(),
    "quick": QUICK,
    "silent": replace(Policy(), collection_reminders_seconds=(), resubmission_limit=0),
    "short": replace(
        Policy(), collection_deadline_seconds=4 * 86400, collection_reminders_seconds=(86400, 2 * 86400)
    ),
    "little grace": replace(Policy(), reminder_grace_seconds=3600, proof_of_address_required=True),
}
NONSENSE = {
    "no lease": replace(Policy(), lease_seconds=0),
    "no time": replace(Policy(), email_deadline_seconds=60),
}

STEPS = st.sampled_from(
    [
        MICROSECOND,
        timedelta(seconds=30, microseconds=333),
        5 * MINUTE,
        HOUR,
        10 * HOUR,
        DAY,
        3 * DAY,
        9 * DAY,
        40 * DAY,
    ]
)
ANY_POLICY = st.sampled_from([*POLICIES.values(), *NONSENSE.values()])
ACTORS = st.sampled_from(
    [
        APPLICANT,
        REVIEWER,
        COLLEAGUE,
        SENIOR,
        SUPPORT,
        OPERATOR,
        Actor(Role.REVIEWER, APPLICANT.account),
        Actor(Role.SUPPORT, APPLICANT.account),
        Actor(Role.APPLICANT, "8"),
        Actor(Role.SENIOR),
        Actor(Role.SYSTEM),
        Actor(Role.TIMER),
    ]
)
REASONS = st.sampled_from(["", " ", "asked by phone", "asked by phone", "a\0b", "x" * 2001])
CODES = st.lists(
    st.sampled_from(["blurred", "glare", "expired", "data_mismatch", "free text"]), max_size=2
).map(tuple)


@st.composite
def moments(draw: st.DrawFn, case: Case, now: datetime) -> datetime:
    """When something was handed in: mostly now, sometimes around the deadline, sometimes far off."""
    wakeup = next_wakeup(case)
    around = [now, now, now, now - HOUR, now - 3 * DAY, now + HOUR, datetime.min.replace(tzinfo=UTC)]
    if wakeup:
        around += [wakeup.at - MICROSECOND, wakeup.at, wakeup.at + MICROSECOND]
    if case.ended and case.ended.deadline_at:
        around += [case.ended.deadline_at, case.ended.deadline_at + MICROSECOND]
    return draw(st.sampled_from(around))


def _numbers(present: int) -> st.SearchStrategy[int]:
    return st.sampled_from([present, present, present, present, present - 1, present + 1, 0, 2**40])


@st.composite
def facts(draw: st.DrawFn, case: Case, now: datetime, message_id: str) -> Message:
    head = {"message_id": message_id, "occurred_at": draw(moments(case, now))}
    match draw(st.integers(0, 6)):
        case 0:
            return EmailVerified(**head)
        case 1:
            return ProfileCompleted(**head, document_type=draw(st.sampled_from(DocumentType)))
        case 2:
            slots = st.sampled_from([*(each.slot for each in case.documents), *Slot])
            return IdUploaded(**head, document_id="d", slot=draw(slots), sha256="0" * 64)
        case 3:
            return Submitted(**head)
        case 4:
            by = draw(st.none() | ACTORS)
            return Withdrawn(**head, by=by, reason=draw(REASONS))
        case 5:
            stage = draw(_numbers(case.stage.number))
            return ReminderDelivered(**head, stage=stage, rung=draw(st.integers(0, 4)))
        case _:
            retake = st.builds(
                Retake, slot=st.sampled_from(Slot), reason=st.sampled_from(["blurred", "glare", "free text"])
            )
            retakes = tuple(draw(st.lists(retake, max_size=2)))
            return ChecksFinished(
                **head, submission=draw(_numbers(case.submission)), retakes=retakes, flags=("front:glare",)
            )


@st.composite
def decisions(draw: st.DrawFn, case: Case, message_id: str, actors: st.SearchStrategy[Actor]) -> Decide:
    slots = st.sampled_from([*(each.slot for each in case.documents), Slot.SELFIE])
    items = draw(st.lists(st.builds(ItemReasons, slot=slots, reasons=CODES), max_size=2))
    return Decide(
        message_id=message_id,
        actor=draw(actors),
        submission=draw(_numbers(case.submission)),
        outcome=draw(st.sampled_from(Outcome)),
        reasons=draw(CODES),
        items=tuple(items),
        extra_attempt=draw(st.booleans()),
    )


@st.composite
def commands(draw: st.DrawFn, case: Case, message_id: str) -> Message:
    head = {"message_id": message_id, "actor": draw(ACTORS)}
    match draw(st.integers(0, 8)):
        case 0:
            return draw(decisions(case, message_id, ACTORS))
        case 1:
            return Claim(**head)
        case 2:
            return Release(**head)
        case 3:
            lengths = st.sampled_from([-1, 0, 60, 61, 3600, 86400, 90 * 86400, 90 * 86400 + 1])
            return Extend(**head, seconds=draw(lengths), reason=draw(REASONS))
        case 4:
            return Pause(**head, reason=draw(REASONS))
        case 5:
            return Resume(**head, reason=draw(REASONS))
        case 6:
            return Reopen(**head, reason=draw(REASONS))
        case 7:
            return ResendNotice(**head, reason=draw(REASONS))
        case _:
            return ApplyPolicy(**head, policy=draw(ANY_POLICY), reason=draw(REASONS))


def staff_work(case: Case) -> st.SearchStrategy[Message]:
    """What staff may do now, done properly: forged commands alone would seldom get through."""
    lengths = st.sampled_from([MINUTE, 5 * HOUR, DAY, 6 * DAY])
    if case.paused:
        return st.builds(resume)
    return st.one_of(
        st.builds(pause),
        st.builds(claim, st.sampled_from([REVIEWER, COLLEAGUE])),
        st.builds(release, st.just(SENIOR)),
        st.builds(extend, lengths),
        st.builds(reopen),
        st.builds(apply_policy, st.sampled_from(list(POLICIES.values()))),
    )


def next_step(case: Case, now: datetime) -> Message | None:
    """What an applicant, the checks or support would do now: else few lives come far."""
    missing = owed(case.documents)
    match case.status:
        case CaseStatus.EMAIL_PENDING:
            return verified(now)
        case CaseStatus.CHECKING:
            return checked(case, now)
        case CaseStatus.EXPIRED | CaseStatus.WITHDRAWN:
            return reopen()
        case CaseStatus.COLLECTING if case.document_type is None:
            return profiled(now)
        case CaseStatus.COLLECTING | CaseStatus.RESUBMISSION_REQUESTED:
            return uploaded(now, missing[0].slot) if missing else submitted(now)
    return None
