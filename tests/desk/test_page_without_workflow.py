"""Temporal is away: the page of a case still says everything that rows know, fast, and takes no orders."""

from __future__ import annotations

import re
import time
import uuid

import pytest

from onboarding.models.people import User
from onboarding.usecases import applicant
from temporal_app import gateway
from tests.desk.cases import address, claimed, decision, make_row, queue
from tests.desk.conftest import Desk

pytestmark = pytest.mark.database

PAGE_SECONDS = 5


@pytest.mark.seconds
def test_the_stored_row_is_shown_with_its_age(rita: User, desk: Desk):
    row = make_row()
    began = time.monotonic()
    answer = desk(rita).get(address(row))
    page = answer.content.decode()
    assert time.monotonic() - began < PAGE_SECONDS
    assert answer.status_code == 200
    assert "Stored row, written now." in page
    assert "Temporal or its worker is away" in page
    assert "We are looking at it." in page
    assert "Review due soon" in page
    assert "Signed up" in page


def test_buttons_are_disabled_and_say_why(rita: User, desk: Desk):
    """Mutant: `disabled` hangs on the role instead of on the answer of the workflow."""
    page = desk(rita).get(address(make_row())).content.decode()
    assert re.findall(r"data-decides[^>]*", page) == [
        'data-decides data-key="s" data-key-focuses disabled',
        "data-decides disabled",
    ]
    assert "Deciding waits until the workflow answers again." in page


def test_a_sign_up_that_is_on_its_way_is_explained(sue: User, desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def unknown(*_: object) -> None:
        raise gateway.NotFound

    monkeypatch.setattr("temporal_app.gateway._call", unknown)
    row = applicant.sign_up(User.objects.create_user("new@people.example"))
    page = desk(sue).get(address(row)).content.decode()
    assert "Temporal doesn&#x27;t know this case yet" in page


@pytest.mark.seconds
def test_an_unanswered_decision_keeps_what_was_typed_and_its_key(rita: User, desk: Desk):
    """The same key is the same command. Mutant: `form.put(key=new_key())` on `Unavailable`."""
    row, key = make_row(), str(uuid.uuid4())
    began = time.monotonic()
    answer = desk(rita).post(
        address(row, "decide"), decision("ask_again", key=key, item_passport=["glare", "cut_off"])
    )
    page = answer.content.decode()
    assert time.monotonic() - began < PAGE_SECONDS
    assert answer.status_code == 503
    assert "it will not be done twice" in page
    assert f'value="{key}"' in page
    for typed in ("glare@1", "cut_off@1", "ask_again"):
        assert f'value="{typed}"' in page
    assert page.count(" checked") == 3
    assert "disabled" not in page.partition('<section id="decide"')[2].partition("</section>\n\n")[0]


@pytest.mark.parametrize(
    ("order", "more"),
    [
        ("extend", {"days": "12", "reason": "is in hospital"}),
        ("pause", {"reason": "is in hospital"}),
        ("resend_notice", {"reason": "is in hospital"}),
    ],
)
def test_an_unanswered_order_of_support_keeps_its_reason(order: str, more: dict, sue: User, desk: Desk):
    answer = desk(sue).post(address(make_row(place="collecting"), order), {"key": str(uuid.uuid4()), **more})
    assert answer.status_code == 503
    assert "is in hospital" in answer.content.decode()


@pytest.mark.parametrize("order", ["extend", "pause", "resend_notice"])
@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_mandatory(order: str, reason: str, sue: User, desk: Desk):
    answer = desk(sue).post(
        address(make_row(place="collecting"), order),
        {"key": str(uuid.uuid4()), "days": "3", "reason": reason},
    )
    assert answer.status_code == 400
    assert "Give a reason." in answer.content.decode()


@pytest.mark.parametrize("days", ["0", "91", "-1", "many", "", "9" * 400])
def test_nonsense_days_are_refused(days: str, sue: User, desk: Desk):
    answer = desk(sue).post(
        address(make_row(place="collecting"), "extend"),
        {"key": str(uuid.uuid4()), "days": days, "reason": "ill"},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "forged",
    [
        {"outcome": "promote"},
        {"outcome": ""},
        {"submission": "x"},
        {"submission": ""},
        {"key": "not a key"},
        {"reasons": ["unheard of"]},
        {"item_passport": ["unheard of"]},
        {"item_passport": ["data_mismatch"]},
        {"note": "x" * 2001},
    ],
)
def test_a_forged_decision_is_refused(forged: dict, rita: User, desk: Desk):
    typed = {**decision("approve"), **forged}
    assert desk(rita).post(address(make_row(), "decide"), typed).status_code == 400


def test_a_preview_without_the_workflow_keeps_what_was_typed(rita: User, desk: Desk):
    answer = desk(rita).post(address(make_row(), "preview"), decision("refuse", reasons=["data_mismatch"]))
    assert answer.status_code == 503
    assert answer.content.decode().count(" checked") == 2


@pytest.mark.seconds
def test_take_next_says_that_the_workflows_are_away(rita: User, desk: Desk):
    make_row()
    client = desk(rita)
    began = time.monotonic()
    answer = client.post(queue() + "take-next/", {"key": str(uuid.uuid4())}, follow=True)
    assert time.monotonic() - began < PAGE_SECONDS
    assert answer.status_code == 200
    assert "can&#x27;t be reached" in answer.content.decode()


def test_who_works_on_it_is_said(rita: User, ruben: User, desk: Desk):
    row = claimed(make_row(), ruben)
    assert "Ruben Ruiz is working on this case until" in desk(rita).get(address(row)).content.decode()


@pytest.mark.parametrize(("role", "sees"), [("reviewer", True), ("senior", True), ("support", False)])
def test_personal_data_is_for_those_who_decide(role: str, sees: bool, make_staff, desk: Desk):
    """Mutant: `sees = True`."""
    row = make_row("Ana Quiroga")
    page = desk(make_staff(role)).get(address(row)).content.decode()
    for private in ("Quiroga", row.applicant.email, "1990-02-11"):
        assert (private in page) is sees
    assert ("A··· Q···" in page) is not sees


def test_ones_own_case_shows_no_form_and_no_data(rita: User, desk: Desk):
    row = make_row(user=rita)
    page = desk(rita).get(address(row)).content.decode()
    assert "This is your own case." in page
    assert "Record the decision" not in page
    assert "García" not in page


def test_an_order_that_is_only_looked_at_leads_to_the_page(rita: User, desk: Desk):
    row = make_row()
    answer = desk(rita).get(address(row, "decide"))
    assert answer.status_code == 302
    assert answer["Location"] == address(row)


@pytest.mark.parametrize("key", ["11111111-1111-4111-8111-111111111111", "nonsense", "1"])
def test_an_unknown_case_is_a_404(key: str, rita: User, desk: Desk):
    assert desk(rita).get(f"/admin/onboarding/case/{key}/change/").status_code == 404
