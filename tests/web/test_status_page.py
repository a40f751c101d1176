"""What the status page says beside the sentence: the ribbon, what an end means, what is folded away."""

from __future__ import annotations

import re
from typing import Any

import pytest

from onboarding.domain.deadlines import WakeupKind
from onboarding.domain.timers import future
from onboarding.records import projections, queries
from tests.domain.builders import approve, refuse_it, walked
from tests.web.people import Applicant, words
from tests.web.test_case_page import bring_to, in_review

pytestmark = pytest.mark.database


def ribbon_of(page: Any) -> str:
    """The text twin of the picture."""
    found = re.search(r'<div class="ribbon">.*?<ol>(.*?)</ol>', page.content.decode(), re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split())


def expired(ana: Applicant) -> None:
    projections.record(walked(queries.current_state(ana.case), lambda case: not case.is_open))


def over(ana: Applicant) -> None:
    projections.record(walked(queries.current_state(ana.case), lambda case: not future(case)))


def test_ribbon_stands_on_the_page_as_a_picture_and_as_a_list(ana: Applicant) -> None:
    """Mutant seen red: the list without the words of what is planned."""
    page = ana.get("case")
    text = ribbon_of(page)
    order = ["signed up", "e-mail confirmed", "now", "reminder 1", "reminder 2", "reminder 3", "closes"]
    places = [text.index(label) for label in order]
    assert places == sorted(places)
    assert "1 more step" in text
    picture = page.content.decode().split("<svg", 1)[1].split("</svg>", 1)[0]
    assert 'aria-hidden="true"' in picture
    assert "style" not in picture
    assert all(label in picture for label in ("reminder 1", "closes"))


def test_ribbon_of_an_open_case_ends_where_the_case_would(ana: Applicant) -> None:
    """Mutant seen red: the end of the reopening is drawn as well."""
    assert "closed for good" not in ribbon_of(ana.get("case"))
    expired(ana)
    assert "closed for good" in ribbon_of(ana.get("case"))


def test_expired_case_says_why_what_stays_and_who_can_reopen_it(ana: Applicant) -> None:
    """Mutant seen red: without `meaning`."""
    ana.give_details()
    expired(ana)
    page = words(ana.get("case"))
    assert "the photo page of your passport did not arrive in time" in page
    assert "What you have sent is kept as it is." in page
    assert re.search(r"You can reopen it with the button above until .* or ask our support", page)


def test_case_that_is_closed_for_good_promises_no_reopening(ana: Applicant) -> None:
    """Mutant seen red: the promise is made for every closed case."""
    over(ana)
    page = words(ana.get("case"))
    assert "The time for reopening it is over." in page
    assert "You can reopen it" not in page


def test_refused_and_approved_cases_promise_no_reopening_either(ana: Applicant) -> None:
    in_review(ana)
    bring_to(ana, refuse_it)
    page = words(ana.get("case"))
    assert "A person has looked at everything and decided this." in page
    assert "You can reopen it" not in page


def test_approved_case_is_explained_by_its_sentence_alone(ana: Applicant) -> None:
    in_review(ana)
    bring_to(ana, approve)
    assert 'class="meaning"' not in ana.get("case").content.decode()


def test_nothing_is_asked_of_somebody_whose_case_has_ended(ana: Applicant) -> None:
    """Mutant seen red: missing pictures of a closed case are marked as the next step."""
    ana.give_details()
    ana.post("case_withdraw")
    assert 'aria-current="step"' not in ana.get("case").content.decode()


def test_long_history_is_folded_away_but_all_there(ana: Applicant) -> None:
    """Mutant seen red: what is older than the newest five is left out."""
    ana.give_details()
    projections.record(
        walked(queries.current_state(ana.case), lambda case: future(case)[0].kind is WakeupKind.EXPIRY)
    )
    page = ana.get("case")
    older = page.content.decode().split('<details id="older">')[1].split("</details>")[0]
    assert "2 steps before" in older
    assert "You signed up." in older
    assert words(page).count("We reminded you by e-mail.") == 4


def test_late_review_is_told_honestly(ana: Applicant) -> None:
    in_review(ana)
    projections.record(walked(queries.current_state(ana.case), lambda case: case.escalation_level == 1))
    page = ana.get("case")
    assert "This takes longer than the 24 hours we promised. A senior reviewer was told at" in words(page)
    assert "late: senior told" in ribbon_of(page)
