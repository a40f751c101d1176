"""One order for many cases: a receipt for each, and nothing done twice."""

from __future__ import annotations

import uuid

import pytest

from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.people import User
from tests.desk.cases import make_row, queue
from tests.desk.conftest import Desk
from tests.desk.live import in_review, make_walk
from tests.live import RunningWorker

BULK = queue() + "bulk/"


def order(what: str, *rows: Case, **more: object) -> dict[str, object]:
    return {"key": str(uuid.uuid4()), "order": what, "case": [str(row.pk) for row in rows], **more}


def states(answer: object) -> list[tuple[str, str]]:
    return [(each.case.reference, each.state) for each in answer.context["receipts"]]  # type: ignore[attr-defined]


@pytest.mark.database
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"case": []}, "Tick at least one case."),
        ({"case": ["nonsense"]}, "Tick at least one case."),
        ({"reason": "  "}, "Give a reason."),
        ({"days": ""}, "Say by how many days."),
        ({"days": "91"}, "less than or equal to 90"),
        ({"order": "promote"}, "Select a valid choice"),
        ({"order": "assign"}, "Choose to whom."),
        ({"order": "assign", "to": "999999"}, "Choose a reviewer from the list."),
    ],
)
def test_an_incomplete_order_is_shown_again(typed: dict, said: str, sam: User, desk: Desk):
    row = make_row(place="collecting")
    sent = {**order("extend", row, days="5", reason="post strike"), **typed}
    answer = desk(sam).post(BULK, sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page or said in str(answer.context["form"].errors)
    if "case" not in typed:
        assert f'value="{row.pk}" checked' in page
    if not {"case", "reason"} & set(typed):
        assert "post strike" in page
    assert not AuditEvent.objects.filter(kind="extended").exists()


@pytest.mark.database
@pytest.mark.parametrize(
    ("role", "what", "status"),
    [
        ("reviewer", "assign", 400),
        ("reviewer", "extend", 400),
        ("support", "release", 400),
        ("operator", "assign", 400),
        ("reviewer", "release", 503),
        ("operator", "extend", 503),
    ],
)
def test_each_role_gives_its_orders(role: str, what: str, status: int, make_staff, rita: User, desk: Desk):
    """Temporal is away, so 503 says that the role was let through. Mutant seen red: all orders for all."""
    colleague = make_staff(role, "Other Person")
    sent = order(what, make_row(), to=rita.pk, days="3", reason="ill")
    assert desk(colleague).post(BULK, sent).status_code == status


@pytest.mark.database
def test_without_an_answer_the_same_cases_can_be_sent_again(sue: User, desk: Desk):
    """The key is kept. Mutant: the second form has a key of its own."""
    row = make_row(place="collecting")
    sent = order("extend", row, days="3", reason="ill")
    answer = desk(sue).post(BULK, sent)
    page = answer.content.decode()
    assert states(answer) == [(row.reference, "unknown")]
    for kept in (sent["key"], row.pk, "ill"):
        assert f'value="{kept}"' in page


@pytest.mark.temporal
@pytest.mark.django_db(transaction=True)
def test_every_case_answers_for_itself_and_repeating_repeats_nothing(
    sue: User, desk: Desk, worker: RunningWorker
):
    """Mutant: a fresh key for every case."""
    first, second = make_walk(), make_walk()
    for walk in (first, second):
        walk.confirm()
    other = in_review()
    sent = order("extend", first.case, other.case, second.case, days="3", reason="post strike")
    expected = [
        (first.case.reference, "done"),
        (other.case.reference, "refused"),
        (second.case.reference, "done"),
    ]
    answers = [desk(sue).post(BULK, sent) for _ in range(2)]
    assert [states(each) for each in answers] == [expected, expected]
    page = answers[0].content.decode()
    assert "2 of 3 cases extended." in page
    assert "The case is not at this step any more." in page
    for walk in (first, second):
        walk.settle()
        assert AuditEvent.objects.filter(case=walk.case, kind="extended").count() == 1


@pytest.mark.temporal
@pytest.mark.django_db(transaction=True)
def test_a_senior_assigns_and_releases(sam: User, rita: User, desk: Desk, worker: RunningWorker):
    walk = in_review()
    answer = desk(sam).post(BULK, order("assign", walk.case, to=rita.pk))
    assert "1 of 1 cases assigned to Rita Romero." in answer.content.decode()
    walk.settle()
    assert walk.case.claimed_by == rita
    event = AuditEvent.objects.get(case=walk.case, kind="assigned")
    assert (event.actor_account, event.subject) == (str(sam.pk), str(rita.pk))
    desk(sam).post(BULK, order("release", walk.case))
    walk.settle()
    assert walk.case.claimed_by is None
