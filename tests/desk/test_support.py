"""The support page: why, what next, what would move, and personal data only for whoever says why."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from onboarding import clock
from onboarding.domain.status import CaseStatus
from onboarding.models.emails import Email
from onboarding.models.people import User
from onboarding.models.reveals import Reveal
from tests.desk.cases import make_row
from tests.desk.conftest import Desk
from tests.desk.live import make_walk
from tests.live import RunningWorker

rows = [pytest.mark.database, pytest.mark.django_db]
live = [pytest.mark.temporal, pytest.mark.django_db(transaction=True)]


def marked(marks):
    def with_marks(test):
        for mark in marks:
            test = mark(test)
        return test

    return with_marks


def page_of(row) -> str:
    return reverse("admin:desk_support", args=[row.pk])


def owe(row, **more) -> Email:
    now = clock.now()
    return Email.objects.create(
        case=row,
        key=uuid.uuid4().hex,
        recipient=row.applicant,
        owed_at=now,
        next_attempt_at=now,
        **{"kind": "submitted", **more},
    )


@marked(rows)
def test_personal_data_is_masked_until_a_reason_is_given_and_then_for_a_while(sue: User, desk: Desk):
    """Mutant seen red: a look without its end. Mutant: facts shown without a look."""
    row, client = make_row("Berta Bosch"), desk(sue)
    assert "Bosch" not in client.get(page_of(row)).content.decode()
    reveal = reverse("admin:desk_reveal", args=[row.pk])
    assert client.post(reveal, {"reason": " "}).status_code == 400
    assert not Reveal.objects.exists()
    assert client.post(reveal, {"reason": "she asks for her spelling"}).status_code == 302
    look = Reveal.objects.get()
    assert (look.viewer, look.case, look.reason) == (sue, row, "she asks for her spelling")
    shown = client.get(page_of(row)).content.decode()
    assert "Berta Bosch" in shown
    assert row.applicant.email in shown
    Reveal.objects.update(until=clock.now() - timedelta(seconds=1))
    over = client.get(page_of(row)).content.decode()
    assert "Bosch" not in over
    assert "she asks for her spelling" in over


@marked(rows)
def test_a_look_shows_nothing_to_a_colleague(sue: User, otto: User, desk: Desk):
    row = make_row("Berta Bosch")
    desk(sue).post(reverse("admin:desk_reveal", args=[row.pk]), {"reason": "she is on the phone"})
    page = desk(otto).get(page_of(row)).content.decode()
    assert "Bosch" not in page
    assert "Sue Sanz" in page


@marked(rows)
def test_nobody_looks_at_their_own_case(sue: User, desk: Desk):
    row = make_row("Sue Sanz", user=sue)
    answer = desk(sue).post(reverse("admin:desk_reveal", args=[row.pk]), {"reason": "I am curious"})
    assert answer.status_code == 403
    assert not Reveal.objects.exists()


@marked(rows)
@pytest.mark.parametrize(
    ("show", "there", "missing"),
    [
        ("applicant", "Submitted everything", "E-mail “"),
        ("mail", "E-mail “", "Submitted everything"),
        ("staff", "Nothing of this kind yet", "Submitted everything"),
        ("nonsense", "Submitted everything", "Nothing of this kind"),
    ],
)
def test_the_timeline_shows_what_is_asked_for(show, there, missing, sue: User, desk: Desk):
    """Mutant: `wanted` as all lines."""
    row = make_row()
    page = desk(sue).get(page_of(row), {"show": show}).content.decode().partition('id="timeline"')[2]
    assert there in page
    assert missing not in page


@marked(rows)
def test_a_parked_email_says_so_and_is_tried_again(sue: User, desk: Desk):
    row = make_row()
    email = owe(row, parked_at=clock.now(), attempts=40, last_error="SMTPException")
    client = desk(sue)
    page = client.get(page_of(row)).content.decode()
    assert "could not be sent; it needs a person" in page
    deliver = reverse("admin:desk_support_order", args=[row.pk, "deliver"])
    assert client.post(deliver, {"email": "x"}).status_code == 404
    other = owe(make_row("Carla Costa"), parked_at=clock.now())
    assert client.post(deliver, {"email": str(other.pk)}).status_code == 404
    assert client.post(deliver, {"email": str(email.pk)}).status_code == 302
    email.refresh_from_db()
    assert (email.parked_at, email.attempts) == (None, 0)


@marked(rows)
def test_staff_read_an_email_without_the_key_that_its_link_carries(sue: User, desk: Desk):
    """Mutant seen red: the link of the mail itself."""
    row = make_row(place="new")
    row.applicant.emailaddress_set.create(email=row.applicant.email, primary=True, verified=False)
    email = owe(row, kind="confirm_reminder")
    page = desk(sue).get(reverse("admin:desk_letter", args=[row.pk, email.pk])).content.decode()
    assert "your e-mail address is not confirmed yet" in page
    assert "/confirm" not in page
    other = make_row("Carla Costa")
    assert desk(sue).get(reverse("admin:desk_letter", args=[other.pk, email.pk])).status_code == 404


@marked(rows)
def test_a_preview_works_from_the_row_while_the_workflow_is_away_and_orders_wait(sue: User, desk: Desk):
    row = make_row(place="collecting")
    preview = reverse("admin:desk_support_preview", args=[row.pk, "extend"])
    typed = {"key": str(uuid.uuid4()), "days": 7, "reason": "was ill"}
    answer = desk(sue).post(preview, typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Closes: " in page
    assert "Reminder 4 of 4: " in page
    assert "Reminder 1 of 4: " not in page.partition('class="would"')[2].partition("</div>")[0]
    assert "was ill" in page
    assert typed["key"] in page
    assert "primary" in page
    assert "disabled" in page


@marked(rows)
@pytest.mark.parametrize(
    ("name", "typed", "status"),
    [
        ("extend", {"days": 7, "reason": ""}, 400),
        ("extend", {"days": 91, "reason": "ill"}, 400),
        ("extend", {"days": "x", "reason": "ill"}, 400),
        ("pause", {"reason": "x" * 501}, 400),
        ("resume", {"reason": "is back"}, 409),
        ("reopen", {"reason": "asked"}, 409),
        ("withdraw", {"reason": "asked"}, 403),
        ("approve", {"reason": "nice"}, 404),
    ],
)
@pytest.mark.parametrize("way", ["desk_support_preview"])
def test_what_does_not_work_says_so_and_keeps_what_was_typed(name, typed, status, way, sue: User, desk: Desk):
    row = make_row(place="collecting")
    answer = desk(sue).post(reverse(f"admin:{way}", args=[row.pk, name]), {"key": str(uuid.uuid4()), **typed})
    assert answer.status_code == status
    if status != 404 and typed["reason"]:
        assert typed["reason"] in answer.content.decode()


@marked(rows)
def test_an_order_without_an_answer_keeps_everything_and_its_key(sue: User, desk: Desk):
    row, key = make_row(place="collecting"), str(uuid.uuid4())
    order = reverse("admin:desk_support_order", args=[row.pk, "pause"])
    answer = desk(sue).post(order, {"key": key, "reason": "in hospital"})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "in hospital" in page
    assert key in page


@marked(live)
def test_an_order_moves_what_its_preview_promised(worker: RunningWorker, sue: User, desk: Desk):
    """With a real workflow. Mutant: an order that is only previewed."""
    walk = make_walk()
    walk.settle()
    row, client = walk.case, desk(sue)
    typed = {"key": str(uuid.uuid4()), "days": 7, "reason": "was ill"}
    promised = client.post(reverse("admin:desk_support_preview", args=[row.pk, "extend"]), typed)
    would = promised.content.decode().partition('class="would"')[2].partition("</div>")[0]
    before = row.closes_at
    answer = client.post(reverse("admin:desk_support_order", args=[row.pk, "extend"]), typed, follow=True)
    assert "The deadline is extended." in answer.content.decode()
    walk.settle()
    assert walk.case.status == CaseStatus.EMAIL_PENDING
    assert walk.case.closes_at == before + timedelta(days=7)
    assert f"{walk.case.closes_at:%-d %b}" in would
