"""The search box of every page: one hit opens its case, several are listed, and nothing typed gets about."""

from __future__ import annotations

import logging

import pytest
from django.contrib import admin
from django.urls import reverse

from onboarding.desk import searching
from onboarding.models.people import User
from onboarding.records import search
from tests.desk.cases import address, make_row
from tests.desk.conftest import Desk

pytestmark = [pytest.mark.database, pytest.mark.django_db]

FIND = reverse("admin:desk_find")


@pytest.mark.parametrize(
    "page",
    ["index", "onboarding_case_changelist", "desk_find", "desk_dashboard", "onboarding_reason_changelist"],
)
def test_the_box_stands_on_every_page_and_sends_what_is_typed_as_a_post(page: str, rita: User, desk: Desk):
    shown = desk(rita).get(reverse(f"admin:{page}")).content.decode()
    assert shown.count(f'id="find-case" role="search" method="post" action="{FIND}"') == 1


def test_no_list_of_the_desk_searches_persons_by_its_address():
    """Their boxes send what is typed as part of the address. Mutant seen red: accounts searched by e-mail."""
    harmless = {"case__reference", "code", "wordings__text", "label", "user__integration__name"}
    searched = {field for each in admin.site._registry.values() for field in each.search_fields}
    assert searched <= harmless


def test_one_hit_opens_its_case(sue: User, desk: Desk):
    """Mutant: a list with one line."""
    row = make_row("Berta Bosch")
    make_row("Carla Costa")
    answer = desk(sue).post(FIND, {"q": "bosch"})
    assert (answer.status_code, answer["Location"]) == (302, address(row))


def test_what_was_typed_stands_in_no_address_and_no_log(
    sue: User, desk: Desk, caplog: pytest.LogCaptureFixture
):
    """Mutant: the text as the key of the results."""
    for name in ("Quim Querol", "Quim Quadras"):
        make_row(name)
    client = desk(sue)
    with caplog.at_level(logging.DEBUG, logger="django.request"):
        answer = client.post(FIND, {"q": "quim"}, follow=True)
    assert answer.redirect_chain[0][1] == 303
    assert "quim" not in answer.redirect_chain[0][0].lower()
    assert "quim" not in caplog.text.lower()
    page = answer.content.decode()
    assert page.count("Q··· Q···") == 2
    assert "Querol" not in page


def test_the_key_of_a_search_is_worth_nothing_to_a_colleague(sue: User, rita: User, desk: Desk):
    """And after half an hour nothing to its owner. Mutant: no look at the age in `_kept`."""
    for name in ("Quim Querol", "Quim Quadras"):
        make_row(name)
    client = desk(sue)
    where = client.post(FIND, {"q": "quim"})["Location"]
    assert desk(rita).get(where).status_code == 404
    assert client.get(where).status_code == 200
    kept = client.session
    kept[searching.SESSION] = {
        key: [text, "2020-01-01T00:00:00+00:00"] for key, (text, _) in kept["searches"].items()
    }
    kept.save()
    answer = client.get(where)
    assert answer.status_code == 404
    assert "Type it once more" in answer.content.decode()


def test_pages_of_results_go_on_where_the_last_one_ended(sue: User, desk: Desk, monkeypatch):
    monkeypatch.setattr(search.find, "__defaults__", (None, 2))
    references = {make_row(f"Quim Q{letter}").reference for letter in "abcde"}
    client = desk(sue)
    where = client.post(FIND, {"q": "quim"})["Location"]
    seen: list[str] = []
    address = where
    for _ in range(3):
        page = client.get(address).content.decode()
        seen += [reference for reference in references if reference in page]
        after = page.partition('href="?after=')[2].partition('"')[0]
        address = f"{where}?after={after}"
    assert sorted(seen) == sorted(references)


@pytest.mark.parametrize("typed", ["", " ", "a\0b", "x" * 201])
def test_what_cannot_be_looked_for_is_answered_with_a_sentence(typed: str, sue: User, desk: Desk):
    answer = desk(sue).post(FIND, {"q": typed})
    assert answer.status_code == 400
    assert 'class="error"' in answer.content.decode()


@pytest.mark.parametrize("after", ["", "x", "-1", "1" * 40, "0" * 5000, "٣", "1.5", "999999999"])
def test_a_strange_place_to_go_on_is_the_beginning(after: str, sue: User, desk: Desk):
    for name in ("Quim Querol", "Quim Quadras"):
        make_row(name)
    client = desk(sue)
    where = client.post(FIND, {"q": "quim"})["Location"]
    assert client.get(where, {"after": after}).content.decode().count("Q··· Q···") == 2


def test_nothing_found_says_what_to_try(sue: User, desk: Desk):
    page = desk(sue).post(FIND, {"q": "nobody"}, follow=True).content.decode()
    assert "No case fits" in page
    assert 'value="nobody"' in page
