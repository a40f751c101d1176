"""What needs an operator: each row with the one thing to do, and a receipt for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from onboarding import clock
from onboarding.domain.status import CaseStatus
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.records import queries, trouble
from onboarding.serial import to_json
from onboarding.usecases import comparing, staff
from onboarding.usecases.comparing import Verdict
from temporal_app import relay
from tests.desk.cases import make_row
from tests.desk.conftest import Desk
from tests.desk.live import in_review, make_walk
from tests.live import RunningWorker

PARKED = reverse("admin:desk_parked")


def act(name: str) -> str:
    return reverse("admin:desk_parked_act", args=[name])


@pytest.fixture
def ottos(otto: User, desk: Desk) -> Client:
    return desk(otto)


@pytest.mark.database
@pytest.mark.django_db
class TestRows:
    def test_nothing_wrong_says_so(self, ottos: Client):
        make_row()
        assert ottos.get(PARKED).content.decode().count("● None: ") == 3

    def test_a_parked_message_is_delivered_again(self, ottos: Client):
        """Mutant: a list of all messages."""
        row = make_row("Berta Bosch")
        make_row("Carla Costa")
        message = OutboxMessage.objects.get(case=row)
        OutboxMessage.objects.filter(pk=message.pk).update(
            parked_at=clock.now(), attempts=12, last_error="a fact that cannot be read"
        )
        page = ottos.get(PARKED).content.decode()
        assert "a fact that cannot be read" in page
        assert page.count("Deliver again") == 1
        answer = ottos.post(act("deliver"), {"row": message.pk}, follow=True)
        assert f"{row.reference}: The message is delivered again" in answer.content.decode()
        message.refresh_from_db()
        assert (message.parked_at, message.attempts) == (None, 0)
        assert ottos.post(act("deliver"), {"row": message.pk}).status_code == 404

    def test_a_parked_account_mail_shows_no_more_than_where_it_goes(self, ottos: Client):
        email = Email.objects.create(
            key="k",
            kind="account",
            to_address="somebody@people.example",
            details={"code": "SECRET"},
            owed_at=clock.now(),
            next_attempt_at=clock.now(),
            parked_at=clock.now(),
        )
        page = ottos.get(PARKED).content.decode()
        assert "s···@people.example" in page
        assert "SECRET" not in page
        assert ottos.post(act("send"), {"row": str(email.pk)}).status_code == 302
        email.refresh_from_db()
        assert email.parked_at is None

    def test_a_case_whose_promised_moment_has_passed_is_late(self, ottos: Client):
        """Not one that is over, and not one that is hardly late. Mutant: no `LATE_AFTER`."""
        late, hardly, over = (make_row(f"Ana B{letter}") for letter in "abc")
        now = clock.now()
        Case.objects.filter(pk=late.pk).update(next_action_at=now - timedelta(minutes=6))
        Case.objects.filter(pk=hardly.pk).update(next_action_at=now - timedelta(minutes=4))
        Case.objects.filter(pk=over.pk).update(
            next_action_at=now - timedelta(days=6), status=CaseStatus.APPROVED
        )
        assert [each.pk for each in trouble.late_cases()] == [late.pk]
        assert late.reference in ottos.get(PARKED).content.decode()

    @pytest.mark.parametrize("name", ["deliver", "send", "record", "owe", "nonsense"])
    @pytest.mark.parametrize("row", ["", "x", "1", "-1", "9" * 40, "7d444840-9dc0-41d1-b245-5ffdce74fad2"])
    def test_what_is_not_there_is_not_found(self, name: str, row: str, ottos: Client):
        assert ottos.post(act(name), {"row": row, "case": row}).status_code == 404

    def test_while_temporal_is_away_a_comparison_says_so(self, ottos: Client):
        row = make_row()
        page = ottos.post(act("compare"), {"case": str(row.pk)}).content.decode()
        assert "no answer" in page
        assert "Ask again" in page
        assert ottos.post(act("record"), {"case": str(row.pk)}).status_code == 503


@pytest.mark.temporal
@pytest.mark.django_db(transaction=True)
class TestWorkflows:
    def test_rows_that_follow_their_workflows_agree(self, worker: RunningWorker, ottos: Client):
        for _ in range(2):
            make_walk().settle()
        page = ottos.post(act("compare")).content.decode()
        assert page.count("agrees with its workflow") == 2

    def test_a_row_that_fell_behind_is_recorded_again(self, worker: RunningWorker, ottos: Client, rita: User):
        """Row, audit and what was heard are whole again. Mutants: `record_again` does nothing; the
        heard messages of the row are dropped."""
        walk = in_review()
        walk.settle()
        case = walk.case
        before = queries.recorded_state(case)
        old = next(event for event in before.history if event.came_from and event.status == "collecting")
        events = [event for event in before.history if event.version <= old.version]
        behind = replace(
            before, version=old.version, status=old.status, history=tuple(events), seen=before.seen[:1]
        )
        AuditEvent.objects.filter(case=case, version__gt=old.version).delete()
        Case.objects.filter(pk=case.pk).update(version=old.version, status=old.status, state=to_json(behind))
        assert comparing.compare(case).verdict is Verdict.ROW_BEHIND
        assert "Record again" in ottos.post(act("compare"), {"case": str(case.pk)}).content.decode()
        answer = ottos.post(act("record"), {"case": str(case.pk)}, follow=True)
        assert "The row follows its workflow again." in answer.content.decode()
        case.refresh_from_db()
        assert comparing.compare(case).verdict is Verdict.AGREES
        assert set(queries.recorded_state(case).seen) == set(before.seen)
        assert AuditEvent.objects.filter(case=case).count() == before.version
        staff.claim(rita, case, key="k")

    def test_a_row_of_the_same_version_that_tells_something_else_is_found(self, worker: RunningWorker):
        """Mutant: only versions are compared."""
        walk = make_walk()
        walk.settle()
        state = queries.recorded_state(walk.case)
        Case.objects.filter(pk=walk.case.pk).update(state=to_json(replace(state, submission=7)))
        assert comparing.compare(walk.case).verdict is Verdict.DIFFERS

    def test_a_workflow_that_forgot_something_hears_everything_again(
        self, worker: RunningWorker, ottos: Client
    ):
        """As after a restored backup: here the row claims to be newer."""
        walk = make_walk()
        walk.confirm()
        walk.settle()
        case = walk.case
        Case.objects.filter(pk=case.pk).update(version=case.version + 5)
        assert comparing.compare(case).verdict is Verdict.WORKFLOW_BEHIND
        answer = ottos.post(act("owe"), {"case": str(case.pk)}, follow=True)
        assert "2 messages are delivered again" in answer.content.decode()
        waiting = OutboxMessage.objects.filter(case=case, delivered_at=None)
        assert waiting.count() == 2
        case.refresh_from_db()

    def test_a_case_that_temporal_does_not_know_is_found_unless_it_is_on_its_way(
        self, worker: RunningWorker, monkeypatch: pytest.MonkeyPatch
    ):
        """Mutant: `excused` always true."""
        monkeypatch.setattr(relay, "deliver_start", lambda _row: None)
        row = make_row(place="new")
        assert comparing.compare(row).verdict is Verdict.ON_ITS_WAY
        OutboxMessage.objects.filter(case=row).update(delivered_at=clock.now())
        assert comparing.compare(row).verdict is Verdict.MISSING


def test_a_comparison_of_many_stops_before_the_page_is_late(monkeypatch: pytest.MonkeyPatch):
    """Mutant: no look at the time."""
    monkeypatch.setattr(comparing, "ALL_SECONDS", 0.0)
    assert comparing.compare_some([Case()]) == ([], False)
