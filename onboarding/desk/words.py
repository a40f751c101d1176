"""Plain words for what the desk shows: moments, durations, events, people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from onboarding.desk.codes import english
from onboarding.domain.case import Event
from onboarding.domain.deadlines import Wakeup, WakeupKind
from onboarding.domain.status import REASONED, EventKind, Role
from onboarding.domain.transition import LATE_FACT
from onboarding.models.people import User
from onboarding.sentences import relative, spoken_moment


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment for people and, in ISO 8601, for machines."""

    text: str
    iso: str

    @classmethod
    def of(cls, at: datetime, now: datetime) -> Moment:
        return cls(spoken_moment(at, now), at.isoformat())

    @classmethod
    def near(cls, at: datetime, now: datetime) -> Moment:
        """Only how far away it is."""
        return cls(relative(at, now), at.isoformat())


def duration(length: timedelta) -> str:
    """Two units at most: "2 h 05 m", "3 d 4 h", "12 m"."""
    minutes = int(abs(length).total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return gettext("{d} d {h} h").format(d=days, h=hours)
    if hours:
        return gettext("{h} h {m} m").format(h=hours, m=f"{minutes % 60:02}")
    return gettext("{m} m").format(m=minutes)


def plain(code: str) -> str:
    """A code of ours as words: "resubmission_requested" becomes "resubmission requested" (`codes.CODES`)."""
    return gettext(english(code)) if code else ""


WAKEUPS = {
    WakeupKind.REMINDER: _("Reminder {number} of {of}"),
    WakeupKind.EXPIRY: _("Closes"),
    WakeupKind.CHECKS_MISSED: _("Goes to review unchecked"),
    WakeupKind.REVIEW_DUE_SOON: _("Review due soon"),
    WakeupKind.ESCALATION: _("Review overdue, level {number} of {of}: seniors are told"),
    WakeupKind.LEASE_END: _("The claim runs out"),
    WakeupKind.PAUSE_END: _("The pause ends by itself"),
    WakeupKind.FOLLOW_UP: _("Asks the applicant how it went"),
    WakeupKind.REOPENING_END: _("Can't be reopened any more"),
}


def wakeup(planned: Wakeup) -> str:
    """What will happen by itself at a planned moment."""
    return gettext(WAKEUPS[planned.kind]).format(number=planned.number, of=planned.of)


EVENTS = {
    EventKind.SIGNED_UP: _("Signed up"),
    EventKind.EMAIL_CONFIRMED: _("Confirmed the e-mail address"),
    EventKind.PROFILE_COMPLETED: _("Filled in the details"),
    EventKind.DOCUMENT_UPLOADED: _("Uploaded {subject}"),
    EventKind.SUBMITTED: _("Submitted everything"),
    EventKind.CHECKS_PASSED: _("Automated checks finished"),
    EventKind.CHECKS_MISSED: _("Automated checks could not run"),
    EventKind.RETAKE_REQUESTED: _("Automated checks asked for another picture"),
    EventKind.CLAIMED: _("Claimed"),
    EventKind.CLAIM_RENEWED: _("Renewed the claim"),
    EventKind.ASSIGNED: _("Assigned to {name}"),
    EventKind.RELEASED: _("Gave it back to the queue"),
    EventKind.LEASE_ENDED: _("The claim ran out"),
    EventKind.APPROVED: _("Approved submission {number}"),
    EventKind.REJECTED: _("Refused submission {number}"),
    EventKind.RESUBMISSION_REQUESTED: _("Asked again for {subject}"),
    EventKind.REMINDED: _("Reminder {number}"),
    EventKind.REMINDER_DELIVERED: _("A reminder was delivered"),
    EventKind.REVIEW_DUE_SOON: _("The review is due soon"),
    EventKind.ESCALATED: _("Review overdue, level {number}"),
    EventKind.EXTENDED: _("Extended the deadline by {length}"),
    EventKind.PAUSED: _("Paused"),
    EventKind.RESUMED: _("Resumed after {length}"),
    EventKind.PAUSE_ENDED: _("The pause ended by itself after {length}"),
    EventKind.EXPIRED: _("Closed: the deadline passed"),
    EventKind.REOPENED: _("Reopened"),
    EventKind.WITHDRAWN: _("Withdrawn"),
    EventKind.FOLLOWED_UP: _("Asked how it went"),
    EventKind.NOTICE_RESENT: _("Sent the e-mail again"),
    EventKind.POLICY_APPLIED: _("Applied another policy"),
    EventKind.REOPENING_ENDED: _("Can't be reopened any more"),
}


def event(kind: str, number: int, subject: str, name: str = "") -> str:
    """What happened, in words. A kind that this release doesn't know is shown as it is.

    Args:
        name: of the account that the event is about, where its subject is one.
    """
    text = EVENTS.get(EventKind(kind)) if kind in set(EventKind) else None
    if text is None:
        return plain(kind)
    slots = ", ".join(plain(slot) for slot in subject.split(", "))
    return gettext(text).format(
        number=number,
        subject=slots,
        length=duration(timedelta(seconds=number)),
        name=name or gettext("a colleague"),
    )


UNDRAWN = frozenset({EventKind.CLAIM_RENEWED, EventKind.REMINDER_DELIVERED, EventKind.NOTICE_RESENT})
"""What a picture of the whole course leaves to the table below it."""


def drawn(happened: Event) -> str:
    """A label of the ribbon, or an empty text."""
    return "" if happened.kind in UNDRAWN else event(happened.kind, happened.number, happened.subject)


def typed(reason: str) -> str:
    """The reason of an event as somebody typed it; the one that the rules give, in the reader's language."""
    return gettext(reason) if reason == LATE_FACT else reason


def citations(kind: str, reason: str) -> tuple[str, ...]:
    """The reasons of the catalogue that an event names; none where somebody typed the reason."""
    return tuple(reason.split(", ")) if kind in REASONED and reason else ()


class Names:
    """Who the accounts are; read once for a whole page."""

    def __init__(self, accounts: Iterable[str]) -> None:
        wanted = {int(account) for account in accounts if account.isdecimal()}
        self._people = {str(user.pk): user for user in User.objects.filter(pk__in=wanted)} if wanted else {}

    def of(self, account: str, role: str = "") -> str:
        """The name of an account; of the role where no account acted. Applicants stay "the applicant"."""
        if role == Role.APPLICANT:
            return gettext("the applicant")
        user = self._people.get(account)
        if user is None:
            return gettext("the clock") if role == Role.TIMER else plain(role) or gettext("somebody")
        return person(user)


def person(user: User) -> str:
    """How colleagues call each other."""
    return user.get_full_name() or user.email
