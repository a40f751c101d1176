"""The lives of the demo cases: every status, and everything that can lie over one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from onboarding.demo.walk import Walk
from onboarding.domain.status import CaseStatus, DocumentType, Slot


@dataclass(frozen=True, slots=True)
class Life:
    """One demo case. `what` is told to people who look for something to try."""

    name: str
    what: str
    live: Callable[[Walk], object]


def steps(*each: Callable[[Walk], object]) -> Callable[[Walk], object]:
    def live(walk: Walk) -> None:
        for step in each:
            step(walk)

    return live


def collecting(document_type: DocumentType) -> Callable[[Walk], object]:
    return steps(Walk.confirm, lambda walk: walk.details(document_type))


def after(life: Callable[[Walk], object], *, days: int = 0, hours: int = 0) -> Callable[[Walk], object]:
    return steps(life, lambda walk: walk.later(days=days, hours=hours))


def handed_in_with_stuck_checks(walk: Walk) -> None:
    collecting(DocumentType.PASSPORT)(walk)
    walk.upload(Slot.PASSPORT)
    with walk.stuck_checks():
        walk.submit()
        walk.until(CaseStatus.CHECKING)
        walk.pause("The checks are being repaired")
        walk.later(minutes=11)  # longer than they are tried again


def unchecked(walk: Walk) -> None:
    collecting(DocumentType.PASSPORT)(walk)
    walk.upload(Slot.PASSPORT)
    with walk.stuck_checks():
        walk.submit()
        walk.until(CaseStatus.CHECKING)
        walk.later(minutes=11)
        walk.until(CaseStatus.IN_REVIEW)


def retake(walk: Walk) -> None:
    collecting(DocumentType.PASSPORT)(walk)
    walk.upload_blank(Slot.PASSPORT)
    walk.submit()
    walk.settle()  # or "collecting" would still be the status of before
    walk.until(CaseStatus.COLLECTING)


def asked_again(walk: Walk, reason: str = "blurred", colleague: str = "rita") -> None:
    walk.hand_in(DocumentType.ID_CARD)
    walk.ask_again(Slot.ID_BACK, reason, colleague=colleague)
    walk.until(CaseStatus.RESUBMISSION_REQUESTED)


def second_attempt(colleague: str) -> Callable[[Walk], object]:
    return steps(
        lambda walk: asked_again(walk, colleague=colleague),
        lambda walk: walk.send_again(Slot.ID_BACK),
    )


def attempts_used_up(walk: Walk) -> None:
    walk.hand_in()
    for reason in ("blurred", "glare", "cut_off"):
        walk.ask_again(Slot.PASSPORT, reason)
        walk.send_again(Slot.PASSPORT)


ID_CARD, PASSPORT = collecting(DocumentType.ID_CARD), collecting(DocumentType.PASSPORT)
EXPIRED = after(ID_CARD, days=15)

LIVES = (
    Life("nina", "has just signed up", steps()),
    Life("nora", "has not confirmed the address, reminded once", after(steps(), hours=25)),
    Life("carla", "has confirmed the address", Walk.confirm),
    Life("ana", "has to hand in an ID card", ID_CARD),
    Life("anton", "front of the ID card is there", steps(ID_CARD, lambda w: w.upload(Slot.ID_FRONT))),
    Life(
        "alba",
        "everything is there, not submitted",
        steps(ID_CARD, lambda w: w.upload(Slot.ID_FRONT, Slot.ID_BACK)),
    ),
    Life("bea", "reminded twice", after(PASSPORT, days=4)),
    Life("bruno", "the deadline is near", after(PASSPORT, days=13)),
    Life("clara", "got a week more", steps(after(PASSPORT, days=10), lambda w: w.extend(7, "On holiday"))),
    Life("dario", "has to take the picture again", retake),
    Life("diana", "paused while collecting", steps(PASSPORT, lambda w: w.pause("Waits for a new passport"))),
    Life(
        "elena",
        "paused and resumed",
        steps(
            PASSPORT,
            lambda w: w.pause("Is abroad"),
            lambda w: w.later(days=3),
            lambda w: w.resume("Is back"),
        ),
    ),
    Life(
        "emil", "got the reminder again", steps(ID_CARD, lambda w: w.sent_again_by_support("Lost the mail"))
    ),
    Life("felix", "the checks are stuck, paused", handed_in_with_stuck_checks),
    Life("gala", "waits for a review", Walk.hand_in),
    Life("gema", "waits for a review", lambda w: w.hand_in(DocumentType.ID_CARD)),
    Life("hugo", "waits for a review", Walk.hand_in),
    Life("ines", "pictures of low resolution", lambda w: w.hand_in(width=800)),
    Life("irene", "the checks could not run", unchecked),
    Life("ivan", "claimed by Rita", steps(Walk.hand_in, lambda w: w.claim("rita"))),
    Life("jana", "claimed by Ruben", steps(Walk.hand_in, lambda w: w.claim("ruben"))),
    Life(
        "jon",
        "claimed and given back",
        steps(Walk.hand_in, lambda w: w.claim("rita"), lambda w: w.release("rita")),
    ),
    Life("julia", "review due soon", after(Walk.hand_in, hours=20)),
    Life("karl", "review overdue, seniors told", after(Walk.hand_in, hours=26)),
    Life("kira", "review overdue twice", after(Walk.hand_in, hours=50)),
    Life("laura", "second attempt, back at Rita", second_attempt("rita")),
    Life("leo", "second attempt, back at Sam", second_attempt("sam")),
    Life("lola", "all attempts used up", attempts_used_up),
    Life("marta", "paused in review", steps(Walk.hand_in, lambda w: w.pause("Support is talking to them"))),
    Life("mateo", "has to send the back again", asked_again),
    Life("milo", "has to send the back again, reminded", after(asked_again, days=3)),
    Life("olga", "approved", steps(Walk.hand_in, Walk.approve)),
    Life("oscar", "approved and asked how it went", after(steps(Walk.hand_in, Walk.approve), days=8)),
    Life("paula", "approved at the second attempt", steps(second_attempt("sam"), lambda w: w.approve("sam"))),
    Life("pedro", "refused", steps(Walk.hand_in, lambda w: w.refuse("data_mismatch"))),
    Life(
        "quim", "refused", steps(Walk.hand_in, lambda w: w.refuse("document_not_genuine", colleague="ruben"))
    ),
    Life("rosa", "expired: no ID arrived", EXPIRED),
    Life("raul", "expired: the address was never confirmed", after(steps(), days=8)),
    Life("sara", "expired for good", after(EXPIRED, days=31)),
    Life("simon", "withdrew", steps(PASSPORT, Walk.withdraw)),
    Life(
        "tania",
        "withdrawn by an operator",
        steps(PASSPORT, lambda w: w.withdrawn_by_operator("Asked by letter")),
    ),
    Life("teo", "reopened by support", steps(EXPIRED, lambda w: w.reopened_by_support("Was in hospital"))),
    Life("uma", "withdrew, and reopened it", steps(PASSPORT, Walk.withdraw, Walk.reopen)),
)
