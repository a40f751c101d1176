"""What happened to a case, newest first: audit rows, mail rows, and the messages that it did not take."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, gettext_noop

from onboarding.desk import words
from onboarding.desk.masking import masked_email
from onboarding.domain.case import Case as CaseState
from onboarding.domain.reasons import Reason
from onboarding.domain.refusals import SENTENCES, RefusalCode
from onboarding.domain.status import EventKind, Role
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.sentences import reason_texts

ALL, MAIL = "all", "mail"
FILTERS = {
    ALL: gettext_noop("Everything"),
    "applicant": gettext_noop("Applicant"),
    "staff": gettext_noop("Staff"),
    "timer": gettext_noop("Timers"),
    MAIL: gettext_noop("E-mails"),
}
BY_ROLE = {Role.APPLICANT.value: "applicant", Role.TIMER.value: "timer", Role.SYSTEM.value: "timer"}
WORTH_SAYING = timedelta(minutes=1)
"""A message that took longer than this to arrive is shown with both moments."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `kind` is one of `FILTERS`; `handed_in` is set where a message took long to arrive."""

    at: datetime
    moment: words.Moment
    kind: str
    what: str
    who: str
    reason: str = ""
    handed_in: words.Moment | None = None


def entries(
    events: Iterable[AuditEvent], emails: Iterable[Email], names: words.Names, now: datetime, chosen: str
) -> list[Entry]:
    """The lines of one filter; unknown filters show everything. Reasons keep the words they had then."""
    found = list(events)
    cited = {each.pk: words.citations(each.kind, each.reason) for each in found}
    known = reason_texts(code for codes in cited.values() for code in codes)
    lines = [
        *(_event(each, cited[each.pk], known, names, now) for each in found),
        *(_email(each, now) for each in emails),
    ]
    wanted = [each for each in lines if chosen not in FILTERS or chosen in (ALL, each.kind)]
    return sorted(wanted, key=lambda each: each.at, reverse=True)


def _event(
    event: AuditEvent, cited: Iterable[str], known: Mapping[str, Reason], names: words.Names, now: datetime
) -> Entry:
    about = names.of(event.subject) if event.kind == EventKind.ASSIGNED else ""
    spoken = [known[code].text for code in cited if code in known]
    late = event.handed_in_at and event.at - event.handed_in_at > WORTH_SAYING
    return Entry(
        at=event.at,
        moment=words.Moment.of(event.at, now),
        kind=BY_ROLE.get(event.actor_role, "staff"),
        what=words.event(event.kind, event.number, event.subject, about),
        who=names.of(event.actor_account, event.actor_role),
        reason="; ".join(spoken) or words.typed(event.reason),
        handed_in=words.Moment.of(event.handed_in_at, now) if late and event.handed_in_at else None,
    )


def _email(email: Email, now: datetime) -> Entry:
    at = email.sent_at or email.parked_at or email.dropped_at or email.owed_at
    text = gettext("E-mail “{kind}”: {state}").format(kind=words.plain(email.kind), state=state_words(email))
    return Entry(at=at, moment=words.Moment.of(at, now), kind=MAIL, what=text, who=gettext("mail"))


def state_words(email: Email) -> str:
    """What became of an e-mail, for people who are asked where it is."""
    match email.state:
        case "sent":
            return gettext("the mail server took it over")
        case "dropped":
            return gettext("not sent, because it was out of date by then")
        case "parked":
            return gettext("could not be sent; it needs a person")
    if email.attempts:
        return gettext("waiting; tried {n} times so far").format(n=email.attempts)
    return gettext("waiting to be sent")


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail of the case: its address masked, what became of it, and when."""

    id: uuid.UUID
    what: str
    to: str
    readable: bool
    state: str
    at: words.Moment | None
    became: str
    trouble: str


def emails_of(row: Case) -> list[Email]:
    """Every e-mail that the case owed, the newest first."""
    return list(Email.objects.filter(case=row).select_related("recipient").order_by("-owed_at"))


def letters(emails: Iterable[Email], now: datetime) -> list[Letter]:
    return [_letter(each, now) for each in emails]


def _letter(email: Email, now: datetime) -> Letter:
    at = email.sent_at or email.parked_at
    return Letter(
        id=email.pk,
        what=words.plain(email.kind),
        to=masked_email(email.recipient.email) if email.recipient else "-",
        readable=email.recipient is not None,
        state=email.state,
        became=state_words(email),
        at=words.Moment.of(at, now) if at else None,
        trouble=email.last_error,
    )


def refused(case: CaseState, now: datetime) -> list[tuple[words.Moment, str, str, str]]:
    """The messages that the case did not take: when, which, the code, and its sentence."""
    return [
        (words.Moment.of(each.at, now), each.name, each.code, _sentence(each.code))
        for each in reversed(case.receipts)
        if each.code
    ]


def _sentence(code: str) -> str:
    return gettext(SENTENCES[RefusalCode(code)]) if code in set(RefusalCode) else ""
