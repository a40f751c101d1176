"""The second factor: an offer for applicants, a must for staff."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onboarding import masterkeys
from onboarding.api import problems
from onboarding.models.people import User
from onboarding.web import factor_secrets, sessions
from onboarding.web.devices import device

logger = logging.getLogger(__name__)

FACTOR = "mfa"
"""How allauth notes in the session that somebody proved a second factor, or a passkey instead of both."""

OPEN_TO_ALL = ("account/", "mailbox/", "livez", "readyz")
"""Where staff may go before: to their account, and where nobody has to sign in."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Where allauth's second factor meets the service."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to our own address, whatever host the request named."""
        return {"id": settings.PASSKEY_HOST, "name": app_settings.TOTP_ISSUER}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: ARG002  allauth's
        """What a new passkey is called unless its owner says otherwise: the device that makes it."""
        return device(self.request.headers.get("User-Agent", ""))

    def encrypt(self, text: str) -> str:
        """What allauth keeps of apps and recovery codes rests wrapped by the master keys."""
        return factor_secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factor_secrets.opened(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep at least one; another has to be there first."""
        others = factors(authenticator.user).exclude(pk=authenticator.pk)
        return not must_have_one(authenticator.user) or others.exists()


def factors(user: User) -> Any:
    """The rows of apps and passkeys of an account. Recovery codes only stand in for one of them."""
    return Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)


def must_have_one(user: User) -> bool:
    return user.is_staff or user.is_superuser


def is_passed(request: HttpRequest) -> bool:
    """Whether a second factor was proven in this session, by the account that is signed in."""
    return any(record.get("method") == FACTOR for record in get_authentication_records(request, request.user))


def forget(user: User) -> None:
    """Takes all factors of an account away and ends its sessions; its owner hears of it.

    For people who lost their telephone and their recovery codes. Be sure who they are before you call it.
    """
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk).delete()
        sessions.end_all(user)
        get_account_adapter().send_mail("mfa/email/forgotten", user.email, {"user": user})


@receiver(authenticator_added)
def count_enrolment(request: HttpRequest, user: User, authenticator: Authenticator, **_named: Any) -> None:
    """Whoever sets up an app has just typed a code of it, and whoever makes a passkey has just used it."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, FACTOR, id=authenticator.pk, type=authenticator.type)


class StaffMiddleware:
    """Keeps staff out of everything but their own account until they have proven a second factor.

    Here and not at the desk alone: staff see more than others on other pages too, the pictures above all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or _is_open_to_all(request):
            return None
        user = request.user
        if not isinstance(user, User) or not must_have_one(user) or is_passed(request):
            return None
        if request.path.startswith("/api/"):
            return problems.rendered(problems.second_factor_missing())
        return _way_to_pass(request, user)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Any page may need the secret of a factor, and no key open it: a clear answer, for everybody."""
        if not isinstance(error, masterkeys.Locked):
            return None
        logger.error("a second factor cannot be opened: %s", error)
        sentence = _("We can't look at second factors just now. Nothing is lost: please try again later.")
        return render(request, "503.html", {"sentence": sentence}, status=503)


def _is_open_to_all(request: HttpRequest) -> bool:
    found = request.resolver_match
    return found is not None and (not found.route or found.route.startswith(OPEN_TO_ALL))


def _way_to_pass(request: HttpRequest, user: User) -> HttpResponse:
    """To the page that asks for the factor, or to the one where the first is set up."""
    kinds = set(factors(user).values_list("type", flat=True))
    if not kinds:
        messages.warning(
            request, _("Your account needs a second factor before you can go on. Set one up here.")
        )
        return HttpResponseRedirect(reverse("mfa_index"))
    page = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
    after = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("admin:index")
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode({'next': after})}")
