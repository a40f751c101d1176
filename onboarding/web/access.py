"""Whose case a page is about: always one's own, found by the account and never by an id in the address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.records import queries

P = ParamSpec("P")
CasePage = Callable[Concatenate[HttpRequest, Case, P], HttpResponse]


def own_case(page: CasePage[P]) -> Callable[..., HttpResponse]:
    """Gives a page the case of whoever is signed in. Staff without one get a pointer to their desk."""

    @wraps(page)
    def with_case(request: HttpRequest, *arguments: P.args, **named: P.kwargs) -> HttpResponse:
        case = queries.case_of(signed_in(request).pk)
        if case is None:
            return render(request, "onboarding/no_case.html", status=404)
        return page(request, case, *arguments, **named)

    return login_required(never_cache(with_case))


def signed_in(request: HttpRequest) -> User:
    """The account behind a request that `login_required` let through."""
    assert isinstance(request.user, User)
    return request.user
