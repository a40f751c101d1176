"""Pages that exist only in a demo: the mail box and the clock of one case."""

from __future__ import annotations

import uuid
from datetime import timedelta

from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from onboarding import roles
from onboarding.models.cases import Case
from onboarding.records import queries
from onboarding.usecases import demo
from onboarding.web import errors, mailbox
from onboarding.web.access import signed_in
from temporal_app import gateway

STEPS = {"day": timedelta(days=1), "three_days": timedelta(days=3)}
BEYOND = timedelta(seconds=1)
"""A little more than the way to the next event, so that it has happened."""


@require_safe
@never_cache
def letters(request: HttpRequest) -> HttpResponse:
    _demand(mailbox.is_there())
    return render(request, "onboarding/mailbox.html", {"letters": mailbox.letters()})


@require_safe
@never_cache
def letter(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """Both parts of one e-mail; the HTML in a frame of its own that may run and load nothing."""
    found = _found(name)
    response = render(request, "onboarding/letter.html", {"letter": found})
    response._csp_update = {"frame-src": "'self'"}  # type: ignore[attr-defined]  # read by django-csp
    return response


@require_safe
@never_cache
@xframe_options_sameorigin
def letter_html(request: HttpRequest, name: uuid.UUID) -> HttpResponse:  # noqa: ARG001  every view gets it
    found = _found(name)
    return HttpResponse(found.framed, headers={"Content-Security-Policy": found.policy})


@require_POST
@login_required
def fast_forward(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Moves the clock of one case; for its owner and for staff."""
    _demand(settings.DEMO)
    user = signed_in(request)
    row = Case.objects.filter(pk=case_id).first()
    if row is None or not (row.applicant_id == user.pk or roles.roles_of(user)):
        raise Http404
    by = _distance(row, request.POST.get("by", ""))
    if by is None:
        messages.error(request, _("Nothing is planned for this case any more."))
    else:
        try:
            demo.fast_forward(row, by)
        except gateway.GatewayError as error:
            messages.error(request, errors.explained(error)[0])
        else:
            messages.success(request, _("The clock of this case was moved ahead."))
    return redirect(get_next_redirect_url(request) or "case")


def _distance(row: Case, by: str) -> timedelta | None:
    if by in STEPS:
        return STEPS[by]
    snap = queries.current_snapshot(row)
    ahead = [wakeup.at - snap.now for wakeup in snap.future[:1]]
    return max(ahead[0], timedelta(0)) + BEYOND if ahead else None


def _found(name: uuid.UUID) -> mailbox.Letter:
    _demand(mailbox.is_there())
    found = mailbox.letter(str(name))
    if found is None:
        raise Http404
    return found


def _demand(there: bool) -> None:
    """Outside a demo these pages don't exist."""
    if not there:
        raise Http404
