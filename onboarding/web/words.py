"""Plain words for applicants: what we need, what happened, what happens next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding.domain.case import Case as CaseState
from onboarding.domain.case import Event
from onboarding.domain.deadlines import Wakeup, WakeupKind, reopenable_until
from onboarding.domain.documents import required
from onboarding.domain.explain import why
from onboarding.domain.policy import HOUR, Policy
from onboarding.domain.reasons import SLOT_NAMES
from onboarding.domain.status import REOPENABLE, Action, CaseStatus, DocumentType, EventKind, Slot
from onboarding.sentences import spoken, spoken_moment

TYPE_NAMES = {
    DocumentType.PASSPORT: _("Passport"),
    DocumentType.ID_CARD: _("ID card"),
}
TITLES = {
    Slot.PASSPORT: _("Photo page of your passport"),
    Slot.ID_FRONT: _("Front of your ID card"),
    Slot.ID_BACK: _("Back of your ID card"),
    Slot.SELFIE: _("Picture of yourself"),
    Slot.PROOF_OF_ADDRESS: _("Proof of your address"),
}
"""Headings; `SLOT_NAMES` completes sentences."""

RULES = {
    Slot.PASSPORT: _("The whole page with your photo and the two lines of small letters at the bottom."),
    Slot.ID_FRONT: _("The side with your photo, all four corners visible."),
    Slot.ID_BACK: _("The other side, all four corners visible."),
    Slot.SELFIE: _("Your face from the front, in daylight, without sunglasses or a hat."),
    Slot.PROOF_OF_ADDRESS: _("A bill or an official letter of the last three months with name and address."),
}

HAPPENED = {
    EventKind.SIGNED_UP: _("You signed up."),
    EventKind.EMAIL_CONFIRMED: _("You confirmed your e-mail address."),
    EventKind.PROFILE_COMPLETED: _("You gave your details."),
    EventKind.DOCUMENT_UPLOADED: _("You added {item}."),
    EventKind.SUBMITTED: _("You submitted everything."),
    EventKind.CHECKS_PASSED: _("The automated checks of your pictures were finished."),
    EventKind.CHECKS_MISSED: _("The automated checks could not run, so people look at it without them."),
    EventKind.RETAKE_REQUESTED: _("A picture could not be used; we asked you to take it again."),
    EventKind.APPROVED: _("You were approved."),
    EventKind.REJECTED: _("We could not accept your application."),
    EventKind.RESUBMISSION_REQUESTED: _("A reviewer asked you for something again."),
    EventKind.REMINDED: _("We reminded you by e-mail."),
    EventKind.ESCALATED: _("It took longer than promised, so a senior reviewer was told."),
    EventKind.EXTENDED: _("Your deadline was extended."),
    EventKind.PAUSED: _("Your application was paused."),
    EventKind.RESUMED: _("Your application goes on."),
    EventKind.PAUSE_ENDED: _("The pause ended and your application goes on."),
    EventKind.EXPIRED: _("The deadline passed and your application was closed."),
    EventKind.REOPENED: _("Your application was reopened."),
    EventKind.WITHDRAWN: _("Your application was withdrawn."),
    EventKind.REOPENING_ENDED: _("Since then it can't be reopened any more."),
}
"""What staff do among themselves (claims, deliveries, policies) is not the applicant's business."""

NEXT = {
    WakeupKind.EXPIRY: _("Your application closes."),
    WakeupKind.CHECKS_MISSED: _("If the automated checks aren't finished by then, people go on without."),
    WakeupKind.ESCALATION: _("If there is no decision by then, a senior reviewer is told."),
    WakeupKind.PAUSE_END: _("The pause ends and your application goes on."),
    WakeupKind.FOLLOW_UP: _("We write to ask whether everything works."),
    WakeupKind.REOPENING_END: _("Until then your application can be reopened."),
}

SHORT_SLOTS = {
    Slot.PASSPORT: _("passport"),
    Slot.ID_FRONT: _("front"),
    Slot.ID_BACK: _("back"),
    Slot.SELFIE: _("your picture"),
    Slot.PROOF_OF_ADDRESS: _("address"),
}
SHORT_PAST = {
    EventKind.SIGNED_UP: _("signed up"),
    EventKind.EMAIL_CONFIRMED: _("e-mail confirmed"),
    EventKind.PROFILE_COMPLETED: _("details given"),
    EventKind.DOCUMENT_UPLOADED: _("{item} added"),
    EventKind.SUBMITTED: _("submitted"),
    EventKind.CHECKS_PASSED: _("checked"),
    EventKind.RETAKE_REQUESTED: _("picture needed again"),
    EventKind.APPROVED: _("approved"),
    EventKind.REJECTED: _("not accepted"),
    EventKind.RESUBMISSION_REQUESTED: _("asked again"),
    EventKind.REMINDED: _("reminder {number}"),
    EventKind.ESCALATED: _("late: senior told"),
    EventKind.EXTENDED: _("deadline extended"),
    EventKind.PAUSED: _("paused"),
    EventKind.RESUMED: _("went on"),
    EventKind.PAUSE_ENDED: _("went on"),
    EventKind.EXPIRED: _("closed"),
    EventKind.REOPENED: _("reopened"),
    EventKind.WITHDRAWN: _("withdrawn"),
    EventKind.REOPENING_ENDED: _("closed for good"),
}
SHORT_NEXT = {
    WakeupKind.REMINDER: _("reminder {number}"),
    WakeupKind.EXPIRY: _("closes"),
    WakeupKind.CHECKS_MISSED: _("people take over"),
    WakeupKind.PAUSE_END: _("pause ends"),
    WakeupKind.FOLLOW_UP: _("we ask how it went"),
    WakeupKind.REOPENING_END: _("closed for good"),
}
"""Labels of the ribbon: a few words each."""

ACTION_WORDS = {
    Action.CONFIRM_EMAIL: _("Go on with your confirmed address"),
    Action.COMPLETE_PROFILE: _("Give your details"),
    Action.SUBMIT: _("Submit for review"),
    Action.REOPEN: _("Reopen my application"),
}


def what_we_need(policy: Policy) -> dict[str, Any]:
    """What the landing and sign-up pages promise beforehand, from the policy that will hold."""
    return {
        "document_choices": [
            (TYPE_NAMES[kind], [gettext(SLOT_NAMES[slot]) for slot in required(kind, policy)])
            for kind in DocumentType
        ],
        "review_hours": policy.review_sla_seconds // HOUR,
    }


def happened(event: Event) -> str:
    """One line of the history, or an empty text for what the applicant need not know."""
    words = HAPPENED.get(event.kind)
    if words is None:
        return ""
    item = gettext(SLOT_NAMES[Slot(event.subject)]) if event.subject in SLOT_NAMES else ""
    return str(words).format(item=item)


def next_words(wakeup: Wakeup) -> str:
    """One line of what will happen if nobody acts, or an empty text."""
    if wakeup.kind is WakeupKind.REMINDER:
        return gettext("We remind you by e-mail ({number} of {of}).").format(
            number=wakeup.number, of=wakeup.of
        )
    if wakeup.kind is WakeupKind.ESCALATION and wakeup.number > 1:
        return gettext("If there is still no decision by then, a senior reviewer is told again.")
    return str(NEXT.get(wakeup.kind, ""))


def short_past(event: Event) -> str:
    """A label for the ribbon, or an empty text."""
    item = SHORT_SLOTS[Slot(event.subject)] if event.subject in SHORT_SLOTS else ""
    return str(SHORT_PAST.get(event.kind, "")).format(item=item, number=event.number)


def short_next(wakeup: Wakeup, *, is_open: bool) -> str:
    """A label for the ribbon, or an empty text: of an open case, the ribbon ends where the case would."""
    if is_open and wakeup.kind is WakeupKind.REOPENING_END:
        return ""
    if wakeup.kind is WakeupKind.ESCALATION:
        return gettext("decision promised") if wakeup.number == 1 else gettext("senior told again")
    return str(SHORT_NEXT.get(wakeup.kind, "")).format(number=wakeup.number)


def meaning(case: CaseState, now: datetime) -> list[str]:
    """What an end means: why it came, what stays, and who can change it until when."""
    until = reopenable_until(case)
    lines: list[str] = []
    if case.status is CaseStatus.EXPIRED:
        lines += [spoken(cause, now) for cause in why(case)[:1]]
        lines.append(gettext("Nobody looks at it any more. What you have sent is kept as it is."))
    elif case.status is CaseStatus.WITHDRAWN:
        lines.append(gettext("Nobody looks at it any more, and we don't remind you of anything."))
    elif case.status is CaseStatus.REJECTED:
        lines.append(
            gettext("A person has looked at everything and decided this. It cannot be reopened from here.")
        )
    if until:
        lines.append(
            gettext(
                "You can reopen it with the button above until {moment}, or ask our support to do it. "
                "It then goes on where it stopped."
            ).format(moment=spoken_moment(until, now))
        )
    elif case.status in REOPENABLE:
        lines.append(gettext("The time for reopening it is over. Write to us if you still want an account."))
    return lines
