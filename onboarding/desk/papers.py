"""The documents of a case as the desk shows them: pictures for reviewers, facts about them for the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from onboarding.desk.words import Moment, plain
from onboarding.domain.reasons import BY_CODE
from onboarding.domain.snapshot import Snapshot
from onboarding.models.cases import Case
from onboarding.models.documents import Document, Scan


@dataclass(frozen=True, slots=True)
class Paper:
    """One slot of the case. `pages` are addresses of pictures; empty for who may not see them.

    `withheld` says why nobody may see the picture; empty when it isn't so.
    """

    name: str
    state: str
    reasons: str
    uploaded: Moment | None
    size: str
    pages: tuple[str, ...]
    withheld: str
    earlier: tuple[tuple[str, Moment], ...]


def papers(row: Case, snapshot: Snapshot, *, sees: bool, now: datetime) -> list[Paper]:
    """The documents that the snapshot names: those, and no newer ones, are what a decision is about."""
    stored = {str(each.pk): each for each in Document.objects.filter(case=row).order_by("-uploaded_at")}
    return [
        Paper(
            name=plain(document.slot),
            state=plain(document.state),
            reasons="; ".join(gettext(BY_CODE[code].text) for code in document.reasons if code in BY_CODE),
            uploaded=Moment.of(document.uploaded_at, now) if document.uploaded_at else None,
            size=_size(stored.get(document.document_id)),
            pages=_pages(stored.get(document.document_id)) if sees else (),
            withheld=_withheld(stored.get(document.document_id)),
            earlier=tuple(
                (_pages(each)[0], Moment.of(each.uploaded_at, now))
                for each in stored.values()
                if sees
                and _pages(each)
                and each.slot == document.slot
                and str(each.pk) != document.document_id
            ),
        )
        for document in snapshot.case.documents
    ]


def _pages(document: Document | None) -> tuple[str, ...]:
    """One address a page, counted from 1; behind each stands the permission check of the document view."""
    if document is None or document.scan != Scan.CLEAN:
        return ()
    numbers = range(1, len(document.pages) + 1)
    return tuple(reverse("document_page", args=[document.pk, number]) for number in numbers)


def _withheld(document: Document | None) -> str:
    if document is not None and document.scan == Scan.WAITING:
        return gettext("This picture waits for the virus scanner. It is shown once it was checked.")
    if document is not None and document.scan == Scan.INFECTED:
        return gettext("The virus scanner objected to this file, and it was deleted. Ask for it again.")
    return ""


def _size(document: Document | None) -> str:
    if document is None:
        return ""
    return ", ".join(
        f"{page['width']} x {page['height']}, {page['size_bytes'] // 1024} KB" for page in document.pages
    )
