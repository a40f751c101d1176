"""Sentences: what state a case is in, who must act and by when, and why it came to this.

A sentence is English text with named gaps, marked for the catalogue, so that an edge can translate it and
fill in moments in the reader's own time zone. The domain formats nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from onboarding.domain.case import Case, Event
from onboarding.domain.deadlines import closes_at, next_wakeup, reopenable_until
from onboarding.domain.documents import owed
from onboarding.domain.policy import HOUR
from onboarding.domain.reasons import SLOT_NAMES
from onboarding.domain.status import CaseStatus, DocumentState, EventKind
from onboarding.domain.texts import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` has gaps like {by}; `moments`, `numbers` and `names` (translatable phrases) fill them."""

    text: str
    moments: dict[str, datetime] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)


def status_sentence(case: Case) -> Sentence:
    """Who must act, what, and by when."""
    if case.paused:
        wakeup = next_wakeup(case)
        assert wakeup is not None
        return Sentence(
            _("The application is paused since {since}. It goes on by itself at {until}."),
            moments={"since": case.paused.since, "until": wakeup.at},
        )
    if case.applicant_owes:
        return _your_turn(case)
    if case.ended:
        return _stopped(case)
    if case.status is CaseStatus.IN_REVIEW:
        return _in_review(case)
    return Sentence(
        {
            CaseStatus.CHECKING: _("We are checking your pictures. You don't need to do anything."),
            CaseStatus.APPROVED: _("You are approved. Your account is active."),
            CaseStatus.REJECTED: _("We could not accept your application."),
        }[case.status]
    )


def _your_turn(case: Case) -> Sentence:
    end = closes_at(case)
    assert end is not None
    by = {"by": end}
    again = case.status is CaseStatus.RESUBMISSION_REQUESTED
    items = tuple(SLOT_NAMES[document.slot] for document in owed(case.documents))
    if case.status is CaseStatus.EMAIL_PENDING:
        return Sentence(_("It's your turn: confirm your e-mail address by {by}."), by)
    if case.document_type is None:
        return Sentence(_("It's your turn: tell us your details by {by}."), by)
    if not items:
        if again:
            return Sentence(_("Everything is here again. It's your turn: submit it by {by}."), by)
        return Sentence(_("Everything is here. It's your turn: submit it by {by}."), by)
    if again:
        return Sentence(_("It's your turn: send {items} again by {by}."), by, names={"items": items})
    if any(document.state is DocumentState.RETAKE_NEEDED for document in case.documents):
        return Sentence(_("It's your turn: take {items} again by {by}."), by, names={"items": items})
    return Sentence(_("It's your turn: add {items} by {by}."), by, names={"items": items})


def _in_review(case: Case) -> Sentence:
    late = _last(case, EventKind.ESCALATED)
    if late is None:
        return Sentence(_("We are looking at it. You don't need to do anything."))
    return Sentence(
        _(
            "This takes longer than the {hours} hours we promised. "
            "A senior reviewer was told at {at}. You don't need to do anything."
        ),
        moments={"at": late.at},
        numbers={"hours": case.policy.review_sla_seconds // HOUR},
    )


def _stopped(case: Case) -> Sentence:
    expired = case.status is CaseStatus.EXPIRED
    until = reopenable_until(case)
    if until is None:
        return Sentence(
            _("The application was closed because the deadline passed.")
            if expired
            else _("The application was withdrawn.")
        )
    return Sentence(
        _("The application was closed because the deadline passed. It can be reopened until {until}.")
        if expired
        else _("The application was withdrawn. It can be reopened until {until}."),
        moments={"until": until},
    )


def why(case: Case) -> tuple[Sentence, ...]:
    """The chain of causes behind the present status, most important first."""
    causes: list[Sentence] = []
    entered = _entered(case)
    if entered:
        causes.append(_cause(case, entered))
    since = [event for event in case.history if event.at >= _previous_entry(case)]
    delivered = _count(since, EventKind.REMINDER_DELIVERED)
    if delivered and (case.applicant_owes or case.status is CaseStatus.EXPIRED):
        causes.append(Sentence(_("Reminders delivered: {count}."), numbers={"count": delivered}))
    for kind, text in (
        (EventKind.EXTENDED, _("The deadline was extended {count} time(s), last at {at}.")),
        (EventKind.PAUSED, _("The application was paused {count} time(s), last at {at}.")),
        (EventKind.REOPENED, _("The application was reopened {count} time(s), last at {at}.")),
    ):
        count, last = _count(case.history, kind), _last(case, kind)
        if count and last and last is not entered:
            causes.append(Sentence(text, moments={"at": last.at}, numbers={"count": count}))
    return tuple(causes)


def _cause(case: Case, event: Event) -> Sentence:
    at = {"at": event.at}
    match event.kind:
        case EventKind.EXPIRED:
            if case.ended and case.ended.was is CaseStatus.EMAIL_PENDING:
                return Sentence(_("Closed at {at}: the e-mail address was not confirmed in time."), at)
            missing = tuple(SLOT_NAMES[document.slot] for document in owed(case.documents))
            if missing:
                return Sentence(
                    _("Closed at {at}: {items} did not arrive in time."), at, {}, {"items": missing}
                )
            return Sentence(_("Closed at {at}: the application was not submitted in time."), at)
        case EventKind.REOPENED if event.handed_in_at:
            return Sentence(
                _(
                    "Reopened at {at}: something handed in at {handed_in}, before the deadline, "
                    "reached us late."
                ),
                {"at": event.at, "handed_in": event.handed_in_at},
            )
        case _:
            return Sentence(CAUSES[event.kind], at)


CAUSES = {
    EventKind.SIGNED_UP: _("Signed up at {at}."),
    EventKind.EMAIL_CONFIRMED: _("The e-mail address was confirmed at {at}."),
    EventKind.SUBMITTED: _("Everything was submitted at {at}."),
    EventKind.CHECKS_PASSED: _("The automated checks were finished at {at}."),
    EventKind.CHECKS_MISSED: _("The automated checks could not run, so people look at it since {at}."),
    EventKind.RETAKE_REQUESTED: _("At {at} the automated checks found a picture that cannot be used."),
    EventKind.APPROVED: _("A reviewer approved it at {at}."),
    EventKind.REJECTED: _("A reviewer refused it at {at}."),
    EventKind.RESUBMISSION_REQUESTED: _("At {at} a reviewer asked for something again."),
    EventKind.WITHDRAWN: _("Withdrawn at {at}."),
    EventKind.REOPENED: _("Reopened at {at}."),
}
"""Only events that change the status stand here; expiry and late facts have sentences of their own."""


def _entered(case: Case) -> Event | None:
    """The event by which the case came into its present status."""
    return next((e for e in reversed(case.history) if e.came_from or e.kind is EventKind.SIGNED_UP), None)


def _previous_entry(case: Case) -> datetime:
    """When the wait began that led here: for an expired case that of the status which ended."""
    entries = [event for event in case.history if event.came_from or event.kind is EventKind.SIGNED_UP]
    if case.status is CaseStatus.EXPIRED and len(entries) > 1:
        return entries[-2].at
    return entries[-1].at if entries else case.born_at


def _count(events: Iterable[Event], kind: EventKind) -> int:
    return sum(event.kind is kind for event in events)


def _last(case: Case, kind: EventKind) -> Event | None:
    return next((event for event in reversed(case.history) if event.kind is kind), None)
