"""What went wrong, once for all pages: a clear sentence and the right status."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onboarding.documents import intake, vault
from onboarding.documents.refusals import Refusal as UploadRefusal
from onboarding.domain.refusals import SENTENCES
from onboarding.usecases.applicant import TurnedAway
from temporal_app import gateway

logger = logging.getLogger(__name__)

UPLOAD_STATUS = {UploadRefusal.TOO_LARGE: 413, UploadRefusal.BUSY: 503}
EXPECTED = (TurnedAway, intake.Refused, vault.VaultError, gateway.GatewayError)
"""Everything that a use case may answer instead of doing it."""


def explained(error: Exception) -> tuple[str, int]:
    """The sentence for the person, and the HTTP status, for one of `EXPECTED`."""
    match error:
        case TurnedAway() | gateway.Refused():
            return _(SENTENCES[error.refusal.code]), 409
        case intake.Refused():
            return error.message, UPLOAD_STATUS.get(error.code, 422)
        case vault.VaultError():
            logger.error("a document could not be kept: %s", error)
            return _("We could not store the file just now. Nothing is lost: send it again in a minute."), 503
        case gateway.Finished():
            return _("This application is over for good. You can sign up again with another address."), 409
    return _("This can't be done at the moment. Nothing has changed: please try again in a minute."), 503


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    """The form was opened before signing in or out, or cookies are off."""
    return render(request, "csrf.html", {"here": reverse("landing")}, status=403)
