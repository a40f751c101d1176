"""The documents of a case as the desk shows them: pictures for reviewers, facts about them for the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from onboarding.desk.words import Moment, plain
from onboarding.domain.documents import Document as Item
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import Slot
from onboarding.models.cases import Case
from onboarding.models.documents import Document, Scan
from onboarding.sentences import reason_texts


@dataclass(frozen=True, slots=True)
class Picture:
    """One stored upload. `pages` are addresses of pictures; empty for who may not see them.

    `withheld` says why nobody may see it; empty when it isn't so.
    """

    uploaded: Moment
    size: str
    pages: tuple[str, ...]
    withheld: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One slot of the case: what is there now, what was there before it, and what was there still earlier."""

    slot: Slot
    name: str
    state: str
    reasons: tuple[str, ...]
    now: Picture | None
    before: Picture | None
    earlier: tuple[Picture, ...]


def papers(row: Case, snapshot: Snapshot, *, sees: bool, now: datetime) -> list[Paper]:
    """The documents that the snapshot names: those, and no newer ones, are what a decision is about."""
    stored = list(Document.objects.filter(case=row).order_by("-uploaded_at"))
    words = reason_texts(code for each in snapshot.case.documents for code in each.reasons)

    def picture(document: Document) -> Picture:
        pages = _pages(document) if sees else ()
        return Picture(Moment.of(document.uploaded_at, now), _size(document), pages, _withheld(document))

    def paper(item: Item) -> Paper:
        of_slot = [each for each in stored if each.slot == item.slot]
        shown = next((each for each in of_slot if str(each.pk) == item.document_id), None)
        older = [each for each in of_slot if shown is None or each.uploaded_at < shown.uploaded_at]
        return Paper(
            slot=item.slot,
            name=plain(item.slot),
            state=plain(item.state),
            reasons=tuple(words[code].text for code in item.reasons if code in words),
            now=picture(shown) if shown else None,
            before=picture(older[0]) if older and sees else None,
            earlier=tuple(picture(each) for each in older[1:]) if sees else (),
        )

    return [paper(item) for item in snapshot.case.documents]


def _pages(document: Document) -> tuple[str, ...]:
    """One address a page, counted from 1; behind each stands the permission check of the document view."""
    if document.scan != Scan.CLEAN:
        return ()
    numbers = range(1, len(document.pages) + 1)
    return tuple(reverse("document_page", args=[document.pk, number]) for number in numbers)


def _withheld(document: Document) -> str:
    if document.scan == Scan.WAITING:
        return gettext("This picture waits for the virus scanner. It is shown once it was checked.")
    if document.scan == Scan.INFECTED:
        return gettext("The virus scanner objected to this file, and it was deleted. Ask for it again.")
    return ""


def _size(document: Document) -> str:
    return ", ".join(
        f"{page['width']} x {page['height']}, {page['size_bytes'] // 1024} KB" for page in document.pages
    )
