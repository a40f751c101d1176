"""Notes about a case for colleagues: written once, never changed, never shown to the applicant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from onboarding import clock
from onboarding.desk import words
from onboarding.desk.access import BY_REFERENCE, ReadOnlyAdmin, staff_of, works_here
from onboarding.models.cases import Case
from onboarding.models.desk import Note
from onboarding.models.people import User


@dataclass(frozen=True, slots=True)
class Shown:
    author: str
    at: words.Moment
    text: str


def add(user: User, row: Case, text: str, key: UUID) -> None:
    """Keeps a note, once per key."""
    Note.objects.get_or_create(
        case=row, key=key, defaults={"author": user, "text": text, "at": clock.case_now(row)}
    )


def shown(row: Case, now: datetime) -> list[Shown]:
    """The notes of a case, the newest first."""
    return [
        Shown(words.person(each.author), words.Moment.of(each.at, now), each.text)
        for each in Note.objects.filter(case=row).select_related("author")
    ]


class NoteAdmin(ReadOnlyAdmin):
    """All notes, to find those of a case again: not by their words, which may be personal (decision 0090)."""

    list_display = ["case", "at", "author", "text"]
    list_select_related = ["case", "author"]
    search_fields = ["case__reference"]
    search_help_text = BY_REFERENCE
    ordering = ["-id"]
    show_full_result_count = False
    exclude = ["key"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Note]:
        """Without those about one's own case."""
        rows: QuerySet[Note] = super().get_queryset(request)
        return rows.exclude(case__applicant=staff_of(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return works_here(request)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return works_here(request)
