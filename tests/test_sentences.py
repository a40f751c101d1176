"""Domain sentences as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from onboarding.domain.explain import Sentence
from onboarding.sentences import relative, spoken, spoken_moment

T0 = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(seconds=30), "now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=54), "in 54 minutes"),
        (timedelta(minutes=58), "in 1 hour"),
        (timedelta(hours=23, minutes=50), "in 23 hours"),
        (timedelta(days=1) - timedelta(seconds=5), "in 1 day"),
        (timedelta(days=14) - timedelta(seconds=5), "in 14 days"),
        (timedelta(days=-2), "2 days ago"),
    ],
)
def test_distance_is_told_in_the_largest_unit(ahead: timedelta, words: str) -> None:
    """A deadline set five seconds ago for 14 days is "in 14 days" (mutant: SLACK = 0 says 13)."""
    assert relative(T0 + ahead, T0) == words


def test_moment_names_its_zone_and_its_year_only_where_it_differs() -> None:
    with timezone.override(ZoneInfo("Europe/Madrid")):
        assert spoken_moment(T0 + timedelta(days=1), T0) == "Sun 22 Nov, 11:00 (CET), in 1 day"
        assert "2027" in spoken_moment(T0 + timedelta(days=60), T0)


def test_gaps_are_filled_and_lists_end_with_and() -> None:
    sentence = Sentence(
        "Send {items} {count} times.", numbers={"count": 2}, names={"items": ("the front", "the back")}
    )
    assert spoken(sentence, T0) == "Send the front and the back 2 times."
