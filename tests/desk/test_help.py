"""What support does on the desk, with a real workflow behind it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from onboarding.domain.status import CaseStatus
from onboarding.models.audit import AuditEvent
from onboarding.models.people import User
from temporal_app import gateway
from tests.desk.cases import address
from tests.desk.conftest import Desk
from tests.desk.live import make_walk

pytestmark = [
    pytest.mark.temporal,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker"),
]


def order(reason: str = "is in hospital", **more: object) -> dict[str, object]:
    return {"key": str(uuid.uuid4()), "reason": reason, **more}


def test_extending_moves_the_deadline_once(sue: User, desk: Desk):
    """Twice the same form is one extension. Mutant: the key left out of the command's id."""
    walk = make_walk()
    walk.confirm()
    before = gateway.snapshot(str(walk.case.pk)).closes_at
    assert before is not None
    typed = order(days=3)
    for _ in range(2):
        assert desk(sue).post(address(walk.case, "extend"), typed).status_code == 302
    assert gateway.snapshot(str(walk.case.pk)).closes_at == before + timedelta(days=3)
    walk.settle()
    event = AuditEvent.objects.get(case=walk.case, kind="extended")
    assert (event.reason, event.actor_account) == ("is in hospital", str(sue.pk))


def test_pause_and_resume(sue: User, desk: Desk):
    walk = make_walk()
    walk.confirm()
    client = desk(sue)
    assert client.post(address(walk.case, "pause"), order()).status_code == 302
    page = client.get(address(walk.case)).content.decode()
    assert "The application is paused since" in page
    assert "Resume: the clock goes on" in page
    assert client.post(address(walk.case, "resume"), order()).status_code == 302
    assert gateway.snapshot(str(walk.case.pk)).case.paused is None


def test_reopening_a_withdrawn_case(sue: User, desk: Desk):
    walk = make_walk()
    walk.confirm()
    walk.withdraw()
    walk.until(CaseStatus.WITHDRAWN)
    answer = desk(sue).post(address(walk.case, "reopen"), order(), follow=True)
    assert "The case is open again." in answer.content.decode()
    assert gateway.snapshot(str(walk.case.pk)).case.status is CaseStatus.COLLECTING


def test_sending_the_notice_again_owes_one_more_e_mail(sue: User, desk: Desk):
    walk = make_walk()
    walk.confirm()
    assert desk(sue).post(address(walk.case, "resend_notice"), order()).status_code == 302
    walk.settle()
    assert [each.kind for each in walk.case.emails.all()] == ["collection_reminder"]


def test_what_is_out_of_turn_is_refused_and_the_reason_kept(sue: User, desk: Desk):
    walk = make_walk()
    walk.confirm()
    answer = desk(sue).post(address(walk.case, "resume"), order("came back early"))
    assert answer.status_code == 409
    assert "came back early" in answer.content.decode()


@pytest.mark.parametrize("role", ["reviewer", "operator"])
def test_reopening_is_not_for(role: str, make_staff, desk: Desk):
    walk = make_walk()
    walk.confirm()
    walk.withdraw()
    walk.until(CaseStatus.WITHDRAWN)
    client = desk(make_staff(role))
    assert client.post(address(walk.case, "reopen"), order()).status_code == 403
    assert "Reopen where it stopped" not in client.get(address(walk.case)).content.decode()
