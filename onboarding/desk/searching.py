"""The search box of every page. What was typed may be personal: it never stands in an address or a log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding import clock
from onboarding.desk import pages, words
from onboarding.desk.masking import masked_applicant
from onboarding.models.cases import Case
from onboarding.records import search

SESSION = "searches"
KEPT = 5
"""So many searches of one person are remembered, for going back; older ones are forgotten."""
KEPT_FOR = timedelta(minutes=30)


class FindForm(forms.Form):
    q = forms.CharField(
        label=_("Reference, e-mail address or name"),
        max_length=search.LONGEST_QUERY,
        error_messages={
            "required": _("Type a reference, an e-mail address or a name, or how it begins."),
            "max_length": _("That is too long. Type a reference, an e-mail address or a name."),
            "null_characters_not_allowed": _("That holds a character that nobody can type. Type it anew."),
        },
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One case that was found: nothing of the person but what recognises them."""

    url: str
    reference: str
    applicant: str
    status: str
    found_by: str
    changed: words.Moment


def find(request: HttpRequest) -> HttpResponse:
    """Takes what was typed out of the request, and opens the one case it finds, or the list."""
    if request.method != "POST":
        return _page(request, FindForm())
    form = FindForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    text = form.cleaned_data["q"]
    found = search.find(text)
    if len(found.hits) == 1 and not (found.more or found.unfinished):
        return redirect("admin:onboarding_case_change", found.hits[0].case_id)
    return HttpResponseRedirect(reverse("admin:desk_found", args=[remember(request, text)]), status=303)


def results(request: HttpRequest, key: str) -> HttpResponse:
    """What was found, from rows, a page at a time. The address holds a key that only this session knows."""
    text = remembered(request, key)
    if text is None:
        notice = gettext("This search is forgotten by now. Type it once more.")
        return _page(request, FindForm(), notice=notice, status=404)
    at = search.place_in(request.GET.get("after", ""))
    try:
        found = search.find(text, at)
    except search.PlaceIsGone:
        found, at = search.find(text), None
    return _page(
        request,
        FindForm({"q": text}),
        lines=_lines(found),
        searched=True,
        first=at is None,
        more=found.hits[-1].term_id if found.more else None,
        unfinished=found.unfinished,
    )


def remember(request: HttpRequest, text: str) -> str:
    """Keeps a search in the session on our side, and gives the key it is asked for by."""
    key = secrets.token_hex(8)
    kept = _kept(request)
    kept[key] = [text, clock.now().isoformat()]
    request.session[SESSION] = dict(list(kept.items())[-KEPT:])
    return key


def remembered(request: HttpRequest, key: str) -> str | None:
    entry = _kept(request).get(key)
    return entry[0] if entry else None


def _kept(request: HttpRequest) -> dict[str, list[str]]:
    oldest = clock.now() - KEPT_FOR
    kept: dict[str, list[str]] = request.session.get(SESSION, {})
    return {key: entry for key, entry in kept.items() if datetime.fromisoformat(entry[1]) > oldest}


def _lines(found: search.Found) -> list[Line]:
    by = {hit.case_id: hit.kind for hit in found.hits}
    rows = Case.objects.filter(pk__in=by).select_related("applicant", "profile").defer("state", "policy")
    known = {row.pk: row for row in rows}
    kinds = {"reference": gettext("reference"), "email": gettext("e-mail address"), "name": gettext("name")}
    return [
        Line(
            url=reverse("admin:onboarding_case_change", args=[row.pk]),
            reference=row.reference,
            applicant=masked_applicant(row),
            status=words.plain(row.status),
            found_by=kinds[kind],
            changed=words.Moment.near(row.changed_at, clock.case_now(row)),
        )
        for row, kind in ((known[key], kind) for key, kind in by.items() if key in known)
    ]


def _page(request: HttpRequest, form: FindForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = pages.context(admin.site, request, gettext("Find a case"), form=form, **more)
    return TemplateResponse(request, "admin/desk/found.html", context, status=status)
