"""Times in the reader's own zone."""

from __future__ import annotations

import pytest
from django.test import Client

from onboarding.models.people import User
from tests.web.people import Applicant, words

pytestmark = pytest.mark.database


def test_zone_of_the_browser_is_used_and_kept(ana: Applicant) -> None:
    ana.client.cookies["time_zone"] = "Asia/Tokyo"
    assert "All times are shown for Asia/Tokyo" in words(ana.get("case"))
    assert User.objects.get().time_zone == "Asia/Tokyo"


def test_zone_of_the_account_is_used_where_the_browser_says_nothing(ana: Applicant) -> None:
    User.objects.update(time_zone="Asia/Tokyo")
    assert "All times are shown for Asia/Tokyo" in words(ana.get("case"))


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 500, "/etc/passwd", "Europe"])
def test_nonsense_is_read_as_nothing(ana: Applicant, zone: str) -> None:
    ana.client.cookies["time_zone"] = zone
    assert "All times are shown for UTC" in words(ana.get("case"))
    assert User.objects.get().time_zone == ""


def test_visitor_without_a_session_costs_no_look_up(
    browser: Client, django_assert_num_queries: object
) -> None:
    browser.cookies["time_zone"] = "Asia/Tokyo"
    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's fixture
        browser.get("/livez")
