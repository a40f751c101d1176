"""The pictures that a case asks for: one form for each, replaceable until everything is submitted."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from onboarding.domain.actions import attempts_left, open_slots
from onboarding.domain.case import Case as CaseState
from onboarding.domain.documents import Document as Item
from onboarding.domain.documents import owed
from onboarding.domain.explain import status_sentence
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import OWED, Action, CaseStatus, Role, Slot
from onboarding.models.cases import Case
from onboarding.models.documents import Document
from onboarding.records import queries
from onboarding.sentences import attempts_words, reason_words, spoken
from onboarding.usecases import applicant
from onboarding.web import errors, words
from onboarding.web.access import own_case
from onboarding.web.forms import UploadForm

ACCEPTED_TYPES = "image/jpeg,image/png,image/webp,application/pdf"


CARD, PASSPORT = "site/examples/good-card.svg", "site/examples/good-passport.svg"
SELFIE, LETTER = "site/examples/good-selfie.svg", "site/examples/good-letter.svg"
GOOD = {
    Slot.PASSPORT: PASSPORT,
    Slot.ID_FRONT: CARD,
    Slot.ID_BACK: CARD,
    Slot.SELFIE: SELFIE,
    Slot.PROOF_OF_ADDRESS: LETTER,
}
GOOD_WORDS = {
    CARD: gettext_lazy("Good: the whole card, flat and sharp"),
    PASSPORT: gettext_lazy("Good: the whole page, with the two lines at the bottom"),
    SELFIE: gettext_lazy("Good: your whole face, looking at the camera"),
    LETTER: gettext_lazy("Good: the whole page, with your name, address and the date"),
}
BAD = {
    "site/examples/bad-blurred.svg": gettext_lazy("Not good: blurred"),
    "site/examples/bad-cut-off.svg": gettext_lazy("Not good: corners cut off"),
    "site/examples/bad-glare.svg": gettext_lazy("Not good: light hides the text"),
}


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
    example: str
    """The address of a drawing that shows how it should look, or an empty text."""

    @property
    def look(self) -> str:
        """The class of the page: what is wanted of the applicant here."""
        if self.is_owed:
            return "warn" if self.reasons else "now"
        return "open" if self.is_open else "locked"

    @property
    def mark(self) -> str:
        return {"warn": "!", "now": "○", "open": "◐", "locked": "✓"}[self.look]

    @property
    def badge(self) -> str:
        """The state in words: uploaded is not yet submitted, and what was handed in is locked."""
        return {
            "warn": _("needed again"),
            "now": _("missing"),
            "open": _("uploaded, not submitted yet"),
            "locked": _("handed in, nothing to do"),
        }[self.look]

    @property
    def camera(self) -> str:
        """Which camera a phone should open."""
        return "user" if self.slot is Slot.SELFIE else "environment"

    @property
    def pages(self) -> range:
        return range(1, len(self.picture.pages) + 1) if self.picture else range(0)


@require_safe
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
    """Takes in one file for one slot.

    A script that asks for JSON is answered 201, or the problem in words; its page shows both itself.
    """
    if slot not in set(Slot):
        raise Http404
    place = Slot(slot)
    problem, code = _taken_in(request, row, place)
    if _wants_json(request):
        return JsonResponse({"problem": problem} if problem else {}, status=code)
    if problem:
        return _page(request, row, queries.current_snapshot(row), place, problem, code)
    messages.success(request, _("The picture has arrived: %(title)s.") % {"title": words.TITLES[place]})
    return redirect("case_documents")


def _taken_in(request: HttpRequest, row: Case, place: Slot) -> tuple[str, int]:
    """What was wrong with the upload, in words (empty: nothing), and the status that goes with it."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        problems = (str(each) for field in ("key", "file") for each in form.errors.get(field, ()))
        return " ".join(problems), 422
    file = form.cleaned_data["file"]
    data = file.read(settings.UPLOAD_MAX_BYTES + 1)
    sha256 = hashlib.sha256(data).hexdigest()
    key = form.message_key(place, sha256)
    try:
        applicant.upload(row, place, data, declared_name=file.name, key=key, sha256=sha256)
    except errors.EXPECTED as error:
        return errors.explained(error)
    return "", 201


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


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
        "sentence": spoken(status_sentence(snap.case), snap.now),
        "attempts": attempts_words(attempts_left(snap.case)) if _again(snap) else "",
        "examples": _examples(snap.case),
        "may_upload": snap.may(Role.APPLICANT, Action.UPLOAD),
        "may_submit": snap.may(Role.APPLICANT, Action.SUBMIT),
        "may_edit": snap.may(Role.APPLICANT, Action.COMPLETE_PROFILE),
        "missing": [words.TITLES[document.slot] for document in owed(snap.case.documents)],
        "key": uuid.uuid4(),
        "here": reverse("case_documents"),
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
        example=static(GOOD[item.slot]) if item.slot in GOOD else "",
    )


def _again(snap: Snapshot) -> bool:
    return snap.case.status is CaseStatus.RESUBMISSION_REQUESTED


def _examples(case: CaseState) -> list[dict[str, str]]:
    """Drawings of how what is asked for should look, two at least, and three of how it should not."""
    good = dict.fromkeys(GOOD[item.slot] for item in case.documents if item.slot in GOOD)
    good |= dict.fromkeys((CARD, PASSPORT))
    return [
        *({"kind": "good", "url": static(path), "words": str(GOOD_WORDS[path])} for path in good),
        *({"kind": "bad", "url": static(path), "words": str(text)} for path, text in BAD.items()),
    ]
