"""The details: who somebody is and which document they will show."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from onboarding import clock
from onboarding.domain.status import Action, DocumentType, Role
from onboarding.models.cases import Case, Profile
from onboarding.records import queries
from onboarding.usecases import applicant
from onboarding.web import errors
from onboarding.web.access import own_case
from onboarding.web.forms import DetailsForm

FIELDS = ("given_name", "family_name", "birth_date", "country", "document_type")


@require_http_methods(["GET", "POST"])
@own_case
def details(request: HttpRequest, row: Case) -> HttpResponse:
    """Asked for once, correctable until everything is submitted."""
    today = timezone.localdate(clock.case_now(row))
    if request.method == "POST":
        return _save(request, row, DetailsForm(request.POST, today=today))
    if not queries.current_snapshot(row).may(Role.APPLICANT, Action.COMPLETE_PROFILE):
        return redirect("case")
    profile = Profile.objects.filter(case=row).first()
    known = {name: getattr(profile, name) for name in FIELDS} if profile else {}
    return _page(request, DetailsForm(initial=known, today=today))


def _save(request: HttpRequest, row: Case, form: DetailsForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form, code=422)
    given = {name: form.cleaned_data[name] for name in FIELDS}
    kind = DocumentType(given.pop("document_type"))
    try:
        applicant.complete_profile(row, **given, document_type=kind, key=form.message_key(given, kind))
    except errors.EXPECTED as error:
        sentence, code = errors.explained(error)
        return _page(request, form, problem=sentence, code=code)
    messages.success(request, _("Your details are saved."))
    return redirect("case_documents")


def _page(request: HttpRequest, form: DetailsForm, *, problem: str = "", code: int = 200) -> HttpResponse:
    return render(request, "onboarding/details.html", {"form": form, "problem": problem}, status=code)
