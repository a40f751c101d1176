"""A case at every place it can be, made by telling it what happened, never by setting its fields."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

from onboarding.domain.case import Case, Event, birth
from onboarding.domain.deadlines import WakeupKind
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
    Resume,
    Retake,
    Submitted,
    Withdrawn,
)
from onboarding.domain.policy import Policy
from onboarding.domain.status import DocumentType, EventKind, Outcome, Role, Slot
from onboarding.domain.timers import future, ring
from onboarding.domain.transition import hear, receipt

T0 = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=number) for number in (1, 60, 3600, 86400))

APPLICANT = Actor(Role.APPLICANT, "7")
REVIEWER = Actor(Role.REVIEWER, "21")
COLLEAGUE = Actor(Role.REVIEWER, "22")
SENIOR = Actor(Role.SENIOR, "31")
SUPPORT = Actor(Role.SUPPORT, "41")
OPERATOR = Actor(Role.OPERATOR, "51")

_numbers = count(1)


def new_id() -> str:
    return f"m{next(_numbers)}"


def verified(at: datetime) -> EmailVerified:
    return EmailVerified(message_id=new_id(), occurred_at=at)


def profiled(at: datetime, kind: DocumentType = DocumentType.ID_CARD) -> ProfileCompleted:
    return ProfileCompleted(message_id=new_id(), occurred_at=at, document_type=kind)


def uploaded(at: datetime, slot: Slot = Slot.ID_FRONT) -> IdUploaded:
    number = new_id()
    return IdUploaded(
        message_id=number, occurred_at=at, document_id=f"d-{number}", slot=slot, sha256="0" * 64
    )


def submitted(at: datetime) -> Submitted:
    return Submitted(message_id=new_id(), occurred_at=at)


def extend(by: timedelta, actor: Actor = SUPPORT) -> Extend:
    return Extend(message_id=new_id(), actor=actor, seconds=int(by.total_seconds()), reason="was ill")


def resume(actor: Actor = SUPPORT) -> Resume:
    return Resume(message_id=new_id(), actor=actor, reason="is back")


def reopen(actor: Actor = SUPPORT) -> Reopen:
    return Reopen(message_id=new_id(), actor=actor, reason="" if actor == APPLICANT else "asked by phone")


def apply_policy(policy: Policy, actor: Actor = OPERATOR) -> ApplyPolicy:
    return ApplyPolicy(message_id=new_id(), actor=actor, policy=policy, reason="new rules")


def withdrawn(at: datetime, by: Actor | None = None) -> Withdrawn:
    return Withdrawn(message_id=new_id(), occurred_at=at, by=by)


def delivered(case: Case, at: datetime, rung: int = 1) -> ReminderDelivered:
    return ReminderDelivered(message_id=new_id(), occurred_at=at, stage=case.stage.number, rung=rung)


def checked(case: Case, at: datetime, *retakes: Slot, reason: str = "blurred") -> ChecksFinished:
    return ChecksFinished(
        message_id=new_id(),
        occurred_at=at,
        submission=case.submission,
        retakes=tuple(Retake(slot=slot, reason=reason) for slot in retakes),
    )


def approve(case: Case, actor: Actor = REVIEWER) -> Decide:
    return Decide(message_id=new_id(), actor=actor, submission=case.submission, outcome=Outcome.APPROVE)


def refuse_it(case: Case, *reasons: str, actor: Actor = REVIEWER) -> Decide:
    return Decide(
        message_id=new_id(),
        actor=actor,
        submission=case.submission,
        outcome=Outcome.REFUSE,
        reasons=reasons or ("data_mismatch",),
    )


def ask_again(
    case: Case, *slots: Slot, reason: str = "glare", extra: bool = False, actor: Actor = REVIEWER
) -> Decide:
    return Decide(
        message_id=new_id(),
        actor=actor,
        submission=case.submission,
        outcome=Outcome.ASK_AGAIN,
        items=tuple(ItemReasons(slot=slot, reasons=(reason,)) for slot in slots or (Slot.ID_BACK,)),
        extra_attempt=extra,
    )


def claim(actor: Actor = REVIEWER) -> Claim:
    return Claim(message_id=new_id(), actor=actor)


def release(actor: Actor = REVIEWER) -> Release:
    return Release(message_id=new_id(), actor=actor)


def pause(actor: Actor = SUPPORT) -> Pause:
    return Pause(message_id=new_id(), actor=actor, reason="on holiday")


def heard(case: Case, message: Message, at: datetime) -> Case:
    """The case after a message that it must accept."""
    after = hear(case, message, at)
    assert code(after, message) == "", f"{type(message).__name__} was refused: {code(after, message)}"
    return after


def code(case: Case, message: Message) -> str:
    """What became of a message: a refusal code, or nothing."""
    note = receipt(case, message.message_id)
    assert note is not None, "no receipt"
    return str(note.code)


def rung(case: Case, at: datetime) -> Case:
    """The case after everything rang on time that is due until this moment."""
    while (coming := future(case)) and coming[0].at <= at:
        case = _rung_once(case)
    return case


def walked(case: Case, until: Callable[[Case], bool]) -> Case:
    """The case after its wakeups rang on time, up to a condition."""
    while not until(case):
        case = _rung_once(case)
    return case


def _rung_once(case: Case) -> Case:
    after = ring(case, future(case)[0].at)
    assert after is not case, "nothing rang at the promised moment"
    return after


def at_the_deadline(place: str) -> Case:
    """A case all of whose reminders rang on time, and whose deadline has not rung yet."""
    return walked(make_case(place), lambda case: future(case)[0].kind is WakeupKind.EXPIRY)


def events(case: Case, kind: EventKind) -> list[Event]:
    return [event for event in case.history if event.kind is kind]


def make_case(place: str, policy: Policy | None = None, at: datetime = T0) -> Case:
    """A case at one of `PLACES`, all of whose steps so far happened at `at`."""
    return PLACES[place](policy or Policy(), at)


def _email_pending(policy: Policy, at: datetime) -> Case:
    return birth("00000000-0000-0000-0000-000000000001", APPLICANT.account, policy, at)


def _new(policy: Policy, at: datetime) -> Case:
    return heard(_email_pending(policy, at), verified(at), at)


def _collecting(policy: Policy, at: datetime) -> Case:
    return heard(_new(policy, at), profiled(at), at)


def complete(case: Case, at: datetime) -> Case:
    """The case after everything it owes was uploaded, not yet submitted."""
    for document in case.documents:
        if document.state in {"awaited", "retake_needed", "resubmission_requested"}:
            case = heard(case, uploaded(at, document.slot), at)
    return case


def _complete(policy: Policy, at: datetime) -> Case:
    return complete(_collecting(policy, at), at)


def _checking(policy: Policy, at: datetime) -> Case:
    return heard(_complete(policy, at), submitted(at), at)


def in_review_again(case: Case, at: datetime) -> Case:
    """From any wait for the applicant back to the reviewers."""
    case = heard(complete(case, at), submitted(at), at)
    return heard(case, checked(case, at), at)


def _in_review(policy: Policy, at: datetime) -> Case:
    return in_review_again(_collecting(policy, at), at)


def _claimed(policy: Policy, at: datetime) -> Case:
    return heard(_in_review(policy, at), claim(COLLEAGUE), at)


def _resubmission(policy: Policy, at: datetime) -> Case:
    case = _in_review(policy, at)
    return heard(case, ask_again(case, extra=not policy.resubmission_limit), at)


def _resubmission_complete(policy: Policy, at: datetime) -> Case:
    return complete(_resubmission(policy, at), at)


def _approved(policy: Policy, at: datetime) -> Case:
    case = _in_review(policy, at)
    return heard(case, approve(case), at)


def _rejected(policy: Policy, at: datetime) -> Case:
    case = _in_review(policy, at)
    return heard(case, refuse_it(case), at)


def _withdrawn(policy: Policy, at: datetime) -> Case:
    return heard(_collecting(policy, at), withdrawn(at), at)


def _expired(policy: Policy, at: datetime) -> Case:
    return walked(_collecting(policy, at), lambda case: not case.is_open)


def _over(policy: Policy, at: datetime) -> Case:
    return walked(_expired(policy, at), lambda case: not future(case))


PLACES: dict[str, Callable[[Policy, datetime], Case]] = {
    "email_pending": _email_pending,
    "new": _new,
    "collecting": _collecting,
    "complete": _complete,
    "checking": _checking,
    "in_review": _in_review,
    "claimed": _claimed,
    "resubmission": _resubmission,
    "resubmission_complete": _resubmission_complete,
    "approved": _approved,
    "rejected": _rejected,
    "expired": _expired,
    "over": _over,
    "withdrawn": _withdrawn,
}
OPEN_PLACES = tuple(PLACES)[:9]
WAITING_PLACES = ("email_pending", "new", "collecting", "complete", "resubmission", "resubmission_complete")
"""Where the applicant owes something and a deadline runs."""
PAUSED_PLACES = tuple(f"{place}, paused" for place in OPEN_PLACES)


def make_paused(place: str, policy: Policy | None = None, at: datetime = T0) -> Case:
    return heard(make_case(place, policy, at), pause(), at)


for _place in OPEN_PLACES:
    PLACES[f"{_place}, paused"] = lambda policy, at, place=_place: make_paused(place, policy, at)
