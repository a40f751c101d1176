"""What can be said about stored pages without a person: findings that ask for a new picture, and mere hints.

They catch bad pictures, not forgeries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.documents import sandbox
from onboarding.documents.decode import MEASURE

UNUSABLE_SIDE_PIXELS = 300
"""Below this shorter side nobody can read an ID card."""
LOW_RESOLUTION_SIDE_PIXELS = 600
"""About 280 dpi on an ID card; small print is hard to read below."""
BLANK_SPREAD = 3.0
"""Standard deviation of the grey values (0 to 255). One line of print on a page gives 8 or more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something noticed on one page.

    `page` counts from 0 in what was examined. An `unusable` page must be taken again and its `code` is one of
    `domain.reasons.ITEM_CODES`; any other finding is a hint for the reviewer.
    """

    code: str
    page: int
    unusable: bool


@dataclass(frozen=True, slots=True)
class Measures:
    """Of one page: sides in pixels, `spread` is the standard deviation of its grey values."""

    width: int
    height: int
    spread: float


def examine(pages: Sequence[bytes]) -> tuple[Finding, ...]:
    """Looks at the stored pages of one submission together, in the order in which the case names them.

    A document of two pages is unusable only if both are: that is for the caller to say. Of pages with
    the same bytes the later ones are found.

    Idempotency: asks nothing but its argument. Budget: five seconds a page, usually a tenth.

    Raises:
        sandbox.DecoderBusy: nothing was found out; try again.
    """
    findings = list(_same_pictures(pages))
    for number, page in enumerate(pages):
        try:
            findings += judge(measure(page), number)
        except sandbox.DecoderDied:
            findings.append(Finding("unreadable", number, unusable=True))
    return tuple(sorted(findings, key=lambda finding: finding.page))


def measure(page: bytes) -> Measures:
    """Measures one stored page, in the limited process.

    Raises:
        sandbox.DecoderDied: it is no picture any more.
        sandbox.DecoderBusy: nothing was found out.
    """
    header, _ = sandbox.run(MEASURE, page)
    try:
        return Measures(int(header["width"]), int(header["height"]), float(header["spread"]))
    except (KeyError, TypeError, ValueError) as error:
        raise sandbox.DecoderDied from error


def judge(measures: Measures, page: int) -> tuple[Finding, ...]:
    """What follows from the measures of one page: at most one finding about size and one about content."""
    findings = []
    shorter = min(measures.width, measures.height)
    if shorter < UNUSABLE_SIDE_PIXELS:
        findings.append(Finding("too_small", page, unusable=True))
    elif shorter < LOW_RESOLUTION_SIDE_PIXELS:
        findings.append(Finding("low_resolution", page, unusable=False))
    if measures.spread < BLANK_SPREAD:
        findings.append(Finding("blank", page, unusable=True))
    return tuple(findings)


def _same_pictures(pages: Sequence[bytes]) -> list[Finding]:
    seen: set[str] = set()
    findings = []
    for number, page in enumerate(pages):
        digest = hashlib.sha256(page).hexdigest()
        if digest in seen:
            findings.append(Finding("same_picture", number, unusable=True))
        seen.add(digest)
    return findings
