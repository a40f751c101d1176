"""What needs an operator: parked messages and e-mails, cases that don't get on, rows that disagree."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext, gettext_noop

from onboarding import clock
from onboarding.desk import pages, story, words
from onboarding.desk.masking import masked_email
from onboarding.mail import outgoing
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.records import outbox, trouble
from onboarding.usecases import comparing
from onboarding.usecases.comparing import Compared, Verdict
from temporal_app import gateway

SAMPLE = 20
NUMBER = re.compile(r"[0-9]{1,18}")

VERDICTS = {
    Verdict.AGREES: gettext_noop("agrees with its workflow"),
    Verdict.ROW_BEHIND: gettext_noop("the row is behind its workflow"),
    Verdict.WORKFLOW_BEHIND: gettext_noop("the workflow is behind the row, as after an old backup"),
    Verdict.DIFFERS: gettext_noop("the same version, but another content: call an engineer"),
    Verdict.MISSING: gettext_noop("Temporal does not know this case"),
    Verdict.SILENT: gettext_noop("no answer: Temporal or a worker is away, or its workflow task fails"),
    Verdict.ON_ITS_WAY: gettext_noop("nothing to compare: not started yet, or over"),
}
CURES = {
    Verdict.ROW_BEHIND: ("record", gettext_noop("Record again")),
    Verdict.WORKFLOW_BEHIND: ("owe", gettext_noop("Deliver everything again")),
    Verdict.MISSING: ("owe", gettext_noop("Deliver everything again")),
    Verdict.SILENT: ("compare", gettext_noop("Ask again")),
}
"""The one thing to do about each; those that are not here need nothing, or an engineer."""


def show(request: HttpRequest) -> HttpResponse:
    """The lists, from rows. No workflow is asked."""
    return _page(request)


def act(request: HttpRequest, name: str) -> HttpResponse:
    """Does one thing about one row, with a receipt; or compares, which shows its answer on the page."""
    if name not in ACTS:
        raise Http404
    if request.method != "POST":
        return redirect("admin:desk_parked")
    return ACTS[name](request)


def _deliver(request: HttpRequest) -> HttpResponse:
    waiting = OutboxMessage.objects.filter(parked_at__isnull=False, delivered_at=None)
    row = get_object_or_404(waiting.select_related("case"), pk=_number(request))
    outbox.unpark(row)
    return _done(request, gettext("{reference}: The message is delivered again within seconds."), row.case)


def _send(request: HttpRequest) -> HttpResponse:
    waiting = Email.objects.filter(parked_at__isnull=False, sent_at=None)
    email = get_object_or_404(waiting.select_related("case"), pk=_uuid(request))
    outgoing.send_again(email)
    if email.case is None:
        messages.success(request, gettext("The account e-mail is sent again within seconds."))
        return redirect("admin:desk_parked")
    return _done(request, gettext("{reference}: The e-mail is sent again within seconds."), email.case)


def _record(request: HttpRequest) -> HttpResponse:
    case = _case(request)
    try:
        done = comparing.record_again(case)
    except gateway.GatewayError:
        return _page(
            request, text=gettext("The workflow does not answer, so nothing was recorded."), status=503
        )
    text = gettext("{reference}: The row follows its workflow again.")
    return _done(request, text if done else gettext("{reference}: The row was as new already."), case)


def _owe(request: HttpRequest) -> HttpResponse:
    case = _case(request)
    count = trouble.owe_again(case.pk)
    text = gettext("{reference}: {n} messages are delivered again; the case hears each once.")
    return _done(request, text, case, n=count)


def _compare(request: HttpRequest) -> HttpResponse:
    """One case by its id, or a sample of the newest."""
    if request.POST.get("case"):
        found, whole = [comparing.compare(_case(request))], True
    else:
        found, whole = comparing.compare_some(trouble.sample(SAMPLE))
    return _page(request, compared=[_compared(each) for each in found], whole=whole)


ACTS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "deliver": _deliver,
    "send": _send,
    "record": _record,
    "owe": _owe,
    "compare": _compare,
}


def _done(request: HttpRequest, text: str, case: Case, **gaps: Any) -> HttpResponse:
    messages.success(request, text.format(reference=case.reference, **gaps))
    return redirect("admin:desk_parked")


def _page(
    request: HttpRequest,
    *,
    compared: list[dict[str, Any]] | None = None,
    whole: bool = True,
    text: str = "",
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    context = pages.context(
        admin.site,
        request,
        gettext("What needs a person"),
        text=text,
        messages_parked=[
            {
                "row": each,
                "what": words.plain(each.name),
                "since": words.Moment.near(each.parked_at, now) if each.parked_at else None,
            }
            for each in trouble.parked_messages()
        ],
        emails_parked=[
            {
                "row": each,
                "what": words.plain(each.kind),
                "to": _to(each),
                "words": story.state_words(each),
                "since": words.Moment.near(each.parked_at, now) if each.parked_at else None,
            }
            for each in trouble.parked_emails()
        ],
        late=[
            {
                "row": each,
                "status": words.plain(each.status),
                "what": words.plain(each.next_action),
                "since": words.Moment.near(each.next_action_at, now) if each.next_action_at else None,
            }
            for each in trouble.late_cases()
        ],
        compared=compared,
        whole=whole,
        sample=SAMPLE,
        shown=trouble.SHOWN,
    )
    return TemplateResponse(request, "admin/desk/parked.html", context, status=status)


def _compared(each: Compared) -> dict[str, Any]:
    name, label = CURES.get(each.verdict, ("", ""))
    return {
        "case": each.case,
        "text": gettext(VERDICTS[each.verdict]),
        "good": each.verdict in (Verdict.AGREES, Verdict.ON_ITS_WAY),
        "workflow_version": each.workflow_version,
        "act": name,
        "label": gettext(label) if label else "",
    }


def _to(email: Email) -> str:
    address = email.recipient.email if email.recipient else email.to_address
    return masked_email(address) if address else "-"


def _number(request: HttpRequest) -> int:
    text = request.POST.get("row", "")
    if not NUMBER.fullmatch(text):
        raise Http404
    return int(text)


def _uuid(request: HttpRequest, name: str = "row") -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get(name, ""))
    except ValueError:
        raise Http404 from None


def _case(request: HttpRequest) -> Case:
    return get_object_or_404(Case, pk=_uuid(request, "case"))
