"""Whose case a page is about: always one's own, found by the account and never by an id in the address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.records import queries

P = ParamSpec("P")
CasePage = Callable[Concatenate[HttpRequest, Case, P], HttpResponseBase]


def own_case(page: CasePage[P]) -> Callable[..., HttpResponseBase]:
    """Gives a page the case of whoever is signed in. Staff without one get a pointer to their desk.

    Who sends a form after the session has ended comes back, once signed in, to the page with that form; a
    script hears 401.
    """

    @wraps(page)
    def with_case(request: HttpRequest, *arguments: P.args, **named: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _sign_in(request)
        case = queries.case_of(signed_in(request).pk)
        if case is None:
            return render(request, "onboarding/no_case.html", status=404)
        return page(request, case, *arguments, **named)

    return never_cache(with_case)


FORMS_ON = {"case_upload": "case_documents", "case_details": "case_details", "case_withdraw": "case_withdraw"}
"""Where the form of an address stands; of the others it is the status page."""


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return HttpResponse(status=401)
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    assert request.resolver_match is not None
    return redirect_to_login(reverse(FORMS_ON.get(request.resolver_match.url_name or "", "case")))


def signed_in(request: HttpRequest) -> User:
    """The account behind a request that `login_required` let through."""
    assert isinstance(request.user, User)
    return request.user
