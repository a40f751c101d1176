"""A stored picture, for its owner and for reviewers. Every look is written down before a byte is sent."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from onboarding import clock, roles
from onboarding.documents import vault
from onboarding.models.documents import Document, DocumentView
from onboarding.models.people import User
from onboarding.web.access import signed_in

HEADERS = {
    "Content-Disposition": "inline",
    "Cache-Control": "no-store, private",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_GET
@login_required
def picture(request: HttpRequest, document_id: uuid.UUID, page: int) -> HttpResponse:
    """One page of one document as JPEG. Somebody else's answers exactly like one that doesn't exist."""
    viewer = signed_in(request)
    document = Document.objects.select_related("case").filter(pk=document_id).first()
    if document is None or not _may_see(viewer, document) or not 1 <= page <= len(document.pages):
        raise Http404
    try:
        data = vault.read(document.pages[page - 1]["name"])
    except vault.DocumentMissing as error:
        raise Http404 from error
    except vault.VaultUnavailable:
        return render(request, "503.html", status=503)
    DocumentView.objects.create(document=document, viewer=viewer, page=page, at=clock.now())
    return HttpResponse(data, content_type="image/jpeg", headers=HEADERS)


def _may_see(viewer: User, document: Document) -> bool:
    return document.case.applicant_id == viewer.pk or roles.may_see_documents(viewer)
