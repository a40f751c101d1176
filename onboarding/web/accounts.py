"""Accounts by django-allauth, with sign-up, case and mail in one transaction."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string

from onboarding import clock
from onboarding.mail import notices
from onboarding.models.emails import Email
from onboarding.models.people import User
from onboarding.records import queries
from onboarding.usecases import applicant
from onboarding.web import timezones

CONFIRM = "account/email/confirm.txt"
PAGES = {
    "account/email/account_already_exists": "account_login",
    "account/email/unknown_account": "account_signup",
}
"""Where the button of a mail goes, if not to a link made for this mail."""


class AccountAdapter(DefaultAccountAdapter):
    """Where allauth meets the service: a sign-up opens a case, and mail is owed instead of sent."""

    def save_user(
        self,
        request: HttpRequest,
        user: User,
        form: Any,
        commit: bool = True,  # noqa: ARG002  allauth's signature
    ) -> User:
        """Writes the account and opens its case, in the transaction of the view.

        The form has hashed the password already: for a known address too, so that both take the same time,
        and outside the transaction, so that nobody waits for it.
        """
        user.email = form.cleaned_data["email"]
        user.password = form.hashed_password
        user.time_zone = timezones.reported(request)
        user.save()
        applicant.sign_up(user)
        return user

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The address and the message to the case stand or fall together."""
        with transaction.atomic():
            return bool(super().confirm_email(request, email_address))

    def generate_email_verification_code(self) -> str:
        return get_random_string(6, "0123456789")

    def send_confirmation_mail(self, _request: HttpRequest, emailconfirmation: Any, *, signup: bool) -> None:  # noqa: ARG002
        """Code and link in one mail: the code for this browser, the link for any other."""
        address = emailconfirmation.email_address
        link = notices.confirm_link(address) if address.pk else ""
        self._owe(CONFIRM, address.email, emailconfirmation.user, code=emailconfirmation.key, link=link)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff go to their desk, unless they have an application of their own."""
        staff = request.user.is_staff and queries.case_of(request.user.pk) is None
        return reverse("admin:index" if staff else "case")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On our own address, whatever host the request named."""
        return f"{settings.SITE_URL}{urlsplit(super().get_reset_password_from_key_url(key)).path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Owes the mail, in the transaction of whoever owes it. The worker renders and sends it."""
        page = PAGES.get(template_prefix)
        link = _url(page) if page else context.get("password_reset_url")
        forgotten = _url("account_reset_password")
        user = context.get("user") or User.objects.filter(email=email).first()
        self._owe(f"{template_prefix}.txt", email, user, link=link, forgotten=forgotten)

    def _owe(self, template: str, email: str, user: User | None, **details: str | None) -> None:
        now = clock.now()
        Email.objects.create(
            key=str(uuid.uuid4()),
            kind=notices.ACCOUNT,
            recipient=user,
            to_address=email,
            template=template,
            details=details,
            owed_at=now,
            next_attempt_at=now,
        )


def _url(name: str) -> str:
    return settings.SITE_URL + reverse(name)


@receiver(email_confirmed)
def tell_the_case(email_address: EmailAddress, **_: Any) -> None:
    """The address is proven, by whichever way: the case hears it."""
    applicant.confirm_email(email_address.user)
