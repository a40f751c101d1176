"""What can be said about a stored page without a person: what asks for a new picture, and mere hints.

They catch bad pictures, not forgeries. Only clear cases are unusable. The thresholds follow from drawn
pictures that were degraded (`tests/documents/calibration.py`); docs/checks.md has the table, and nothing
beyond it is claimed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from onboarding.documents import limits, sandbox
from onboarding.documents.frames import MEASURE
from onboarding.documents.prints import Print
from onboarding.domain.findings import Check, Light

UNUSABLE_SIDE_PIXELS = 300
"""Below this shorter side nobody can read an ID card."""
LOW_RESOLUTION_SIDE_PIXELS = 600
"""About 280 dpi on an ID card; small print is hard to read below."""
BLANK_SPREAD = 3.0
"""Standard deviation of the grey values (0 to 255). One line of print on a page gives 8 or more."""
BLANK_EDGES, BLANK_CONTRAST = 2, 35
"""No edge above noise, and nearly one shade: a table, a wall, a finger."""
UNUSABLE_BRIGHTEST, DARK_BRIGHTEST = 14, 70
"""The grey level of the brightest parts: paper in daylight has 160 and more."""
UNUSABLE_SHARPNESS, BLURRED_SHARPNESS = 0.028, 0.2
"""The height of the sharpest edges, as a share of the contrast:

at most 0.5; print in focus has 0.3 and more.
"""
LEAST_CONTRAST = 20
"""Below this, sharpness is a quotient of small numbers and means nothing."""
WASHED_OUT_WHITE = 0.8
UNUSABLE_DETAIL, WASHED_OUT_DETAIL = 0.04, 0.12
"""The share of the page with anything as fine as print, where most of it is white."""
GLARE_WHITE, GLARE_HALO = 0.03, 0.008
"""The share that is white, and of the light around it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one check says of one page.

    An `unusable` page must be taken again and its `code` is one of `domain.reasons.ITEM_CODES`; any other
    code is a hint for the reviewer.
    """

    check: Check
    light: Light
    code: str = ""
    unusable: bool = False
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measures:
    """Of one page, as `measuring.measures_of` describes them; levels are grey values, shares from 0 to 1."""

    width: int
    height: int
    spread: float
    brightest: int
    contrast: int
    edges: int
    detail: float
    white: float
    halo: float

    @property
    def sharpness(self) -> float:
        return self.edges / max(self.contrast, LEAST_CONTRAST)


@dataclass(frozen=True, slots=True)
class Page:
    """One examined page. `turns` are its prints, upright first; empty where it could not be opened."""

    sha256: str
    judgements: tuple[Judgement, ...]
    turns: tuple[Print, ...] = ()


def examine(stored: bytes, *, is_print: bool = True, measured: dict[str, Any] | None = None) -> Page:
    """Looks at one stored page.

    Idempotency: asks nothing but its arguments. Budget: nothing where it was measured when it came in; else
    five seconds, usually a third.

    Args:
        is_print: whether print is expected on it; a face has no sharp edges.
        measured: what `plain` gave for the same page.

    Raises:
        sandbox.DecoderBusy: nothing was found out; try again.
    """
    digest = hashlib.sha256(stored).hexdigest()
    try:
        measures, turns = _known(measured) or measure(stored)
    except sandbox.DecoderDied:
        return Page(digest, (Judgement(Check.READABLE, Light.BAD, "unreadable", unusable=True),))
    return Page(digest, tuple(judge(measures, is_print=is_print)), turns)


def measure(page: bytes) -> tuple[Measures, tuple[Print, ...]]:
    """Measures one stored page, in the limited process.

    Raises:
        sandbox.DecoderDied: it is no picture any more.
        sandbox.DecoderBusy: nothing was found out.
    """
    header, _ = sandbox.run(MEASURE, page)
    try:
        return measures_from(header)
    except (KeyError, TypeError, ValueError) as error:
        raise sandbox.DecoderDied from error


def is_measured(measured: dict[str, Any] | None) -> bool:
    """Whether these are numbers of today's `measuring`, which spare opening the page."""
    return measured is not None and measured.get("version") == limits.MEASURES_VERSION


def _known(measured: dict[str, Any] | None) -> tuple[Measures, tuple[Print, ...]] | None:
    return measures_from(measured) if measured and is_measured(measured) else None


def plain(header: dict[str, Any]) -> dict[str, Any]:
    """What the limited process measured, as it may be kept: numbers and prints, nothing else of what it said.

    Raises:
        KeyError, TypeError, ValueError: it is not what `measures_from` takes.
    """
    measures, turns = measures_from(header)
    return {
        "version": int(header["version"]),
        **asdict(measures),
        "turns": [{"phash": turn.phash, "dhash": turn.dhash} for turn in turns],
    }


def measures_from(header: dict[str, Any]) -> tuple[Measures, tuple[Print, ...]]:
    """What the limited process said, believed only as far as its types go.

    Raises:
        KeyError, TypeError, ValueError: it said something else.
    """
    measures = Measures(
        width=int(header["width"]),
        height=int(header["height"]),
        spread=float(header["spread"]),
        brightest=int(header["brightest"]),
        contrast=int(header["contrast"]),
        edges=int(header["edges"]),
        detail=float(header["detail"]),
        white=float(header["white"]),
        halo=float(header["halo"]),
    )
    turns = tuple(
        Print(f"{int(turn['phash'], 16):016x}"[-16:], f"{int(turn['dhash'], 16):0256x}"[-256:])
        for turn in header["turns"]
    )
    if len(turns) != 4:
        raise ValueError("turns")
    return measures, turns


def judge(measures: Measures, *, is_print: bool = True) -> Iterator[Judgement]:
    """What follows from the measures of one page: a judgement for each check that could be made."""
    yield _resolution(min(measures.width, measures.height))
    if measures.brightest < UNUSABLE_BRIGHTEST:
        yield Judgement(Check.EXPOSURE, Light.BAD, "too_dark", unusable=True)
        return  # in the dark nothing else can be seen
    is_even = measures.edges <= BLANK_EDGES and measures.contrast < BLANK_CONTRAST
    if measures.spread < BLANK_SPREAD or is_even:
        yield Judgement(Check.CONTENT, Light.BAD, "blank", unusable=True)
        return
    yield Judgement(Check.CONTENT, Light.GOOD)
    yield from _light(measures)
    if is_print and measures.contrast >= LEAST_CONTRAST:
        yield _sharpness(measures.sharpness)


def _resolution(shorter: int) -> Judgement:
    params = {"pixels": str(shorter)}
    if shorter < UNUSABLE_SIDE_PIXELS:
        return Judgement(Check.RESOLUTION, Light.BAD, "too_small", True, params)
    if shorter < LOW_RESOLUTION_SIDE_PIXELS:
        return Judgement(Check.RESOLUTION, Light.WARN, "low_resolution", params=params)
    return Judgement(Check.RESOLUTION, Light.GOOD, params=params)


def _light(measures: Measures) -> Iterator[Judgement]:
    washed_out = measures.white >= WASHED_OUT_WHITE and measures.detail < WASHED_OUT_DETAIL
    if measures.brightest < DARK_BRIGHTEST:
        yield Judgement(Check.EXPOSURE, Light.WARN, "too_dark")
    elif washed_out:
        yield Judgement(Check.EXPOSURE, Light.WARN, "too_bright")
    else:
        yield Judgement(Check.EXPOSURE, Light.GOOD)
    if washed_out and measures.detail < UNUSABLE_DETAIL:
        yield Judgement(Check.GLARE, Light.BAD, "glare", unusable=True)
    elif measures.white >= GLARE_WHITE and measures.halo >= GLARE_HALO:
        yield Judgement(Check.GLARE, Light.WARN, "glare")
    else:
        yield Judgement(Check.GLARE, Light.GOOD)


def _sharpness(sharpness: float) -> Judgement:
    if sharpness < UNUSABLE_SHARPNESS:
        return Judgement(Check.SHARPNESS, Light.BAD, "blurred", unusable=True)
    if sharpness < BLURRED_SHARPNESS:
        return Judgement(Check.SHARPNESS, Light.WARN, "blurred")
    return Judgement(Check.SHARPNESS, Light.GOOD)
