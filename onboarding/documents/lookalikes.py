"""The same picture in another file: within a submission, sent again, or in another case.

What a page looks like is kept when it is handed in, before anybody looks for it, so that of two cases that
send the same picture at the same moment at least one is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from onboarding.documents import prints, quality
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


def remember_measured(uploads: Iterable[Document]) -> None:
    """Keeps what the pages of these documents look like, as far as they were measured when they came in.

    Idempotency: as `remember`.
    """
    rows: list[PagePrint] = []
    for upload in uploads:
        for number, kept in enumerate(upload.pages, start=1):
            if quality.is_measured(kept.get("measures")):
                _measures, turns = quality.measures_from(kept["measures"])
                rows.append(_row(upload, number, kept["sha256"], turns[0]))
    PagePrint.objects.bulk_create(rows, ignore_conflicts=True)


def remember(pages: Sequence[Examined]) -> None:
    """Keeps what these pages look like.

    Idempotency: once per document and page; what is there stays.
    """
    handed_in = PagePrint.objects.filter(document__in={each.document.pk for each in pages})
    known = set(handed_in.values_list("document", "page"))
    rows = [
        _row(each.document, each.number, each.page.sha256, each.page.turns[0])
        for each in pages
        if each.page.turns and (each.document.pk, each.number) not in known
    ]
    PagePrint.objects.bulk_create(rows, ignore_conflicts=True)  # asks nothing where there are none


def _row(document: Document, number: int, sha256: str, upright: Print) -> PagePrint:
    row = PagePrint(document=document, page=number, sha256=sha256)
    if upright.is_telling:
        row.phash, row.dhash = upright.phash, upright.dhash
        row.band_0, row.band_1, row.band_2, row.band_3 = upright.bands
    return row


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
