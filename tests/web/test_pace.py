"""A sign-up with a known address takes as long as a real one."""

from __future__ import annotations

import pytest

from onboarding.web import account_views, pace
from onboarding.web.pace import Pace
from tests.web.people import Applicant, sign_up


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been slept."""
    taken: list[float] = []
    monkeypatch.setattr(pace.time, "sleep", taken.append)
    return taken


def test_short_way_waits_for_the_rest_of_a_real_sign_up(naps: list[float]) -> None:
    steady = Pace()
    for _ in range(pace.REMEMBERED):
        steady.took(0.3)
    steady.keep(0.1)
    steady.keep(5.0)
    assert naps == pytest.approx([0.2, 0.0])


def test_one_very_slow_sign_up_holds_nobody_up_for_long(naps: list[float]) -> None:
    steady = Pace()
    for _ in range(pace.REMEMBERED):
        steady.took(60)
    steady.keep(0)
    assert naps == [pace.LONGEST_SECONDS]


@pytest.mark.database
def test_real_sign_ups_set_the_pace_and_are_not_slowed_down(
    ana: Applicant, naps: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant: a view that forgets `PACE.keep`."""
    fresh = Pace()
    monkeypatch.setattr(account_views, "PACE", fresh)
    sign_up(type(ana.client)(), "new@example.org")
    assert naps == []
    assert len(fresh._seconds) == 2
    sign_up(type(ana.client)(), ana.email)
    assert len(naps) == 1
