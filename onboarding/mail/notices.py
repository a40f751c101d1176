"""The words of owed e-mails, rendered from templates at the moment of sending."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from onboarding import clock
from onboarding.domain.actions import attempts_left
from onboarding.domain.case import Case as CaseState
from onboarding.domain.deadlines import closes_at, reopenable_until
from onboarding.domain.documents import owed
from onboarding.domain.explain import status_sentence
from onboarding.domain.notices import NoticeKind
from onboarding.domain.policy import HOUR
from onboarding.domain.reasons import SLOT_NAMES
from onboarding.domain.status import CaseStatus
from onboarding.mail.rendering import Content, rendered
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.people import User
from onboarding.records import queries
from onboarding.sentences import attempts_words, reason_words, spoken, spoken_moment

ACCOUNT = "account"
"""Codes and links: they carry what only the moment knows in which they are owed."""

FORGOTTEN = "account/email/password_reset_key.txt"
"""A new password was asked for. Whether anybody has the address is looked up here and not by the page: so the
page does the same for every address, in the same time."""
NOBODY = "account/email/unknown_account.txt"

FOR_STAFF = frozenset({NoticeKind.ESCALATION, NoticeKind.PAUSE_ENDED})
"""These name the reference and nothing else of the applicant."""


def is_over(email: Email) -> bool:
    """True for a reminder of a wait that is over: it would contradict what has happened since."""
    assert email.case is not None
    state = queries.current_state(email.case)
    return state.stage.number != email.stage or not state.applicant_owes


def content(email: Email) -> Content:
    """Subject, plain text and HTML of one e-mail, in the recipient's language and time zone."""
    if email.case is not None:
        return preview(NoticeKind(email.kind), email, queries.current_state(email.case))
    asked_in = str(email.details.get("language") or settings.LANGUAGE_CODE)
    if email.template == FORGOTTEN:
        return _forgotten(email.to_address, asked_in)
    with translation.override(email.recipient.reads if email.recipient else asked_in):
        return rendered(email.template, email.details)


def _forgotten(address: str, asked_in: str) -> Content:
    """A link to choose a new password, or, in the language it was asked for in, that there is no account."""
    found = filter_users_by_email(address, is_active=True, prefer_verified=True, for_login=True)
    if not found:
        with translation.override(asked_in):
            return rendered(NOBODY, {"link": settings.SITE_URL + reverse("account_signup")})
    user = found[0]
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    with translation.override(user.reads):
        return rendered(FORGOTTEN, {"link": settings.SITE_URL + path})


def preview(kind: NoticeKind, email: Email, state: CaseState) -> Content:
    """What `content` would say if the case were as `state`; for the desk, before a decision is made."""
    assert email.case is not None
    assert email.recipient is not None
    with timezone.override(email.recipient.zone), translation.override(email.recipient.reads):
        return rendered(
            f"mail/{kind}.txt", _context(kind, email.case, state, _link(kind, email.case, email.recipient))
        )


def for_staff(email: Email) -> Content:
    """What the e-mail says now, for people whom its link would let into somebody else's account."""
    assert email.case is not None
    assert email.recipient is not None
    return sample(NoticeKind(email.kind), email.case, email.recipient, queries.current_state(email.case))


def sample(kind: NoticeKind, row: Case, recipient: User, state: CaseState) -> Content:
    """What such an e-mail would say about a case in this state, without a key in its link. Asks no row."""
    with timezone.override(recipient.zone), translation.override(recipient.reads):
        return rendered(f"mail/{kind}.txt", _context(kind, row, state, _page(kind, row)))


def _context(kind: NoticeKind, row: Case, state: CaseState, link: str) -> dict[str, Any]:
    now = clock.case_now(row)

    def moment(at: datetime | None) -> str:
        return spoken_moment(at, now) if at else ""

    missing = owed(state.documents)
    refused = state.decisions[-1] if state.status is CaseStatus.REJECTED else None
    return {
        "case": row,
        "state": state,
        "kind": kind,
        "link": link,
        "sentence": spoken(status_sentence(state), now),
        "deadline": moment(closes_at(state)),
        "reopen_until": moment(reopenable_until(state)),
        "missing": ", ".join(gettext(SLOT_NAMES[document.slot]) for document in missing),
        "items": [
            {"title": gettext(SLOT_NAMES[document.slot]), "reasons": reason_words(document.reasons)}
            for document in missing
            if document.reasons
        ],
        "reasons": reason_words(refused.reasons) if refused else [],
        "attempts": attempts_words(attempts_left(state)),
        "review_hours": state.policy.review_sla_seconds // HOUR,
    }


def _link(kind: NoticeKind, row: Case, recipient: User) -> str:
    if kind is NoticeKind.CONFIRM_REMINDER:
        address = EmailAddress.objects.filter(user=recipient, email=recipient.email, verified=False).first()
        if address:
            return confirm_link(address)
    return _page(kind, row)


def _page(kind: NoticeKind, row: Case) -> str:
    """The page that an e-mail leads to, for whoever is signed in there."""
    if kind in FOR_STAFF:
        return f"{settings.SITE_URL}{reverse('admin:index')}onboarding/case/{row.pk}/change/"
    return settings.SITE_URL + reverse("case")


def confirm_link(address: EmailAddress) -> str:
    """A link that proves this address, from any device, until it has been used or is seven days old."""
    key = EmailConfirmationHMAC.create(address).key
    return f"{settings.SITE_URL}{reverse('confirm_link', args=[key])}"
