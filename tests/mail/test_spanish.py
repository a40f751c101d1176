"""Mails in the language of who reads them, whoever caused them and whoever sends them."""

from __future__ import annotations

import pytest
from django.utils import translation

from onboarding import clock
from onboarding.domain.notices import NoticeKind
from onboarding.mail import notices
from onboarding.mail.rendering import Content
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.people import User
from onboarding.models.reasons import ReasonWording
from onboarding.records import queries
from onboarding.web.accounts import AccountAdapter
from tests.languages.pseudo import forgotten
from tests.mail.test_account_mails import DETAILS, TEMPLATES
from tests.mail.test_notices import state_for
from tests.people import make_staff

pytestmark = pytest.mark.database

NAMES = frozenset({"CET", "CEST", "Chrome", "Android", "Europe", "Madrid", "November", "on"})


@pytest.fixture
def carmens(case: Case) -> Case:
    """The case of somebody who reads Spanish. Reasons come from the catalogue of messages, not from rows."""
    ReasonWording.objects.filter(language="es").delete()
    User.objects.filter(pk=case.applicant_id).update(language="es")
    case.refresh_from_db()
    return case


def notice(kind: NoticeKind, row: Case, recipient: User | None = None) -> Content:
    return notices.preview(
        kind, Email(case=row, kind=kind, recipient=recipient or row.applicant), state_for(kind)
    )


def unknown(mail: Content, row: Case | None = None) -> list[str]:
    """The words that come from no catalogue."""
    parts = (mail.subject, mail.text, mail.html)
    return [
        word for part in parts for word in forgotten(part.replace(row.reference if row else "\0", ""), NAMES)
    ]


@pytest.mark.usefixtures("marked_spanish")
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_notice_to_a_spanish_reader_is_spanish(kind: NoticeKind, carmens: Case) -> None:
    """Mutants: `content` takes the default language; a sentence of a template without its tag."""
    mail = notice(kind, carmens)
    assert unknown(mail, carmens) == []
    assert '<html lang="es">' in mail.html


@pytest.mark.usefixtures("marked_spanish")
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_account_mail_to_a_spanish_reader_is_spanish(template: str, carmens: Case) -> None:
    mine = carmens.applicant
    email = Email(template=template, details=DETAILS, recipient=mine, to_address=mine.email)
    assert unknown(notices.content(email)) == []


def test_a_deadline_is_told_in_spanish_and_in_the_reader_s_zone(carmens: Case) -> None:
    User.objects.filter(pk=carmens.applicant_id).update(time_zone="Europe/Madrid")
    carmens.refresh_from_db()
    mail = notice(NoticeKind.COLLECTION_REMINDER, carmens)
    assert mail.subject == "Todavía falta algo"
    assert "Tu solicitud espera " in mail.text
    assert "dentro de " in mail.text


def test_staff_read_their_own_language_about_a_spanish_case(carmens: Case) -> None:
    """Mutant: the language of the applicant for everybody."""
    rita, sofia = make_staff("senior"), make_staff("senior")
    sofia.language = "es"
    assert notice(NoticeKind.ESCALATION, carmens, rita).subject == "A review is overdue"
    assert notice(NoticeKind.ESCALATION, carmens, sofia).subject == "Una revisión va con retraso"


def test_what_staff_preview_is_what_the_applicant_gets(carmens: Case) -> None:
    """The desk's reader reads English. Mutant seen red: the preview is in the reader's language."""
    email = Email(case=carmens, kind=NoticeKind.APPROVED, recipient=carmens.applicant)
    with translation.override("en"):
        assert notices.preview(NoticeKind.APPROVED, email, state_for(NoticeKind.APPROVED)).subject == (
            "Tu solicitud está aprobada"
        )
        email = Email(case=carmens, kind=NoticeKind.EXPIRED, recipient=carmens.applicant)
        assert queries.current_state(carmens).status == "email_pending"
        assert notices.for_staff(email).subject == "Tu solicitud se ha cerrado"


@pytest.mark.parametrize(
    ("known", "subject"), [(True, "Choose a new password"), (False, "No hay ninguna cuenta")]
)
def test_a_forgotten_password_is_answered_in_the_account_s_language_or_the_asker_s(
    known: bool, subject: str, case: Case
) -> None:
    """The asker reads Spanish. Mutant: the row does not keep the language of the request."""
    User.objects.update(language="en")
    address = case.applicant.email if known else "nobody@example.org"
    with translation.override("es"):
        AccountAdapter().owe_password_reset(address)
    assert notices.content(Email.objects.get(to_address=address)).subject.startswith(subject)


def test_what_was_done_is_told_with_the_owner_s_words_for_when_and_how(carmens: Case) -> None:
    """By somebody at an English browser. Mutant: `when` in the language of the request."""
    context = {
        "user": carmens.applicant,
        "timestamp": clock.now(),
        "user_agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0",
    }
    with translation.override("en"):
        AccountAdapter().send_mail("account/email/password_changed", carmens.applicant.email, context)
    mail = notices.content(Email.objects.get(template="account/email/password_changed.txt"))
    assert mail.subject == "Se ha cambiado tu contraseña"
    assert "Firefox en Windows" in mail.text
    assert f" de {clock.now().year}, " in mail.text
