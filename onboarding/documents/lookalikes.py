"""The same picture in another file: within a submission, sent again, or in another case.

What a page looks like is kept before anybody looks for it, so that of two cases that send the same picture
at the same moment at least one is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from onboarding.documents import prints
from onboarding.documents.prints import Print
from onboarding.documents.quality import Page
from onboarding.models.checks import PagePrint
from onboarding.models.documents import Document

MOST_CANDIDATES = 1_000
"""Pages that share a band and are compared. A band that more pages share says little about any of them."""


@dataclass(frozen=True, slots=True)
class Examined:
    """One page of one upload, and what was found of it. `number` counts from 1."""

    document: Document
    number: int
    page: Page


@dataclass(frozen=True, slots=True)
class Twin:
    """A page that looks the same. `is_same` leaves no doubt: equal bytes, or merely saved again."""

    document: Document
    is_same: bool


def remember(pages: Sequence[Examined]) -> None:
    """Keeps what these pages look like.

    Idempotency: once per document and page; what is there stays.
    """
    PagePrint.objects.bulk_create(
        [
            PagePrint(
                document=each.document,
                page=each.number,
                sha256=each.page.sha256,
                **_columns(each.page.turns[0]),
            )
            for each in pages
            if each.page.turns
        ],
        ignore_conflicts=True,
    )


def _columns(upright: Print) -> dict[str, object]:
    if not upright.is_telling:
        return {}
    bands = {f"band_{place}": band for place, band in enumerate(upright.bands)}
    return {"phash": upright.phash, "dhash": upright.dhash, **bands}


def twins(page: Page, *, besides: Sequence[uuid.UUID]) -> Iterator[Twin]:
    """Stored pages that look like this one, in any case.

    Args:
        besides: documents that are left out: those of the submission itself.

    Budget: one query by indexes, and at most `MOST_CANDIDATES` comparisons.
    """
    rows = candidates(page).exclude(document__in=besides).select_related("document")[:MOST_CANDIDATES]
    for row in rows:
        if row.sha256 == page.sha256:
            yield Twin(row.document, is_same=True)
        elif row.dhash:
            found = likeness(page, Print(row.phash, row.dhash))
            if found is not None:
                yield Twin(row.document, is_same=found)


def candidates(page: Page) -> QuerySet[PagePrint]:
    """Pages with the same bytes, or with a band in common in any of the four turns.

    No order: by index only.
    """
    telling = [turn for turn in page.turns if turn.is_telling]
    conditions = [Q(sha256=page.sha256)]
    if telling:
        conditions += [
            Q(**{f"band_{place}__in": sorted({turn.bands[place] for turn in telling})})
            for place in range(prints.BANDS)
        ]
    return PagePrint.objects.filter(reduce(or_, conditions))


def likeness(page: Page, other: Print) -> bool | None:
    """None where they don't look the same in any turn; True where one is the other saved again."""
    found = [each for turn in page.turns if (each := prints.difference(turn, other)) is not None]
    return min(found) <= prints.SAME_CELLS if found else None
