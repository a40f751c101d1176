"""Every kind of notice: one purpose, one button, the deadline with its zone, and both parts say the same."""

from __future__ import annotations

import html
import re

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from onboarding import clock
from onboarding.domain.case import Case as CaseState
from onboarding.domain.notices import REMINDERS, NoticeKind
from onboarding.domain.status import CaseStatus, Slot
from onboarding.mail import notices
from onboarding.models.cases import Case, Profile
from onboarding.models.emails import Email
from onboarding.models.people import User
from tests.domain.builders import checked, heard, make_case

pytestmark = pytest.mark.database

PLACES = {
    NoticeKind.CONFIRM_REMINDER: "email_pending",
    NoticeKind.COLLECTION_REMINDER: "collecting",
    NoticeKind.RESUBMISSION_REMINDER: "resubmission",
    NoticeKind.SUBMITTED: "checking",
    NoticeKind.REVIEW_LATE: "in_review",
    NoticeKind.ESCALATION: "in_review",
    NoticeKind.RESUBMISSION_REQUESTED: "resubmission",
    NoticeKind.APPROVED: "approved",
    NoticeKind.REJECTED: "rejected",
    NoticeKind.EXPIRED: "expired",
    NoticeKind.WITHDRAWN: "withdrawn",
    NoticeKind.REOPENED: "collecting",
    NoticeKind.EXTENDED: "collecting",
    NoticeKind.PAUSE_ENDED: "collecting",
    NoticeKind.FOLLOW_UP: "approved",
}


def state_for(kind: NoticeKind) -> CaseState:
    if kind is NoticeKind.RETAKE:
        case = make_case("checking", at=clock.now())
        return heard(case, checked(case, clock.now(), Slot.ID_FRONT), clock.now())
    return make_case(PLACES[kind], at=clock.now())


def content(kind: NoticeKind, row: Case, recipient: User | None = None) -> notices.Content:
    email = Email(case=row, kind=kind, recipient=recipient or row.applicant)
    return notices.preview(kind, email, state_for(kind))


@pytest.fixture
def named_case(case: Case) -> Case:
    Profile.objects.create(case=case, given_name="Ana", family_name="Canary", changed_at=clock.now())
    return case


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_notice_has_one_button_and_a_plain_part(kind: NoticeKind, named_case: Case) -> None:
    mail = content(kind, named_case)
    assert mail.subject
    assert "\n" not in mail.subject
    (link,) = re.findall(r'<a class="button" href="([^"]+)"', mail.html)
    assert html.unescape(link) in mail.text
    assert link.startswith("http://testserver/")
    assert named_case.reference in mail.text
    assert named_case.reference in mail.html
    for leftover in ("{{", "{%", "None", "&#", "<strong", "\n\n\n"):
        assert leftover not in mail.text, mail.text


@pytest.mark.parametrize("kind", [*sorted(REMINDERS), NoticeKind.RESUBMISSION_REQUESTED, NoticeKind.EXTENDED])
def test_deadlines_are_told_in_the_zone_of_the_reader(kind: NoticeKind, case: Case) -> None:
    """Mutant: without `timezone.override` the zone is that of whoever sends."""
    with timezone.override("Asia/Tokyo"):
        mail = content(kind, case)
    assert re.search(r"\d\d:\d\d \(CES?T\), in \d+ days", mail.text), mail.text


@pytest.mark.parametrize("kind", sorted(notices.FOR_STAFF))
def test_mail_to_staff_names_nothing_but_the_reference(kind: NoticeKind, named_case: Case) -> None:
    staff = User.objects.create_user("senior@example.org", "x", is_staff=True)
    mail = content(kind, named_case, staff)
    for part in (mail.subject, mail.text, mail.html):
        assert "Ana" not in part
        assert "Canary" not in part
        assert "ana@example.org" not in part
    assert f"/admin/onboarding/case/{named_case.pk}/change/" in mail.text


@pytest.mark.parametrize(
    ("kind", "item", "cure"),
    [
        (NoticeKind.RETAKE, "the front of your ID card", "Hold the camera still and let it focus."),
        (NoticeKind.RESUBMISSION_REQUESTED, "the back of your ID card", "Turn the flash off"),
        (NoticeKind.RESUBMISSION_REMINDER, "the back of your ID card", "Turn the flash off"),
    ],
)
def test_refused_pictures_are_named_with_reason_and_cure(
    kind: NoticeKind, item: str, cure: str, case: Case
) -> None:
    text = content(kind, case).text
    assert item in text
    assert "We could not accept this because" in text
    assert cure in text


def test_refusal_gives_its_reasons(case: Case) -> None:
    assert "the details do not match the document" in content(NoticeKind.REJECTED, case).text


def test_reminder_to_confirm_carries_a_link_that_confirms(case: Case) -> None:
    user = case.applicant
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    assert "http://testserver/account/confirm/" in content(NoticeKind.CONFIRM_REMINDER, case).text


def test_every_kind_has_a_state_to_be_tested_in() -> None:
    assert set(PLACES) | {NoticeKind.RETAKE} == set(NoticeKind)
    assert make_case(PLACES[NoticeKind.EXPIRED]).status is CaseStatus.EXPIRED
