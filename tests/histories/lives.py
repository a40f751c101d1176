"""The lives whose histories are kept: each is one path that running cases are on when a release comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from onboarding.domain.status import CaseStatus, Slot
from tests.domain.builders import (
    REVIEWER,
    approve,
    ask_again,
    claim,
    extend,
    pause,
    release,
    reopen,
    resume,
    uploaded,
    verified,
    withdrawn,
)
from tests.temporal.fake_activities import RecordingActivities, fine, unmeasured
from tests.temporal.life import Life

LONG_LIFE_EVENTS = 80


def happy_life(life: Life) -> None:
    """Sign-up, review, approval, follow-up, end."""
    life.in_review()
    life.order(claim())
    life.order(approve(life.case))
    life.forward(timedelta(days=8))


def checked_at_once(life: Life) -> None:
    """The same with pictures that were measured when they came in."""
    life.port.at_once = fine
    happy_life(life)
    life.port.at_once = unmeasured


def resubmission(life: Life) -> None:
    """Reminded twice, asked again, handed in again, approved; not over yet."""
    life.collecting()
    life.forward(timedelta(days=4))
    life.handed_in().until(CaseStatus.IN_REVIEW)
    life.order(ask_again(life.case, Slot.PASSPORT))
    life.forward(timedelta(days=3))
    life.handed_in().until(CaseStatus.IN_REVIEW)
    life.order(approve(life.case))


def expiry(life: Life) -> None:
    """Extended and paused, then silence to the very end."""
    life.collecting()
    life.order(extend(timedelta(days=2)))
    life.order(pause())
    life.forward(timedelta(days=2))
    life.order(resume())
    life.forward(timedelta(days=90))


def withdrawal(life: Life) -> None:
    """With signals that nobody understands before it."""
    life.collecting()
    life.signal("nonsense", 1)
    life.signal("submitted", "not a fact")
    life.tell(withdrawn(life.now))
    life.tell(uploaded(life.now, Slot.PASSPORT))


def reopening(life: Life) -> None:
    """Expired although the address had been confirmed in time; and withdrawn, and asked back."""
    handed_in = life.begin().now
    life.forward(timedelta(days=8))
    life.tell(verified(handed_in))
    life.tell(withdrawn(life.now))
    life.order(reopen())
    life.forward(timedelta(days=2))


def long_life(life: Life) -> None:
    """Claimed and released until several runs have continued one another; escalated meanwhile."""
    life.in_review()
    for _ in range(12):
        life.order(claim(REVIEWER))
        life.order(release(REVIEWER))
    life.flood(40)
    life.forward(timedelta(hours=25))
    life.order(approve(life.case))


LIVES: dict[str, Callable[[Life], None]] = {
    "happy-life": happy_life,
    "checked-at-once": checked_at_once,
    "resubmission": resubmission,
    "expiry": expiry,
    "withdrawal": withdrawal,
    "reopening": reopening,
    "long-life": long_life,
}


def make_life(name: str, port: RecordingActivities) -> Life:
    """A case for one of the lives, started as a sign-up does it; only the long one continues as new."""
    life = Life(port, continue_after_events=LONG_LIFE_EVENTS if name == "long-life" else 0)
    life.start = replace(life.start, recorded=1)
    return life
