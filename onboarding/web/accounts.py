"""Accounts by django-allauth, with sign-up, case and mail in one transaction."""

from __future__ import annotations

import time
import uuid
from typing import Any, ClassVar

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.core.internal import ratelimit
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import get_random_string
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from onboarding import clock
from onboarding.mail import notices
from onboarding.models.emails import Email
from onboarding.models.people import User
from onboarding.records import queries
from onboarding.usecases import applicant
from onboarding.web import languages, timezones
from onboarding.web.devices import device

CONFIRM, CONFIRM_CHANGE = "account/email/confirm.txt", "account/email/confirm_change.txt"
PAGES = {
    "account/email/account_already_exists": "account_login",
    "account/email/email_changed": "landing",
    "account/email/password_changed": "account_reset_password",
    "account/email/password_reset": "account_reset_password",
}
"""Where the button of a mail goes; the others lead to the account."""
PROOFS = frozenset({"password", "mfa"})
"""What counts, while it is fresh, as having just shown who one is."""


class AccountAdapter(DefaultAccountAdapter):
    """Where allauth meets the service: a sign-up opens a case, and mail is owed instead of sent."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many tries in a short time."),
        "rate_limited": _("Too many tries in a short time."),
        "incorrect_code": _("This code is not right. Look for the newest one."),
        "duplicate_email": _("This is the address that you have now."),
    }

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
        user.time_zone, user.language = timezones.reported(request), languages.current()
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
        """Code and link in one mail: the code for this browser, the link for any other.

        An address that is to take the place of another one has no row yet, and so no link.
        """
        address = emailconfirmation.email_address
        link = notices.confirm_link(address) if address.pk else ""
        template = CONFIRM if address.pk or not address.user_id else CONFIRM_CHANGE
        self._owe(template, address.email, emailconfirmation.user, code=emailconfirmation.key, link=link)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff go to their desk, unless they have an application of their own."""
        staff = request.user.is_staff and queries.case_of(request.user.pk) is None
        return reverse("admin:index" if staff else "case")

    def get_email_verification_redirect_url(self, _email_address: EmailAddress) -> str:
        return reverse("account_home")

    def get_password_change_redirect_url(self, _request: HttpRequest) -> str:
        return reverse("account_home")

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Not from somebody who signed in or proved a factor a moment ago; allauth would ask once more."""
        records = get_authentication_records(self.request, self.request.user)
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        if any(record["method"] in PROOFS and record["at"] > since for record in records):
            return False
        return bool(super().is_reauthentication_required(app=app, **named))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failures count for an address *and* where they come from: else anybody could lock anybody out."""
        return f"{ratelimit.get_ip(request)}:{credentials.get('email', '').lower()}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Owes the mail, in the transaction of whoever owes it. The worker renders and sends it.

        It speaks the language of whose account it is; where there is none, that of this request.
        """
        user = context.get("user") or User.objects.filter(email=email).first()
        details = {
            "link": _url(PAGES.get(template_prefix, "account_home")),
            "forgotten": _url("account_reset_password"),
        }
        if "timestamp" in context:  # something was done: the mail says when and with what
            at = timezone.localtime(context["timestamp"])
            with translation.override(user.reads if user else languages.current()):
                when = date_format(at, "IN_FULL")
                details |= {"when": when, "device": device(context["user_agent"])}
        self._owe(f"{template_prefix}.txt", email, user, **details)

    def owe_password_reset(self, email: str) -> None:
        """One row for whatever address: who has it, and the link, are found when the mail is rendered."""
        self._owe(notices.FORGOTTEN, email, None)

    def _owe(self, template: str, email: str, user: User | None, **details: str | None) -> None:
        now = clock.now()
        Email.objects.create(
            key=str(uuid.uuid4()),
            kind=notices.ACCOUNT,
            recipient=user,
            to_address=email,
            template=template,
            details={**details, "language": languages.current()},
            owed_at=now,
            next_attempt_at=now,
        )


def _url(name: str) -> str:
    return settings.SITE_URL + reverse(name)


@receiver(email_confirmed)
def tell_the_case(email_address: EmailAddress, **_: Any) -> None:
    """The address is proven, by whichever way: the case hears it."""
    applicant.confirm_email(email_address.user)
