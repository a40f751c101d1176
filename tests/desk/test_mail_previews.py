"""Every e-mail on one page, for staff of a demo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from onboarding.demo.specimens import STANDS
from onboarding.desk import mail_previews
from onboarding.domain.notices import NoticeKind
from onboarding.models.cases import Case
from onboarding.models.people import User
from tests.desk.conftest import Desk, MakeStaff

pytestmark = [pytest.mark.database, pytest.mark.django_db]

TEMPLATES = Path(django_settings.BASE_DIR) / "templates"


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEMO = True


def test_every_kind_of_notice_and_every_mail_of_accounts_is_there() -> None:
    """Mutants seen red: a kind without its place in a life; a mail of accounts without an example."""
    assert set(STANDS) == set(NoticeKind)
    found = {
        f"{folder}/{path.name}"
        for folder in ("account/email", "mfa/email")
        for path in (TEMPLATES / folder).glob("*.txt")
    }
    assert set(mail_previews.ACCOUNT_MAILS) == found


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_each_notice_is_about_a_case_that_gets_it(kind: NoticeKind) -> None:
    """One button, and a plain part that says the same. Mutant seen red: the late review is new."""
    preview = {each.slug: each for each in mail_previews.about_cases()}[kind]
    content = preview.content
    assert content.subject in content.html
    assert content.html.count('class="button"') == 1
    assert "None" not in content.text
    words = {
        NoticeKind.RETAKE: "blurred",
        NoticeKind.RESUBMISSION_REQUESTED: "blurred",
        NoticeKind.REJECTED: "details do not match",
        NoticeKind.COLLECTION_REMINDER: "back of your ID card",
        NoticeKind.ESCALATION: "level: 1 of 2",
        NoticeKind.EXPIRED: "(CE",
        NoticeKind.EXTENDED: "(CE",
    }
    assert words.get(kind, "") in content.text


def test_reviewers_see_the_page_and_nothing_is_kept(make_staff: MakeStaff, desk: Desk) -> None:
    client = desk(make_staff("reviewer"))
    people = User.objects.count()
    answer = client.get(reverse("admin:desk_mails"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "frame-src 'self'" in answer["Content-Security-Policy"]
    for kind in NoticeKind:
        assert f'id="{kind}"' in text
    assert (User.objects.count(), Case.objects.count()) == (people, 0)


def test_the_html_of_a_mail_may_run_and_load_nothing(make_staff: MakeStaff, desk: Desk) -> None:
    """Mutant seen red: the policy of other pages."""
    client = desk(make_staff("support"))
    answer = client.get(reverse("admin:desk_mail_html", args=["approved"]))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "unsafe" not in policy
    assert client.get(reverse("admin:desk_mail_html", args=["nothing"])).status_code == 404


def test_outside_a_demo_there_are_no_such_pages(make_staff: MakeStaff, desk: Desk, settings: Any) -> None:
    """Mutant seen red: nobody asks whether this is a demo."""
    settings.DEMO = False
    client = desk(make_staff("operator"))
    assert client.get(reverse("admin:desk_mails")).status_code == 404
    assert client.get(reverse("admin:desk_mail_html", args=["approved"])).status_code == 404
    assert "E-mails" not in str(client.get(reverse("admin:index")).context["desk_links"])


def test_applicants_are_kept_out(client: Any, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user("ana@example.org", "x"))
    assert client.get(reverse("admin:desk_mails")).status_code in {302, 403}
