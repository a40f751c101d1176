"""One e-mail of a case as staff may read it: what it says now, without the keys that its links carry."""

from __future__ import annotations

import uuid

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from onboarding import clock
from onboarding.desk import pages, story, words
from onboarding.desk.masking import masked_email
from onboarding.mail import notices
from onboarding.models.emails import Email


def show(request: HttpRequest, case_id: uuid.UUID, email_id: uuid.UUID) -> HttpResponse:
    """The plain text, made by the same template from the case as it is now."""
    rows = Email.objects.select_related("case", "case__applicant", "recipient")
    email = get_object_or_404(rows, pk=email_id, case_id=case_id, recipient__isnull=False)
    assert email.case is not None
    assert email.recipient is not None
    content = notices.for_staff(email)
    now = clock.case_now(email.case)
    context = pages.context(
        admin.site,
        request,
        gettext("E-mail “{kind}”").format(kind=words.plain(email.kind)),
        row=email.case,
        content=content,
        to=masked_email(email.recipient.email),
        state=story.state_words(email),
        sent=words.Moment.of(email.sent_at, now) if email.sent_at else None,
    )
    return TemplateResponse(request, "admin/desk/letter.html", context)
