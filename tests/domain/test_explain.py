"""Sentences: every status says who must act and why it came to this, and no gap stays open."""

import pytest

from onboarding.domain.case import Case
from onboarding.domain.explain import CAUSES, Sentence, status_sentence, why
from onboarding.domain.status import DocumentType, EventKind, Slot
from onboarding.domain.timers import future, ring

from .builders import (
    DAY,
    HOUR,
    PLACES,
    T0,
    at_the_deadline,
    checked,
    complete,
    delivered,
    extend,
    heard,
    make_case,
    profiled,
    reopen,
    rung,
    uploaded,
    walked,
)
from .gaps import unfilled

SAYS = {
    "email_pending": "It's your turn: confirm your e-mail address by {by}.",
    "new": "It's your turn: tell us your details by {by}.",
    "collecting": "It's your turn: add {items} by {by}.",
    "complete": "Everything is here. It's your turn: submit it by {by}.",
    "checking": "We are checking your pictures. You don't need to do anything.",
    "in_review": "We are looking at it. You don't need to do anything.",
    "claimed": "We are looking at it. You don't need to do anything.",
    "resubmission": "It's your turn: send {items} again by {by}.",
    "resubmission_complete": "Everything is here again. It's your turn: submit it by {by}.",
    "approved": "You are approved. Your account is active.",
    "rejected": "We could not accept your application.",
    "expired": ("The application was closed because the deadline passed. It can be reopened until {until}."),
    "over": "The application was closed because the deadline passed.",
    "withdrawn": "The application was withdrawn. It can be reopened until {until}.",
}
PAUSED = "The application is paused since {since}. It goes on by itself at {until}."
CAUSE = {
    "email_pending": "Signed up at {at}.",
    "new": "The e-mail address was confirmed at {at}.",
    "checking": "Everything was submitted at {at}.",
    "in_review": "The automated checks were finished at {at}.",
    "resubmission": "At {at} a reviewer asked for something again.",
    "approved": "A reviewer approved it at {at}.",
    "rejected": "A reviewer refused it at {at}.",
    "expired": "Closed at {at}: {items} did not arrive in time.",
    "withdrawn": "Withdrawn at {at}.",
}


def test_every_place_has_a_sentence_in_the_table() -> None:
    assert {place for place in PLACES if "paused" not in place} == set(SAYS)
    assert {make_case(place).status for place in CAUSE} == {make_case(place).status for place in PLACES}


@pytest.mark.parametrize("place", PLACES)
def test_every_place_says_who_must_act_and_fills_its_gaps(place: str) -> None:
    """Mutant seen red: a gap with another name than its filling."""
    case = make_case(place)
    sentence = status_sentence(case)
    assert sentence.text == (PAUSED if case.paused else SAYS[place])
    assert unfilled(sentence) == set()


@pytest.mark.parametrize("place", PLACES)
def test_every_moment_of_a_forecast_life_is_explained(place: str) -> None:
    case = make_case(place)
    for wakeup in (None, *future(case)):
        case = ring(case, wakeup.at) if wakeup else case
        causes = why(case)
        assert causes
        assert not [gap for each in (status_sentence(case), *causes) for gap in unfilled(each)]


@pytest.mark.parametrize("place", CAUSE)
def test_the_first_cause_is_how_the_case_came_here(place: str) -> None:
    assert why(make_case(place))[0].text == CAUSE[place]


def test_every_event_that_changes_a_status_has_a_cause() -> None:
    """Mutant seen red: one line of `CAUSES` less."""
    lives: list[Case] = [make_case(place) for place in PLACES]
    lives += [walked(case, lambda case: not future(case)) for case in lives]
    retaken = make_case("checking")
    lives += [
        heard(retaken, checked(retaken, T0, Slot.ID_FRONT), T0),
        heard(make_case("expired"), reopen(), T0),
    ]
    found = {event.kind for case in lives for event in case.history if event.came_from}
    assert found | {EventKind.SIGNED_UP} == set(CAUSES) | {EventKind.EXPIRED}


def test_an_expiry_tells_its_whole_story() -> None:
    """Expired because no ID arrived; reminders were delivered; extended once by support."""
    case = rung(make_case("collecting"), T0 + DAY)
    case = heard(case, delivered(case, T0 + DAY), T0 + DAY)
    case = heard(case, extend(DAY), T0 + 2 * DAY)
    case = walked(case, lambda case: not case.is_open)
    assert [sentence.text for sentence in why(case)] == [
        "Closed at {at}: {items} did not arrive in time.",
        "Reminders delivered: {count}.",
        "The deadline was extended {count} time(s), last at {at}.",
    ]
    first, second, third = why(case)
    assert first.names["items"] == ("the front of your ID card", "the back of your ID card")
    assert second.numbers == {"count": 1}
    assert third.moments == {"at": T0 + 2 * DAY}


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("email_pending", "Closed at {at}: the e-mail address was not confirmed in time."),
        ("complete", "Closed at {at}: the application was not submitted in time."),
    ],
)
def test_an_expiry_names_what_did_not_come(place: str, text: str) -> None:
    assert why(walked(make_case(place), lambda case: not case.is_open))[0].text == text


def test_a_case_reopened_by_a_late_fact_names_both_moments() -> None:
    case = heard(make_case("expired"), uploaded(T0 + 14 * DAY), T0 + 16 * DAY)
    assert why(case)[0] == Sentence(
        "Reopened at {at}: something handed in at {handed_in}, before the deadline, reached us late.",
        moments={"at": T0 + 16 * DAY, "handed_in": T0 + 14 * DAY},
    )


def test_a_late_review_is_admitted() -> None:
    """Mutant seen red: the sentence of an overdue review is that of any review."""
    case = rung(make_case("in_review"), T0 + 24 * HOUR)
    sentence = status_sentence(case)
    assert sentence.text.startswith("This takes longer than the {hours} hours we promised.")
    assert sentence.numbers == {"hours": 24}
    assert sentence.moments == {"at": T0 + 24 * HOUR}
    case = ring(case, T0 + 48 * HOUR)
    assert unfilled(status_sentence(case)) == set()


def test_a_retake_is_named_as_such() -> None:
    case = make_case("checking")
    case = heard(case, checked(case, T0, Slot.ID_BACK), T0)
    sentence = status_sentence(case)
    assert sentence.text == "It's your turn: take {items} again by {by}."
    assert sentence.names == {"items": ("the back of your ID card",)}


def test_a_passport_is_one_picture() -> None:
    case = heard(make_case("new"), profiled(T0, DocumentType.PASSPORT), T0)
    assert status_sentence(case).names == {"items": ("the photo page of your passport",)}
    assert complete(case, T0).documents[0].state == "uploaded"


def test_the_deadline_of_a_sentence_is_the_deadline() -> None:
    assert status_sentence(at_the_deadline("collecting")).moments == {"by": T0 + 14 * DAY}
