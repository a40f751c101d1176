"""One drawn case for each e-mail: where somebody stands who gets it. Nothing of it is ever saved."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from onboarding import clock
from onboarding.demo import people
from onboarding.domain.case import Case as CaseState
from onboarding.domain.case import birth
from onboarding.domain.messages import (
    Actor,
    ChecksFinished,
    Decide,
    EmailVerified,
    IdUploaded,
    ItemReasons,
    Message,
    ProfileCompleted,
    Retake,
    Submitted,
    Withdrawn,
)
from onboarding.domain.notices import NoticeKind
from onboarding.domain.policy import Policy
from onboarding.domain.status import DocumentType, Outcome, Role, Slot
from onboarding.domain.timers import future, ring
from onboarding.domain.transition import hear
from onboarding.models.cases import Case
from onboarding.models.people import User

APPLICANT, REVIEWER = Actor(Role.APPLICANT, "1"), Actor(Role.REVIEWER, "2")
REFERENCE = "7KQ4-M2XD"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Specimen:
    """A case that is told what happened, as any other. Its past ends now."""

    def __init__(self, age: timedelta) -> None:
        self._at = clock.now() - age
        self._said = 0
        self.state: CaseState = birth(str(uuid.UUID(int=0)), APPLICANT.account, Policy(), self._at)

    def hear(self, kind: Callable[..., Message], after: timedelta = HOUR, **named: object) -> Specimen:
        """The case after this message, so long after the one before."""
        self._at += after
        self._said += 1
        who_or_when: dict[str, object] = {"occurred_at": self._at}
        if kind is Decide:
            who_or_when = {"actor": REVIEWER}
        self.state = hear(
            self.state, kind(message_id=f"specimen-{self._said}", **named, **who_or_when), self._at
        )
        return self

    def wait(self, until: datetime) -> Specimen:
        """Lets every timer ring that was set for a moment up to this one."""
        while (ahead := future(self.state, self._at)) and ahead[0].at <= until:
            before, self._at = self.state, ahead[0].at
            self.state = ring(self.state, self._at)
            if self.state is before:
                break
        return self


def unconfirmed() -> Specimen:
    return Specimen(DAY).wait(clock.now())


def collecting() -> Specimen:
    case = Specimen(2 * DAY).hear(EmailVerified).hear(ProfileCompleted, document_type=DocumentType.ID_CARD)
    return case.hear(IdUploaded, document_id="front", slot=Slot.ID_FRONT, sha256="0" * 64)


def submitted() -> Specimen:
    case = collecting().hear(IdUploaded, document_id="back", slot=Slot.ID_BACK, sha256="1" * 64)
    return case.hear(Submitted)


def retake() -> Specimen:
    return submitted().hear(
        ChecksFinished, submission=1, retakes=(Retake(slot=Slot.ID_BACK, reason="blurred"),)
    )


def in_review() -> Specimen:
    return submitted().hear(ChecksFinished, submission=1)


def late() -> Specimen:
    return in_review().wait(clock.now())


def asked_again() -> Specimen:
    items = (ItemReasons(slot=Slot.ID_BACK, reasons=("blurred", "glare")),)
    return in_review().hear(Decide, submission=1, outcome=Outcome.ASK_AGAIN, items=items)


def approved() -> Specimen:
    return in_review().hear(Decide, submission=1, outcome=Outcome.APPROVE)


def refused() -> Specimen:
    return in_review().hear(Decide, submission=1, outcome=Outcome.REFUSE, reasons=("data_mismatch",))


def expired() -> Specimen:
    case = Specimen(15 * DAY + 2 * HOUR).hear(EmailVerified)
    return case.hear(ProfileCompleted, document_type=DocumentType.PASSPORT).wait(clock.now())


def withdrawn() -> Specimen:
    return collecting().hear(Withdrawn)


STANDS: dict[NoticeKind, Callable[[], Specimen]] = {
    NoticeKind.CONFIRM_REMINDER: unconfirmed,
    NoticeKind.COLLECTION_REMINDER: collecting,
    NoticeKind.RESUBMISSION_REMINDER: asked_again,
    NoticeKind.RETAKE: retake,
    NoticeKind.SUBMITTED: submitted,
    NoticeKind.REVIEW_LATE: late,
    NoticeKind.ESCALATION: late,
    NoticeKind.RESUBMISSION_REQUESTED: asked_again,
    NoticeKind.APPROVED: approved,
    NoticeKind.REJECTED: refused,
    NoticeKind.EXPIRED: expired,
    NoticeKind.WITHDRAWN: withdrawn,
    NoticeKind.REOPENED: collecting,
    NoticeKind.EXTENDED: collecting,
    NoticeKind.PAUSE_ENDED: collecting,
    NoticeKind.FOLLOW_UP: approved,
}
"""Where a case stands whose applicant, or whose seniors, get this e-mail."""


def drawn() -> tuple[Case, User]:
    """The row and its applicant that all specimens share. Neither is in the database."""
    user = User(
        email=people.address("specimen"), first_name="Ana", last_name="García", time_zone="Europe/Madrid"
    )
    return Case(pk=uuid.UUID(int=0), applicant=user, reference=REFERENCE), user


def specimens() -> Iterator[tuple[NoticeKind, CaseState]]:
    """Every kind of e-mail with the case it is about, in the order in which people meet them."""
    for kind in NoticeKind:
        yield kind, STANDS[kind]().state
