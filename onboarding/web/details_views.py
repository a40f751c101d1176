"""The details: who somebody is and which document they will show. Saved as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from onboarding.domain.documents import required
from onboarding.domain.drafts import merge
from onboarding.domain.reasons import SLOT_NAMES
from onboarding.domain.refusals import SENTENCES, RefusalCode
from onboarding.domain.status import Action, DocumentType, Role
from onboarding.models.cases import Case
from onboarding.records import details as records
from onboarding.records import queries
from onboarding.usecases import applicant
from onboarding.web import errors
from onboarding.web.access import own_case
from onboarding.web.details_form import FIELDS, DetailsForm, plain, typed

SHOWN = "shown_"
"""Before the name of a field: the hidden field that remembers what the page was made with."""


@require_http_methods(["GET", "HEAD", "POST"])
@own_case
def details(request: HttpRequest, row: Case) -> HttpResponse:
    """Asked for once, resumable anywhere, correctable until everything is submitted."""
    if request.method == "POST":
        return _save(request, row)
    if not _may(row):
        return redirect("case")
    known = records.known_of(row)
    form = DetailsForm(initial=known, today=records.today_of(row))
    # Advice on what is known already, without complaints about what is still empty.
    told = _form(row, known).told() if known else {}
    return _page(request, row, form, known, told=told)


@require_POST
@own_case
def draft(request: HttpRequest, row: Case) -> JsonResponse:
    """Keeps the fields in this request as they are, and says what there is to say about them.

    Tells the workflow nothing. The answer holds what was kept (`shown`), complaints about it (`errors`) and
    advice for every field (`advice`), by the name of the field.
    """
    if not _may(row):
        return JsonResponse({"problem": _(SENTENCES[RefusalCode.OUT_OF_TURN])}, status=409)
    sent = typed(request.POST)
    kept = records.keep_drafts(row, sent)
    form = _form(row, records.known_of(row) | sent)
    wrong = form.errors.as_data()
    return JsonResponse(
        {
            "shown": {name: sent[name] for name in sent if name in kept},
            "errors": {
                name: [message for each in wrong.get(name, ()) if each.code != "required" for message in each]
                for name in sent
            },
            "advice": form.told(),
            "advice_key": form.advice_key(),
        },
        status=200 if len(kept) == len(sent) else 422,
    )


def _save(request: HttpRequest, row: Case) -> HttpResponse:
    shown = {name: plain(request.POST[SHOWN + name]) for name in FIELDS if SHOWN + name in request.POST}
    merged = merge(records.known_of(row), shown, typed(request.POST))
    form = _form(row, merged.values, key=request.POST.get("key", ""))
    told = form.told()
    if not form.is_valid() or (told and request.POST.get("advice_key") != form.advice_key()):
        kept = records.keep_drafts(row, merged.values) if _may(row) else frozenset()
        now_shown = {name: value for name, value in merged.values.items() if name in kept}
        _tell(request, merged.overruled)
        return _page(request, row, form, now_shown, told=told, code=200 if form.is_valid() else 422)
    given = {name: form.cleaned_data[name] for name in FIELDS}
    kind = DocumentType(given.pop("document_type"))
    try:
        applicant.complete_profile(row, **given, document_type=kind, key=form.message_key(given, kind))
    except errors.EXPECTED as error:
        sentence, code = errors.explained(error)
        return _page(request, row, form, shown, told=told, problem=sentence, code=code)
    _tell(request, merged.overruled)
    messages.success(request, _("Your details are saved."))
    return redirect("case_documents")


def _may(row: Case) -> bool:
    return queries.current_snapshot(row).may(Role.APPLICANT, Action.COMPLETE_PROFILE)


def _form(row: Case, values: Mapping[str, str], *, key: str | None = None) -> DetailsForm:
    """The form as if these texts had been sent; checked. Without a key it is only asked for its opinion."""
    form = DetailsForm({**values, "key": key}, today=records.today_of(row))
    if key is None:
        del form.fields["key"]
    form.full_clean()
    return form


def _tell(request: HttpRequest, overruled: Mapping[str, str]) -> None:
    """Another window had other words for the same fields: they are said once more before they go."""
    for name, value in overruled.items():
        messages.warning(
            request,
            _(
                "In another window you had written “{value}” for “{field}”. What you sent last is kept."
            ).format(value=value, field=DetailsForm.base_fields[name].label),
        )


def _page(
    request: HttpRequest,
    row: Case,
    form: DetailsForm,
    shown: Mapping[str, str],
    *,
    told: Mapping[str, list[str]],
    problem: str = "",
    code: int = 200,
) -> HttpResponse:
    policy = queries.recorded_state(row).policy
    bound = form.is_bound
    context: dict[str, Any] = {
        "form": form,
        "fields": {
            name: {
                "bound": form[name],
                "errors": form.errors.get(name, []) if bound else [],
                "advice": told.get(name, []),
                "about": form.about(name),
                "shown": SHOWN + name,
                "value": shown.get(name, ""),
            }
            for name in FIELDS
        },
        "needed": [(kind, [_(SLOT_NAMES[slot]) for slot in required(kind, policy)]) for kind in DocumentType],
        "wrong": [form[name] for name in FIELDS if bound and name in form.errors],
        "advice_key": form.advice_key() if bound and form.is_valid() else "",
        "go_on": bound and not form.errors and bool(told) and not problem,
        "problem": problem,
    }
    return render(request, "onboarding/details.html", context, status=code)
