"""The case: everything that is known of one sign-up, as one immutable value.

Transitions live beside the people who cause them: `facts` (applicant and system), `commands` (staff),
`timers` (nobody). They all come in through `transition`. A case carries no personal data.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from onboarding.domain.documents import Document
from onboarding.domain.messages import Actor
from onboarding.domain.notices import Notice, NoticeKind
from onboarding.domain.policy import Policy
from onboarding.domain.status import (
    APPLICANT_OWES,
    EDGES,
    OPEN,
    CaseStatus,
    DocumentType,
    EventKind,
    Outcome,
    Role,
    Slot,
)

HISTORY_CARRIED = 120
"""Events that a recorded case carries for its ribbon and its explanation; the audit rows hold them all."""
RECEIPTS_CARRIED = 60
CLAIMS = frozenset(
    {
        EventKind.CLAIMED,
        EventKind.CLAIM_RENEWED,
        EventKind.ASSIGNED,
        EventKind.RELEASED,
        EventKind.LEASE_ENDED,
    }
)


@dataclass(frozen=True, slots=True)
class Stage:
    """The present wait. Its clock starts at `clock_from` and every timer is an offset from there.

    A pause moves `clock_from` forward by its own length, so every remaining time is kept.
    """

    number: int
    clock_from: datetime
    extended_seconds: int = 0
    rungs_passed: int = 0
    reminded_at: datetime | None = None
    """When the last reminder reached the applicant, as far as we know."""
    arrived: tuple[Slot, ...] = ()
    """What has arrived in this wait. Each slot puts the deadline off once, however often it comes."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A reviewer's claim. It ends by itself at `until`, on the case's clock."""

    holder: Actor
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Paused:
    since: datetime
    by: Actor


@dataclass(frozen=True, slots=True)
class Ended:
    """How an open case stopped: from which status, at which moment, by which deadline."""

    at: datetime
    was: CaseStatus
    deadline_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decided about one submission (invariant I3: at most one each)."""

    submission: int
    outcome: Outcome
    by: Actor
    at: datetime
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One audit event: one transition, with who, why, and the e-mails it owes."""

    version: int
    at: datetime
    kind: EventKind
    actor: Actor
    status: CaseStatus
    came_from: CaseStatus | None = None
    reason: str = ""
    cause: str = ""
    """The id of the message that caused it; empty for timers."""
    handed_in_at: datetime | None = None
    """When the applicant handed it in, where that was earlier than `at`."""
    number: int = 0
    """Which reminder, level, attempt, or how many seconds: what the kind counts."""
    subject: str = ""
    """The slot that the event is about."""
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message. `code` is empty when it was applied."""

    message_id: str
    name: str
    at: datetime
    version: int
    code: str = ""
    account: str = ""
    """Who was faster, where somebody was."""
    moment: datetime | None = None
    """When that was, or until when it holds."""


@dataclass(frozen=True, slots=True)
class Case:
    case_id: str
    applicant: str
    policy: Policy
    version: int
    status: CaseStatus
    born_at: datetime
    changed_at: datetime
    stage: Stage
    document_type: DocumentType | None = None
    documents: tuple[Document, ...] = ()
    submission: int = 0
    resubmissions: int = 0
    checked: bool = True
    """False when the checks of the present submission could not run."""
    flags: tuple[str, ...] = ()
    review_stage: Stage | None = None
    """The review clock, kept while the applicant owes something."""
    review_left_at: datetime | None = None
    escalation_level: int = 0
    lease: Lease | None = None
    paused: Paused | None = None
    ended: Ended | None = None
    decisions: tuple[Decision, ...] = ()
    history: tuple[Event, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    seen: tuple[str, ...] = ()
    """The ids of all messages ever applied or refused; carried through continue-as-new."""

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def applicant_owes(self) -> bool:
        return self.status in APPLICANT_OWES

    def clock(self, at: datetime) -> datetime:
        """The case's own clock: it stands still while the case is paused."""
        return self.paused.since if self.paused else at


def birth(case_id: str, applicant: str, policy: Policy, at: datetime) -> Case:
    """A case as it is the moment somebody has signed up.

    Args:
        case_id: the UUID of the case row, as text.
        applicant: the id of the applicant's account, so that nobody decides their own case.
        policy: snapshotted here; later changes of the setting do not move this case.
        at: when the sign-up was committed.
    """
    case = Case(
        case_id=case_id,
        applicant=applicant,
        policy=policy,
        version=0,
        status=CaseStatus.EMAIL_PENDING,
        born_at=at,
        changed_at=at,
        stage=Stage(number=1, clock_from=at),
    )
    return moved(case, at, EventKind.SIGNED_UP, Actor(Role.APPLICANT, applicant))


def moved(
    case: Case,
    at: datetime,
    kind: EventKind,
    actor: Actor,
    *,
    to: CaseStatus | None = None,
    stage: Stage | None = None,
    reason: str = "",
    cause: str = "",
    handed_in_at: datetime | None = None,
    number: int = 0,
    subject: str = "",
    notices: tuple[NoticeKind, ...] = (),
    notice_to: str = "",
) -> Case:
    """The case after one more event: the only place where version, status and history change.

    Args:
        to: the new status, or None to stay; an edge that is not in `EDGES` is a programming error.
        stage: the clock of the new status, where it is not a fresh one.
        notices: e-mails that this event owes; those of kind "escalation" go to the seniors, the others to
            `notice_to` (empty: the applicant).
    """
    version = case.version + 1
    status = to or case.status
    if to and (case.status, to) not in EDGES:
        raise AssertionError(f"no edge from {case.status} to {to}")
    event = Event(
        version=version,
        at=at,
        kind=kind,
        actor=actor,
        status=status,
        came_from=case.status if to else None,
        reason=reason,
        cause=cause,
        handed_in_at=handed_in_at if handed_in_at and handed_in_at < at else None,
        number=number,
        subject=subject,
        notices=tuple(
            Notice(
                kind=notice,
                key=f"{version}-{notice}",
                account="seniors" if notice is NoticeKind.ESCALATION else notice_to,
                stage=case.stage.number,
                rung=number,
            )
            for notice in notices
        ),
    )
    if to:
        case = _entered(case, to, stage, at)
    return replace(
        case,
        version=version,
        status=status,
        changed_at=at,
        history=(*case.history, event),
    )


def trimmed(case: Case) -> Case:
    """The case without the oldest part of a long history.

    Call it only when every event is recorded: what is forgotten here would never be audited nor mailed. Of
    the older half, claims go first and changes of status last, because the explanation needs those.
    """
    surplus = len(case.history) - HISTORY_CARRIED
    if surplus <= 0:
        return case
    older = case.history[: surplus + HISTORY_CARRIED // 2]
    forgotten = sorted(older, key=_worth)[:surplus]
    gone = {event.version for event in forgotten}
    return replace(case, history=tuple(event for event in case.history if event.version not in gone))


def _worth(event: Event) -> tuple[bool, bool]:
    return event.came_from is not None or event.version == 1, event.kind not in CLAIMS


def _entered(case: Case, to: CaseStatus, stage: Stage | None, at: datetime) -> Case:
    """Starts the clock of a new status; stops and continues the review clock."""
    now = case.clock(at)
    number = case.stage.number + 1
    if case.status is CaseStatus.IN_REVIEW:
        case = replace(case, review_stage=case.stage, review_left_at=now, lease=None)
    if to is CaseStatus.IN_REVIEW and case.review_stage and case.review_left_at:
        stage = shifted(case.review_stage, now - case.review_left_at)
    stage = replace(stage, number=number) if stage else Stage(number=number, clock_from=now)
    if to not in OPEN:
        case = replace(case, paused=None)
        stage = replace(stage, clock_from=at)
    return replace(case, stage=stage)


def shifted(stage: Stage, by: timedelta) -> Stage:
    """The same wait, later: everything that remained still remains."""
    return replace(
        stage,
        clock_from=stage.clock_from + by,
        reminded_at=stage.reminded_at + by if stage.reminded_at else None,
    )
