"""The queue: which cases, in which order, in how many queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onboarding.models.cases import Case
from onboarding.models.people import User
from tests.desk.cases import claimed, make_row, paused, queue, returned
from tests.desk.conftest import Desk

pytestmark = pytest.mark.database


def references(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [line.case.reference for line in answer.context["lines"]]


def counted(client: Client) -> dict[str, str]:
    return {tab.name: tab.count for tab in client.get(queue()).context["tabs"]}


def test_each_tab_holds_its_cases_and_counts_them(rita: User, ruben: User, sue: User, desk: Desk):
    rows = {
        "unclaimed": make_row(),
        "mine": claimed(make_row(), rita),
        "theirs": claimed(make_row(), ruben),
        "due": make_row(age=timedelta(hours=20)),
        "escalated": make_row(age=timedelta(hours=26)),
        "returned": returned(make_row(), rita),
        "paused": paused(make_row(), sue),
        "waiting": make_row(place="collecting"),
        "stands still": paused(make_row(place="collecting"), sue),
    }
    client = desk(rita)
    expected = {
        "unclaimed": {"unclaimed", "due", "escalated", "returned"},
        "mine": {"mine"},
        "due": {"due"},
        "escalated": {"escalated"},
        "returned": {"returned"},
        "waiting": {"waiting"},
        "all": set(rows),
    }
    for tab, names in expected.items():
        found = references(client, queue(tab))
        assert sorted(found) == sorted(rows[name].reference for name in names), tab
    counts = counted(client)
    assert counts.pop("all") == ""
    assert counts == {tab: str(len(names)) for tab, names in expected.items() if tab != "all"}


def test_most_urgent_comes_first(rita: User, desk: Desk):
    """Mutant: ordering by `id` instead of `review_due_at`."""
    fresh, late, soon = (make_row(age=timedelta(hours=hours)) for hours in (1, 30, 20))
    assert references(desk(rita), queue()) == [late.reference, soon.reference, fresh.reference]


def test_number_of_queries_does_not_grow_with_the_cases(rita: User, ruben: User, desk: Desk):
    """Mutant: without `select_related` applicant and profile of every row are asked for."""

    def queries() -> int:
        client = desk(rita)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(queue("all"))
        return len(captured)

    claimed(make_row(), ruben)
    few = queries()
    for _ in range(8):
        claimed(make_row(), ruben)
    assert queries() == few
    assert few <= 13


def test_the_applicant_is_masked(rita: User, desk: Desk):
    row = make_row("Ana Quiroga")
    page = desk(rita).get(queue()).content.decode()
    assert "A··· Q···" in page
    assert "Quiroga" not in page
    assert row.applicant.email not in page


def test_lateness_is_said_in_words(rita: User, desk: Desk):
    make_row(age=timedelta(hours=26))
    page = desk(rita).get(queue()).content.decode()
    assert "overdue 2 h 00 m, escalated 1" in page


@pytest.mark.parametrize(("role", "offered"), [("reviewer", True), ("senior", True), ("support", False)])
def test_take_next_is_offered_to_reviewers(role: str, offered: bool, make_staff, desk: Desk):
    make_row()
    page = desk(make_staff(role)).get(queue()).content.decode()
    assert (f'action="{queue()}take-next/"' in page) is offered


def test_the_queue_asks_no_workflow(rita: User, desk: Desk, monkeypatch: pytest.MonkeyPatch):
    """Mutant: a column that calls the gateway."""
    monkeypatch.setattr("temporal_app.gateway._call", lambda *_: pytest.fail("a workflow was asked"))
    make_row()
    assert len(references(desk(rita), queue())) == Case.objects.count() == 1
