"""What support asks for on a case: look, preview, do. Answered, and nothing that was typed is lost."""

from __future__ import annotations

import time
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext

from onboarding import clock
from onboarding.desk import page, reading, refusals, reveal, support
from onboarding.desk.access import staff_of
from onboarding.desk.commands import COMMANDS
from onboarding.desk.forms import ExtendForm, KeyedForm, new_key
from onboarding.domain.consequences import consequences
from onboarding.domain.refusals import FORBIDDEN, SENTENCES, Refusal, RefusalCode
from onboarding.domain.status import Action
from onboarding.mail import outgoing
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.people import User
from onboarding.usecases import previews
from temporal_app import gateway

DELIVER = "deliver"
"""The one order that is about a parked e-mail, not about the case."""


def show(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    return support.render(request, _row(case_id))


def preview(request: HttpRequest, case_id: uuid.UUID, name: str) -> HttpResponse:
    """The page with what the order would move. Nothing is sent, and the form keeps its key."""
    row, action, user = _row(case_id), _action(name), staff_of(request)
    if request.method != "POST":
        return redirect("admin:desk_support", row.pk)
    form = COMMANDS[action].form(request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        return _again(request, row, name, form, gettext("Something is missing."), 400)
    seen = reading.read(row)
    try:
        message = previews.message(user, row, action, reason=form.given_reason, seconds=_seconds(form))
    except gateway.Refused as error:
        return _refused(request, row, name, form, error.refusal, seen)
    found = consequences(seen.snapshot.case, message, clock.case_now(row))
    if isinstance(found, Refusal):
        return _refused(request, row, name, form, found, seen)
    return support.render(request, row, support.Told(name, form, would=found), seen)


def carry_out(request: HttpRequest, case_id: uuid.UUID, name: str) -> HttpResponse:
    """Has an order carried out: back to the page with a receipt, or the form again with the reason."""
    if name == DELIVER:
        return _deliver(request, _row(case_id))
    row, action, user = _row(case_id), _action(name), staff_of(request)
    if request.method != "POST":
        return redirect("admin:desk_support", row.pk)
    began = time.monotonic()
    form = COMMANDS[action].form(request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        text = gettext("Something is missing. Nothing was changed.")
        return _again(request, row, name, form, text, 400)
    try:
        COMMANDS[action].run(user, row, form)
    except gateway.Refused as error:
        seen = reading.read(row, reading.remaining(time.monotonic() - began))
        return _refused(request, row, name, form, error.refusal, seen)
    except gateway.Unavailable as error:
        text = gettext(
            "There was no answer, so it isn't known whether this was recorded. Everything you typed is "
            "still here: send it again, it will not be done twice."
        )
        told = support.Told(name, form, text, page.UNANSWERED)
        return support.render(request, row, told, reading.stored(row, error))
    except gateway.GatewayError as error:
        form.put(key=new_key())
        text = f"{reading.trouble(error, row)} {gettext('Nothing was changed.')}"
        return _again(request, row, name, form, text, 409)
    messages.success(request, f"{row.reference}: {gettext(COMMANDS[action].done)}")
    return redirect("admin:desk_support", row.pk)


def reveal_data(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Shows masked data for a while to the one who says why; that stands in a row first."""
    row, user = _row(case_id), staff_of(request)
    if request.method != "POST":
        return redirect("admin:desk_support", row.pk)
    if row.applicant_id == user.pk:
        text = gettext(SENTENCES[RefusalCode.OWN_CASE])
        return support.render(request, row, support.Told(text=text, status=403))
    form = reveal.RevealForm(request.POST)
    if not form.is_valid():
        return support.render(request, row, support.Told(status=400, reveal_form=form))
    reveal.allow(row, user, form.cleaned_data["reason"])
    messages.success(request, gettext("Shown to you for five minutes, and written down."))
    return redirect("admin:desk_support", row.pk)


def _deliver(request: HttpRequest, row: Case) -> HttpResponse:
    """Another round of attempts for one parked e-mail of this case."""
    if request.method != "POST":
        return redirect("admin:desk_support", row.pk)
    parked = Email.objects.filter(case=row, parked_at__isnull=False, sent_at=None)
    email = get_object_or_404(parked, pk=_uuid(request.POST.get("email", "")))
    outgoing.send_again(email)
    messages.success(
        request, gettext("{reference}: The e-mail is tried again.").format(reference=row.reference)
    )
    return redirect("admin:desk_support", row.pk)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


def _row(case_id: uuid.UUID) -> Case:
    rows = Case.objects.select_related("applicant", "profile", "claimed_by")
    return get_object_or_404(rows, pk=case_id)


def _action(name: str) -> Action:
    """The order that an address names, if this page offers it."""
    if name not in support.ORDERS:
        raise Http404
    return Action(name)


def _seconds(form: KeyedForm) -> int:
    return form.seconds if isinstance(form, ExtendForm) else 0


def _again(
    request: HttpRequest, row: Case, name: str, form: KeyedForm, text: str, status: int
) -> HttpResponse:
    return support.render(request, row, support.Told(name, form, text, status))


def _refused(
    request: HttpRequest,
    row: Case,
    name: str,
    form: KeyedForm,
    refusal: Refusal,
    seen: reading.Reading,
) -> HttpResponse:
    form.put(key=new_key())
    user: User = staff_of(request)
    text = refusals.sentence(refusal, seen.snapshot, user, clock.case_now(row))
    status = 403 if refusal.code in FORBIDDEN else 409
    return support.render(request, row, support.Told(name, form, text, status), seen)
