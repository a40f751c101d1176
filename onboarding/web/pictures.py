"""A stored picture, for its owner and for reviewers. Every look is written down before a byte is sent.

Pages show `document_page`, which stays good as long as the session: it asks who looks, and leads to an
address with a ticket for a minute, where the bytes are. Who loads the picture again gets a new ticket.
"""

from __future__ import annotations

import logging
import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from onboarding import clock, roles
from onboarding.documents import vault
from onboarding.models.documents import Document, DocumentView
from onboarding.models.people import User
from onboarding.web import tickets
from onboarding.web.access import signed_in

logger = logging.getLogger(__name__)

PRIVATE = "no-store, private"
HEADERS = {
    "Content-Disposition": "inline",
    "Cache-Control": PRIVATE,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_GET
@login_required
def picture(request: HttpRequest, document_id: uuid.UUID, page: int) -> HttpResponse:
    """Leads to one page of one document. Somebody else's answers exactly like one that doesn't exist."""
    viewer = signed_in(request)
    _document(viewer, document_id, page)
    answer = redirect("document_picture", document_id, page, tickets.ticket(viewer, document_id, page))
    answer.headers["Cache-Control"] = PRIVATE
    return answer


@require_GET
def look(request: HttpRequest, document_id: uuid.UUID, page: int, ticket: str) -> HttpResponse:
    """The page itself as JPEG. Whatever is wrong with the ticket is the same 404."""
    viewer = request.user
    if not isinstance(viewer, User) or not tickets.is_good(ticket, viewer, document_id, page):
        raise Http404
    document = _document(viewer, document_id, page)
    try:
        data = vault.read(document, page)
    except vault.DocumentMissing as error:
        raise Http404 from error
    except vault.DocumentHeld:
        return _not_now(
            request, _("This picture waits for our virus scanner. It is shown once it was checked.")
        )
    except vault.DocumentLocked as error:
        logger.error("%s", error)
        return _not_now(
            request,
            _("This picture cannot be opened just now, because its key does not fit. We look after it."),
        )
    except vault.VaultUnavailable as error:
        logger.warning("%s", error)
        return _not_now(request, "")
    DocumentView.objects.create(document=document, viewer=viewer, page=page, at=clock.now())
    return HttpResponse(data, content_type="image/jpeg", headers=HEADERS)


def _document(viewer: User, document_id: uuid.UUID, page: int) -> Document:
    """The document that has this page and may be seen by this account.

    Raises:
        Http404: there is none.
    """
    document = Document.objects.select_related("case").filter(pk=document_id).first()
    if document is None or not 1 <= page <= len(document.pages):
        raise Http404
    if document.case.applicant_id != viewer.pk and not roles.may_see_documents(viewer):
        raise Http404
    return document


def _not_now(request: HttpRequest, sentence: str) -> HttpResponse:
    answer = render(request, "503.html", {"sentence": sentence}, status=503)
    answer.headers["Retry-After"] = "60"
    return answer
