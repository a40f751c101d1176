"""The pictures that a case asks for: one form for each, replaceable until everything is submitted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from onboarding.domain.actions import open_slots
from onboarding.domain.documents import Document as Item
from onboarding.domain.documents import owed
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import OWED, Action, Role, Slot
from onboarding.models.cases import Case
from onboarding.models.documents import Document
from onboarding.records import queries
from onboarding.sentences import reason_words
from onboarding.usecases import applicant
from onboarding.web import errors, words
from onboarding.web.access import own_case
from onboarding.web.forms import UploadForm

ACCEPTED_TYPES = "image/jpeg,image/png,image/webp,application/pdf"


@dataclass(frozen=True)
class Place:
    """One picture that is asked for: its rules, what is there, and what was wrong with it."""

    slot: Slot
    title: str
    rules: str
    is_open: bool
    is_owed: bool
    picture: Document | None
    reasons: list[dict[str, str]]
    problem: str
    key: uuid.UUID

    @property
    def camera(self) -> str:
        """Which camera a phone should open."""
        return "user" if self.slot is Slot.SELFIE else "environment"

    @property
    def pages(self) -> range:
        return range(1, len(self.picture.pages) + 1) if self.picture else range(0)


@require_GET
@own_case
def documents(request: HttpRequest, row: Case) -> HttpResponse:
    """All pictures of the case. What is not asked for (any more) is shown, but locked."""
    snap = queries.current_snapshot(row)
    if not snap.case.documents:
        return redirect("case_details" if snap.may(Role.APPLICANT, Action.COMPLETE_PROFILE) else "case")
    return _page(request, row, snap)


@require_POST
@own_case
def upload(request: HttpRequest, row: Case, slot: str) -> HttpResponse:
    """Takes in one file for one slot."""
    if slot not in set(Slot):
        raise Http404
    place = Slot(slot)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        problem = " ".join(str(each) for field in ("key", "file") for each in form.errors.get(field, ()))
        return _page(request, row, queries.current_snapshot(row), place, problem, 422)
    file = form.cleaned_data["file"]
    data = file.read(settings.UPLOAD_MAX_BYTES + 1)
    try:
        applicant.upload(row, place, data, declared_name=file.name, key=form.message_key(place, data))
    except errors.EXPECTED as error:
        sentence, code = errors.explained(error)
        return _page(request, row, queries.current_snapshot(row), place, sentence, code)
    messages.success(request, _("The picture has arrived: %(title)s.") % {"title": words.TITLES[place]})
    return redirect("case_documents")


def _page(
    request: HttpRequest,
    row: Case,
    snap: Snapshot,
    slot: Slot | None = None,
    problem: str = "",
    code: int = 200,
) -> HttpResponse:
    places = _places(row, snap, slot, problem)
    context = {
        "places": places,
        "problem": "" if any(place.problem for place in places) else problem,
        "row": row,
        "accepted_types": ACCEPTED_TYPES,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "may_submit": snap.may(Role.APPLICANT, Action.SUBMIT),
        "may_edit": snap.may(Role.APPLICANT, Action.COMPLETE_PROFILE),
        "missing": [words.TITLES[document.slot] for document in owed(snap.case.documents)],
        "key": uuid.uuid4(),
    }
    return render(request, "onboarding/documents.html", context, status=code)


def _places(row: Case, snap: Snapshot, slot: Slot | None, problem: str) -> list[Place]:
    newest = {picture.slot: picture for picture in Document.objects.filter(case=row, superseded_at=None)}
    open_now = open_slots(snap.case)
    return [
        _place(item, newest.get(item.slot), item.slot in open_now, problem if item.slot is slot else "")
        for item in snap.case.documents
    ]


def _place(item: Item, picture: Document | None, is_open: bool, problem: str) -> Place:
    is_owed = item.state in OWED
    return Place(
        slot=item.slot,
        title=str(words.TITLES[item.slot]),
        rules=str(words.RULES[item.slot]),
        is_open=is_open,
        is_owed=is_owed,
        picture=picture,
        reasons=reason_words(item.reasons) if is_owed else [],
        problem=problem,
        key=uuid.uuid4(),
    )
