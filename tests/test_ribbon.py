"""The ribbon: past and future of a case in order, without anything that didn't happen or isn't planned."""

from __future__ import annotations

from itertools import pairwise

import pytest

from onboarding.domain.case import Case
from onboarding.domain.snapshot import snapshot
from onboarding.domain.timers import future
from onboarding.ribbon import HEIGHT, LINE_CHARACTERS, MARGIN, SHOWN, WIDTH, Ribbon, ribbon
from tests.domain.builders import PLACES, make_case


def drawn(case: Case) -> Ribbon:
    return ribbon(
        snapshot(case, case.changed_at),
        past_words=lambda event: event.kind.replace("_", " "),
        future_words=lambda wakeup: wakeup.kind.replace("_", " "),
    )


@pytest.fixture(params=PLACES)
def case(request: pytest.FixtureRequest) -> Case:
    return make_case(request.param)


def test_it_shows_no_moment_that_did_not_happen_and_none_that_no_timer_is_set_for(case: Case) -> None:
    """Mutant seen red: future moments are put a day later."""
    picture = drawn(case)
    happened = {(event.at, event.kind.replace("_", " ")) for event in case.history}
    planned = {(wakeup.at, wakeup.kind.replace("_", " ")) for wakeup in future(case, case.changed_at)}
    assert {(point.at, point.words) for point in picture.past} <= happened
    assert {(point.at, point.words) for point in picture.future} <= planned


def test_time_runs_from_left_to_right_and_now_lies_between(case: Case) -> None:
    """Mutant seen red: the history newest first."""
    picture = drawn(case)
    points = [*picture.past, *picture.future]
    places = [*(point.x for point in picture.past), picture.now_x, *(point.x for point in picture.future)]
    assert all(left.at <= right.at for left, right in pairwise(points))
    assert all(right - left >= (WIDTH - 2 * MARGIN) // (2 * SHOWN) for left, right in pairwise(places))
    assert places[0] >= MARGIN
    assert places[-1] <= WIDTH - MARGIN
    assert (picture.start_x, picture.end_x) == (places[0], places[-1])


def test_what_is_left_out_is_counted_where_it_would_stand(case: Case) -> None:
    """Mutant seen red: the gap is counted one too short."""
    picture = drawn(case)
    for shown, all_of_them in (
        (picture.past, case.history),
        (picture.future, future(case, case.changed_at)),
    ):
        assert len(shown) <= SHOWN
        assert len(shown) + sum(point.skipped for point in shown) == len(all_of_them)
        if len(all_of_them) > SHOWN:
            assert shown[0].at == all_of_them[0].at
            assert shown[-1].at == all_of_them[-1].at


def test_what_these_readers_do_not_see_leaves_no_trace() -> None:
    """Mutant seen red: moments without words are drawn, or counted as left out."""
    case = make_case("claimed")
    picture = ribbon(
        snapshot(case, case.changed_at),
        past_words=lambda event: "claimed" if event.kind == "claimed" else "",
        future_words=lambda _wakeup: "",
    )
    assert [point.words for point in picture.past] == ["claimed"]
    assert picture.past[0].skipped == 0
    assert picture.future == ()
    assert picture.end_x == picture.now_x


def test_case_of_which_nothing_is_shown_is_just_now() -> None:
    """Mutant seen red: a division by the number of gaps, of which there are none."""
    case = make_case("email_pending")
    picture = ribbon(
        snapshot(case, case.changed_at), past_words=lambda _event: "", future_words=lambda _wakeup: ""
    )
    assert picture.start_x == picture.now_x == picture.end_x == WIDTH // 2


def test_labels_fit_under_their_points() -> None:
    """Also long ones, and words without an end. Mutant seen red: a label in one line."""
    case = make_case("collecting")
    words = "Donaudampfschifffahrtsgesellschaftskapitän und noch viel mehr davon"
    picture = ribbon(
        snapshot(case, case.changed_at), past_words=lambda _event: words, future_words=lambda _wakeup: words
    )
    for point in picture.past:
        assert point.words == words
        assert 1 <= len(point.lines) <= 2
        assert all(len(line) <= LINE_CHARACTERS for line in point.lines)
    assert picture.height == HEIGHT
