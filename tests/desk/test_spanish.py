"""A colleague who reads Spanish: every page of the desk, and nothing of ours forgotten."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.models.people import User
from onboarding.models.reasons import Reason, ReasonWording
from tests.desk.cases import address, claimed, make_row, queue
from tests.desk.conftest import Desk, MakeStaff
from tests.languages.pseudo import forgotten

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("marked_spanish")]

NAMES = {
    "Onboarding",
    "Sofia",
    "Sanz",
    "Rita",
    "Romero",
    "Ana",
    "García",
    "ES",
    "API",
    "SLA",
    "UTC",
    "Temporal",
}
KNOWN = frozenset(NAMES | {"True", "False", "Search", "de", "las"})
"""Names, and what Django writes into pictures and dates without its catalogue."""
GROUPS = ("operator", "reviewer", "senior", "support")
TECHNICAL = re.compile(
    r"<(?:pre|code|kbd)[^>]*>.*?</(?:pre|code|kbd)>|\b[0-9a-f]{8}-[0-9a-f-]{27}\b", re.DOTALL
)


@pytest.fixture
def sofia(make_staff: MakeStaff, desk: Desk) -> Client:
    """May do everything, and reads Spanish."""
    user = make_staff("superuser", "Sofia Sanz")
    User.objects.filter(pk=user.pk).update(language="es")
    ReasonWording.objects.filter(
        language="es"
    ).delete()  # so that reasons come from the catalogue of messages
    user.refresh_from_db()
    return desk(user)


def left(client: Client, url: str, *names: str, but: re.Pattern[str] = TECHNICAL) -> list[str]:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    page = but.sub(" ", TECHNICAL.sub(" ", answer.content.decode()))
    assert '<html lang="es"' in page
    for name in names:
        page = page.replace(name, " ")
    return forgotten(page, KNOWN)


@pytest.mark.parametrize(
    "place", ["collecting", "checking", "in_review", "resubmission", "approved", "expired"]
)
def test_the_pages_of_a_case_are_spanish(place: str, sofia: Client) -> None:
    """Mutants seen red: statuses without their words; an event without its mark."""
    row = make_row(place=place)
    names = (row.reference, row.applicant.email)
    assert left(sofia, address(row), *names) == []
    assert left(sofia, reverse("admin:desk_support", args=[row.pk]), *names) == []


def test_the_queue_and_the_pages_beside_it_are_spanish(sofia: Client, rita: User) -> None:
    rows = [make_row(), claimed(make_row(), rita), make_row(place="collecting")]
    names = [row.reference for row in rows]
    for tab in ("", "unclaimed", "mine", "waiting", "all"):
        assert left(sofia, queue(tab), *names) == []
    for name in ("index", "desk_dashboard", "desk_parked", "desk_policy"):
        assert left(sofia, reverse(f"admin:{name}"), *names) == []


LISTS = ["auditevent", "email", "outboxmessage", "note", "reason", "user", "apitoken"]


@pytest.mark.parametrize("model", LISTS)
def test_the_tables_are_spanish(model: str, sofia: Client) -> None:
    """But for the filters, which say codes as they are. Mutant seen red: columns without their labels."""
    row = make_row()
    url = reverse(f"admin:onboarding_{model}_changelist")
    names = (row.reference, *GROUPS, *Reason.objects.values_list("code", flat=True))
    filters = re.compile(r'<nav id="changelist-filter".*?</nav>', re.DOTALL)
    assert left(sofia, url, *names, but=filters) == []


@pytest.mark.parametrize("model", ["reason", "user", "apitoken"])
def test_the_forms_are_spanish(model: str, sofia: Client) -> None:
    assert left(sofia, reverse(f"admin:onboarding_{model}_add"), *GROUPS) == []


def test_the_switch_stands_on_the_desk(sofia: Client) -> None:
    page = sofia.get(reverse("admin:index")).content.decode()
    assert '<form class="languages" method="post" action="/language/"' in page
    assert sofia.post("/language/", {"language": "en", "next": "/admin/"}).headers["Location"] == "/admin/"
    assert '<html lang="en"' in sofia.get(reverse("admin:index")).content.decode()
