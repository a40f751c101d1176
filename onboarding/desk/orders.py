"""What staff command from the desk: one address each, answered by the workflow, and never lost in between.

A form that is refused or unanswered is shown again with everything that was typed. A refused one gets a new
key; one without an answer keeps its key, so that sending it again is the same command.
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from onboarding import clock
from onboarding.desk import forms, letters, notes, page, reading, refusals
from onboarding.desk.access import staff_of
from onboarding.desk.commands import COMMANDS, Command
from onboarding.desk.forms import new_key
from onboarding.domain.refusals import FORBIDDEN
from onboarding.domain.status import Action
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.records import queries
from onboarding.usecases import staff
from temporal_app import gateway

if TYPE_CHECKING:
    from onboarding.desk.cases import CaseAdmin

PREVIEW, NEXT = "preview", "next"
FRAGMENT = "X-Fragment"
"""The header of a script that wants the letters alone, while somebody is still ticking."""


NAMES = (*(action.value for action in page.FORMS), Action.DECIDE.value, PREVIEW)
"""The addresses of the page: each order, and what a decision would send."""


def carry_out(request: HttpRequest, desk: CaseAdmin, row: Case, name: str) -> HttpResponse:
    """Answers one command: back to the page when it is done, else the page with the form and the reason."""
    if request.method != "POST":
        return redirect("admin:onboarding_case_change", row.pk)
    if name == PREVIEW and FRAGMENT in request.headers:
        return letters.fragment(request, row)
    asked = Asked(request, desk, row, Action.DECIDE.value if name == PREVIEW else name)
    if not asked.form.is_valid():
        wrong = " ".join(str(each) for each in asked.form.non_field_errors())
        text = wrong or gettext("Something is missing.")
        return asked.again(asked.look(), f"{text} {gettext('Nothing was changed.')}", 400)
    return asked.preview() if name == PREVIEW else asked.run()


def write_note(request: HttpRequest, desk: CaseAdmin, row: Case) -> HttpResponse:
    """Takes a note in. It needs no workflow: nothing about the case changes."""
    if request.method != "POST":
        return redirect("admin:onboarding_case_change", row.pk)
    user = staff_of(request)
    if row.applicant_id == user.pk:
        raise PermissionDenied
    form = forms.NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        told = page.Told("note", form, gettext("The note was not kept."), 400)
        return page.show(request, desk, row, reading.read(row), told)
    notes.add(user, row, form.cleaned_data["text"], form.cleaned_data["key"])
    messages.success(request, gettext("The note is kept."))
    return redirect(reverse("admin:onboarding_case_change", args=[row.pk]) + "#notes")


class Asked:
    """One form that was sent, on its way to an answer within five seconds."""

    def __init__(self, request: HttpRequest, desk: CaseAdmin, row: Case, name: str) -> None:
        self._began = time.monotonic()
        self._request, self._desk, self._row, self._name = request, desk, row, name
        self._user = staff_of(request)
        self._order = COMMANDS[Action(name)]
        self.form = _filled_in(self._order, request.POST, row)

    def run(self) -> HttpResponse:
        """Has the command carried out."""
        try:
            self._order.run(self._user, self._row, self.form)
        except gateway.Refused as error:
            return self._refused(error, self.look())
        except gateway.Unavailable as error:
            text = gettext(
                "There was no answer, so it isn't known whether this was recorded. Everything you typed is "
                "still here: send it again, it will not be done twice."
            )
            return self.again(reading.stored(self._row, error), text, page.UNANSWERED)
        except gateway.GatewayError as error:
            self.form.put(key=new_key())
            text = f"{reading.trouble(error, self._row)} {gettext('Nothing was changed.')}"
            return self.again(self.look(), text, 409)
        messages.success(self._request, f"{self._row.reference}: {gettext(self._order.done)}")
        if isinstance(self.form, forms.DecisionForm):
            key = self.form.cleaned_data["key"]
            if self.form.cleaned_data["note"]:
                notes.add(self._user, self._row, self.form.cleaned_data["note"], key)
            if NEXT in self._request.POST:
                return _next_case(self._request, self._user, str(uuid.uuid5(key, NEXT)))
        return redirect("admin:onboarding_case_change", self._row.pk)

    def preview(self) -> HttpResponse:
        """Shows what the applicant would get; the form keeps its key, because nothing was sent."""
        assert isinstance(self.form, forms.DecisionForm)
        seen = self.look()
        try:
            order = letters.decision(self._user, self._row, self.form)
            if not seen.live:
                return self.again(seen, seen.trouble, page.UNANSWERED)
            return self.again(seen, preview=letters.preview(self._row, seen.snapshot.case, order))
        except gateway.Refused as error:
            return self._refused(error, seen)

    def look(self) -> reading.Reading:
        """The case as it is now, within what is left of the time."""
        return reading.read(self._row, reading.remaining(time.monotonic() - self._began))

    def again(self, seen: reading.Reading, text: str = "", status: int = 200, **told: Any) -> HttpResponse:
        """The page with the form as it was typed."""
        shown = page.Told(self._name, self.form, text, status, **told)
        return page.show(self._request, self._desk, self._row, seen, shown)

    def _refused(self, error: gateway.Refused, seen: reading.Reading) -> HttpResponse:
        """Says who was faster. The form gets a new key and is about what is on the screen now."""
        self.form.put(key=new_key())
        if isinstance(self.form, forms.DecisionForm):
            self.form.put(submission=str(seen.snapshot.case.submission))
        now = clock.case_now(self._row)
        text = refusals.sentence(error.refusal, seen.snapshot, self._user, now)
        return self.again(seen, text, 403 if error.refusal.code in FORBIDDEN else 409)


def _filled_in(order: Command, data: QueryDict, row: Case) -> forms.KeyedForm:
    if order.form is forms.DecisionForm:
        # The slots come from the row: the workflow itself is asked once only, when it is commanded.
        return forms.DecisionForm(queries.current_snapshot(row), data)
    return order.form(data)


# --- the queue's one command ---------------------------------------------------------------------


def may_take_next(user: User) -> bool:
    return page.reviews(user)


def take_next(request: HttpRequest, desk: CaseAdmin) -> HttpResponse:
    """Claims the most urgent case and opens it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    user = staff_of(request)
    desk.refuse_strangers(request)
    if not may_take_next(user):
        raise PermissionDenied
    form = forms.KeyedForm(request.POST)
    return _next_case(request, user, form.sent_key if form.is_valid() else str(uuid.uuid4()))


def _next_case(request: HttpRequest, user: User, key: str) -> HttpResponse:
    try:
        case = staff.take_next(user, key=key)
    except gateway.Unavailable:
        text = gettext(
            "The workflows can't be reached: Temporal or its worker is away. If a case became yours, it "
            "stands under “Mine”. Try again in a moment."
        )
        messages.error(request, text)
        return redirect("admin:onboarding_case_changelist")
    if case is None:
        messages.info(request, gettext("Nothing is waiting for a review right now."))
        return redirect("admin:onboarding_case_changelist")
    return redirect("admin:onboarding_case_change", case.pk)
