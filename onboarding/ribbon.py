"""The ribbon: one picture of a case, its past and its exact future, from a snapshot.

Pure: words come in as functions, so that the applicant, the desk and support each get their own. It shows no
moment that didn't happen and none that no timer is set for. Positions are in units of the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap

from onboarding.domain.case import Event
from onboarding.domain.deadlines import Wakeup
from onboarding.domain.snapshot import Snapshot

WIDTH, HEIGHT = 1000, 112
LINE_Y = 26
MARGIN = 62
"""Half of a label: it is centred under its point."""
LINE_CHARACTERS = 15
"""As many as fit between two points of a full ribbon."""
SHOWN = 4
"""Of past and future each: the outermost and those around now."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something that happened or is planned. `lines` is the label in pieces that fit under the point."""

    x: int
    at: datetime
    words: str
    lines: tuple[str, ...]
    skipped: int = 0
    """So many moments between the point before and this one are left out."""


@dataclass(frozen=True, slots=True)
class Ribbon:
    """`past` is drawn solid and `future` hollow; between them, at `now_x`, stands now."""

    past: tuple[Point, ...]
    future: tuple[Point, ...]
    now: datetime
    now_x: int
    width: int = WIDTH
    height: int = HEIGHT
    line_y: int = LINE_Y

    @property
    def start_x(self) -> int:
        return self.past[0].x if self.past else self.now_x

    @property
    def end_x(self) -> int:
        return self.future[-1].x if self.future else self.now_x


Moment = tuple[datetime, str]


def ribbon(
    snap: Snapshot, *, past_words: Callable[[Event], str], future_words: Callable[[Wakeup], str]
) -> Ribbon:
    """Places what happened and what will happen if nobody acts.

    Args:
        past_words: a few words for an event, or an empty text for one that these readers don't see.
        future_words: the same for a planned moment.
    """
    past = [(event.at, text) for event in snap.case.history if (text := past_words(event))]
    future = [(wakeup.at, text) for wakeup in snap.future if (text := future_words(wakeup))]
    kept_past, gap_past = _around(past, outermost_first=True)
    kept_future, gap_future = _around(future, outermost_first=False)
    columns = len(kept_past) + 1 + len(kept_future)
    now = len(kept_past)
    return Ribbon(
        past=_points(kept_past, gap_past, range(now), columns),
        future=_points(kept_future, gap_future, range(now + 1, columns), columns),
        now=snap.now,
        now_x=_x(now, columns),
    )


def _around(moments: Sequence[Moment], *, outermost_first: bool) -> tuple[list[Moment], tuple[int, int]]:
    """The moments that are shown, and where how many are left out: (index of the point after, number)."""
    surplus = len(moments) - SHOWN
    if surplus <= 0:
        return list(moments), (0, 0)
    if outermost_first:
        return [moments[0], *moments[surplus + 1 :]], (1, surplus)
    return [*moments[: SHOWN - 1], moments[-1]], (SHOWN - 1, surplus)


def _points(
    moments: Sequence[Moment], gap: tuple[int, int], places: Iterable[int], columns: int
) -> tuple[Point, ...]:
    return tuple(
        Point(
            x=_x(place, columns),
            at=at,
            words=words,
            lines=tuple(wrap(words, LINE_CHARACTERS, max_lines=2, placeholder=" …")),
            skipped=gap[1] if gap[1] and number == gap[0] else 0,
        )
        for number, (place, (at, words)) in enumerate(zip(places, moments, strict=True))
    )


def _x(place: int, columns: int) -> int:
    """Evenly spaced: a true scale would put ten minutes of forms and two weeks of waiting on one another."""
    if columns == 1:
        return WIDTH // 2
    return MARGIN + place * (WIDTH - 2 * MARGIN) // (columns - 1)
