"""What happened to a case, and which e-mails it owed: the rows of the desk's tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from onboarding import clock
from onboarding.desk import words
from onboarding.desk.masking import masked_email
from onboarding.domain.case import Case as CaseState
from onboarding.domain.refusals import SENTENCES, RefusalCode
from onboarding.domain.status import EventKind
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.sentences import reason_texts

WORTH_SAYING = timedelta(minutes=1)
"""A message that took longer than this to arrive is shown with both moments."""


def events(found: list[AuditEvent], names: words.Names, now: datetime) -> list[dict[str, Any]]:
    """Moment, words, who and why of each event. Reasons of the catalogue keep the words they had then."""
    cited = {each.pk: words.citations(each.kind, each.reason) for each in found}
    known = reason_texts(code for codes in cited.values() for code in codes)
    return [_event(each, cited[each.pk], known, names, now) for each in found]


def _event(
    event: AuditEvent, cited: tuple[str, ...], known: dict[str, Any], names: words.Names, now: datetime
) -> dict[str, Any]:
    late = event.handed_in_at and event.at - event.handed_in_at > WORTH_SAYING
    about = names.of(event.subject) if event.kind == EventKind.ASSIGNED else ""
    spoken = [known[code].text for code in cited if code in known]
    return {
        "at": words.Moment.of(event.at, now),
        "what": words.event(event.kind, event.number, event.subject, about),
        "who": names.of(event.actor_account, event.actor_role),
        "reason": "; ".join(spoken) or words.typed(event.reason),
        "handed_in": words.Moment.of(event.handed_in_at, now) if late and event.handed_in_at else None,
    }


def emails(row: Case) -> list[dict[str, Any]]:
    """Every e-mail of the case with its state, the newest first."""
    return [
        {
            "id": email.pk,
            "what": words.plain(email.kind),
            "to": masked_email(email.recipient.email) if email.recipient else "-",
            "state": words.plain(email.state),
            "sent": words.Moment.of(email.sent_at, clock.now()) if email.sent_at else None,
            "trouble": email.last_error,
        }
        for email in Email.objects.filter(case=row).select_related("recipient").order_by("-owed_at")
    ]


def refused(case: CaseState, now: datetime) -> list[tuple[words.Moment, str, str, str]]:
    """The messages that the case did not take: when, which, the code, and its sentence."""
    return [
        (words.Moment.of(each.at, now), each.name, each.code, _sentence(each.code))
        for each in reversed(case.receipts)
        if each.code
    ]


def _sentence(code: str) -> str:
    return gettext(SENTENCES[RefusalCode(code)]) if code in set(RefusalCode) else ""
