"""Pages of the queue: each begins where the one before it ended, whatever changes between them."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client

from onboarding import clock
from onboarding.desk import queue as tabs
from onboarding.models.cases import Case
from onboarding.models.people import User
from tests.desk.cases import claimed, make_row, queue
from tests.desk.conftest import Desk

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "PAGE", 2)
    monkeypatch.setattr(tabs, "COUNTED", 3)


def walked(client: Client, address: str) -> list[str]:
    """The references of all pages, one after the other."""
    found: list[str] = []
    while address:
        context = client.get(address).context
        lines = [line.case.reference for line in context["lines"]]
        assert len(lines) <= 2
        found += lines
        address = context["following"] and queue() + context["following"]
    return found


@pytest.mark.parametrize("tab", [tabs.UNCLAIMED, tabs.WAITING, tabs.ALL, tabs.MINE])
def test_the_pages_together_are_the_tab_in_its_order(tab: str, rita: User, desk: Desk):
    """Mutants: the id is left out of the place; a page begins with the last row."""
    for hours in (1, 30, 20, 60, 3):
        make_row(age=timedelta(hours=hours))
        claimed(make_row(age=timedelta(hours=hours)), rita)
        make_row(place="collecting", age=timedelta(hours=hours))
    same = Case.objects.filter(status="in_review", escalation_level=0, due_soon=False)
    same.update(review_due_at=clock.now(), changed_at=clock.now())  # only the id tells them apart
    order = tabs.ORDERS.get(tab, tabs.URGENCY)
    expected = Case.objects.filter(tabs.on_tab(tab, rita)).order_by(*order)
    found = walked(desk(rita), queue(tab))
    assert found == [row.reference for row in expected]
    assert max(Counter(found).values()) == 1
    assert len(found) >= 5


def test_a_case_that_left_meanwhile_moves_no_other_off_its_page(rita: User, ruben: User, desk: Desk):
    """Mutant: pages that skip a number of rows."""
    rows = [make_row(age=timedelta(hours=hours)) for hours in (5, 4, 3, 2, 1)]
    client = desk(rita)
    following = client.get(queue()).context["following"]
    claimed(rows[0], ruben)
    assert walked(client, queue() + following) == [row.reference for row in rows[2:]]


@pytest.mark.parametrize(
    "place", ["nonsense", "1~True~x~y", "~~~", "9999~True~2026-01-01T00:00:00~x", "1" * 300, "\0"]
)
def test_a_nonsense_place_begins_at_the_beginning(place: str, rita: User, desk: Desk):
    row = make_row()
    answer = desk(rita).get(queue(), {"tab": "unclaimed", "after": place})
    assert [line.case for line in answer.context["lines"]] == [row]


@pytest.mark.parametrize("asked", [{"tab": "nonsense"}, {"status": "x"}, {"tab": "all", "status": "x"}])
def test_nonsense_in_the_address_counts_as_not_asked_for(asked: dict, rita: User, desk: Desk):
    make_row()
    assert desk(rita).get(queue(), asked).status_code == 200


def test_counting_stops(rita: User, desk: Desk):
    """Mutant: every case of a tab is counted."""
    for _ in range(4):
        make_row()
    counts = {tab.name: tab.count for tab in desk(rita).get(queue()).context["tabs"]}
    assert counts["unclaimed"] == "1,000+"


def test_all_cases_are_filtered_by_status_and_pause(rita: User, desk: Desk):
    row = make_row()
    make_row(place="collecting")
    found = desk(rita).get(queue(), {"tab": "all", "status": "in_review"}).context["lines"]
    assert [line.case for line in found] == [row]
    assert desk(rita).get(queue(), {"tab": "all", "status": "paused"}).context["lines"] == []


INDEXES = {
    "unclaimed": ("case_unclaimed", "case_claimed"),
    "mine": ("case_claimed",),
    "due": ("case_urgent",),
    "escalated": ("case_urgent",),
    "returned": ("case_back",),
    "waiting": ("case_waiting",),
    "all": ("case_changed",),
}


@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="Postgres plans by the number of rows")
@pytest.mark.parametrize("tab", INDEXES)
def test_every_tab_is_read_in_the_order_of_an_index(tab: str, rita: User):
    """No sorting, however many cases there are. Mutant: an order that is none of an index."""
    order = tabs.ORDERS.get(tab, tuple(tabs.URGENCY))
    rows = Case.objects.filter(tabs.on_tab(tab, rita)).order_by(*order)[:3]
    plan = rows.explain()
    assert any(index in plan for index in INDEXES[tab])
    assert "TEMP B-TREE" not in plan
