"""The applicant's own case: status, its live fragment, submit, withdraw, reopen."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from onboarding import clock
from onboarding.domain.status import Action, Role
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.records import policies, queries
from onboarding.usecases import applicant
from onboarding.web import errors, languages, stream
from onboarding.web.access import own_case, signed_in
from onboarding.web.forms import STALE_FORM, KeyForm
from onboarding.web.status import status_of
from onboarding.web.watch import Standing
from onboarding.web.words import what_we_need

NOTHING_NEW = 204
SIGNED_OUT = 401
ROW_FOLLOWS_SECONDS = 1.0


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, which documents it takes, how long it takes."""
    return render(request, "onboarding/landing.html", what_we_need(policies.policy_of_newcomers()))


@require_safe
@own_case
def status(request: HttpRequest, row: Case) -> HttpResponse:
    """Where the case stands: from rows only, so it answers while Temporal is away."""
    return page(request, row)


@require_GET
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The part of the status page that changes by itself; 204 as long as it is what the reader has."""
    if not request.user.is_authenticated:
        return HttpResponse(status=SIGNED_OUT)
    user = signed_in(request)
    row = queries.case_of(user.pk)
    if row is None or request.GET.get("seen") == tag(row, user):
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "onboarding/live.html", _context(row, user))


@require_GET
@never_cache
def events(request: HttpRequest) -> HttpResponseBase:
    """Tells an open page that it should ask for the live part again."""
    if not request.user.is_authenticated:
        return HttpResponse(status=SIGNED_OUT)
    user = signed_in(request)
    row = queries.case_of(user.pk)
    if row is None:
        raise Http404
    reader = _reader(user)

    def described(standing: Standing) -> tuple[str, str]:
        return (stream.tag(standing, reader),) * 2

    return stream.changes(row, account=user.pk, seen=stream.seen_by(request), describe=described)


def tag(row: Case, user: User) -> str:
    return stream.tag(Standing.of(row), _reader(user))


def _reader(user: User) -> str:
    """What the words of the page depend on besides the case."""
    return f"{user.time_zone}.{languages.current()}"


@require_POST
@own_case
def submit(request: HttpRequest, row: Case) -> HttpResponse:
    return _done(
        request, row, applicant.submit, _("Everything is submitted. We write as soon as it is decided.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@own_case
def withdraw(request: HttpRequest, row: Case) -> HttpResponse:
    """Asks first, then does it."""
    if request.method == "POST":
        return _done(request, row, applicant.withdraw, _("Your application is withdrawn."))
    snap = queries.current_snapshot(row)
    if not snap.may(Role.APPLICANT, Action.WITHDRAW):
        return redirect("case")
    days = snap.case.policy.reopen_window_seconds // 86_400
    return render(request, "onboarding/withdraw.html", {"key": uuid.uuid4(), "days": days})


@require_POST
@own_case
def reopen(request: HttpRequest, row: Case) -> HttpResponse:
    """The one thing that the workflow itself has to answer."""

    def answered(case: Case, *, key: str) -> None:
        applicant.reopen(case, key=key)
        _wait_for_the_row(case)

    return _done(request, row, answered, _("Your application is open again."))


@require_POST
@own_case
def confirm_again(_request: HttpRequest, row: Case) -> HttpResponse:
    """The address was proven while the case was closed, and the case was reopened since."""
    applicant.confirm_email(row.applicant)
    return redirect("case")


def _done(request: HttpRequest, row: Case, use_case: Callable[..., None], thanks: str) -> HttpResponse:
    """Does it and shows the status page; a refusal is shown there too, with its status."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return page(request, row, problem=str(STALE_FORM), code=400)
    try:
        use_case(row, key=str(form.cleaned_data["key"]))
    except errors.EXPECTED as error:
        sentence, code = errors.explained(error)
        row.refresh_from_db()
        # The same key again: whether it was done may be unknown, and trying again must be safe.
        return page(request, row, problem=sentence, code=code, key=form.cleaned_data["key"])
    messages.success(request, thanks)
    return redirect("case")


def _wait_for_the_row(row: Case) -> None:
    """The workflow has answered; its row follows in a moment, and the next page reads the row."""
    before = row.version
    deadline = time.monotonic() + ROW_FOLLOWS_SECONDS
    while row.version == before and time.monotonic() < deadline:
        time.sleep(0.02)
        row.refresh_from_db()


def page(
    request: HttpRequest, row: Case, *, problem: str = "", code: int = 200, key: uuid.UUID | None = None
) -> HttpResponse:
    """The status page, with what went wrong above it.

    Args:
        key: that of the form which may be sent again; a fresh one otherwise.
    """
    context = _context(row, signed_in(request)) | {"problem": problem, "here": reverse("case")}
    if key:
        context["key"] = key
    return render(request, "onboarding/case.html", context, status=code)


def _context(row: Case, user: User) -> dict[str, Any]:
    snap = queries.current_snapshot(row)
    return {
        "row": row,
        "status": status_of(snap),
        "tag": tag(row, user),
        "key": uuid.uuid4(),
        "zone": timezone.get_current_timezone_name(),
        "case_now": clock.case_now(row),
        "may_edit": snap.may(Role.APPLICANT, Action.COMPLETE_PROFILE) and snap.case.document_type is not None,
        "may_upload": snap.may(Role.APPLICANT, Action.UPLOAD),
    }
