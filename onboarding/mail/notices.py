"""The words of owed e-mails, rendered from templates at the moment of sending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from onboarding import clock
from onboarding.domain.case import Case as CaseState
from onboarding.domain.explain import status_sentence
from onboarding.domain.notices import NoticeKind
from onboarding.models.emails import Email
from onboarding.records import queries
from onboarding.sentences import spoken

ACCOUNT = "account"
"""Codes and links: rendered by django-allauth when they are owed."""


@dataclass(frozen=True, slots=True)
class Content:
    subject: str
    text: str
    html: str


def is_over(email: Email) -> bool:
    """True for a reminder of a wait that is over: it would contradict what has happened since."""
    assert email.case is not None
    state = queries.current_state(email.case)
    return state.stage.number != email.stage or not state.applicant_owes


def content(email: Email) -> Content:
    """Subject, plain text and HTML of one e-mail, in the recipient's language and time zone."""
    if email.case is None:
        return Content(email.subject, email.text, email.html)
    return preview(NoticeKind(email.kind), email, queries.current_state(email.case))


def preview(kind: NoticeKind, email: Email, state: CaseState) -> Content:
    """What `content` would say if the case were as `state`; for the desk, before a decision is made."""
    assert email.case is not None
    assert email.recipient is not None
    with timezone.override(email.recipient.zone), translation.override(settings.LANGUAGE_CODE):
        context: dict[str, Any] = {
            "case": email.case,
            "state": state,
            "sentence": spoken(status_sentence(state), clock.case_now(email.case)),
            "link": settings.SITE_URL + reverse("case"),
            "kind": kind,
        }
        return Content(
            subject=render_to_string(f"mail/{kind}.subject.txt", context).strip(),
            text=render_to_string(f"mail/{kind}.txt", context).strip() + "\n",
            html=render_to_string(f"mail/{kind}.html", context),
        )
