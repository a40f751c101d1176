"""Every e-mail that the service can send, as it would look, about drawn cases. In a demo, for staff."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_sameorigin

from onboarding import clock
from onboarding.demo import specimens
from onboarding.desk import pages, words
from onboarding.mail import notices
from onboarding.mail.rendering import Content, rendered
from onboarding.web import mailbox

ACCOUNT_MAILS: dict[str, str] = {
    "account/email/confirm.txt": "account_email_verification_sent",
    "account/email/confirm_change.txt": "",
    "account/email/account_already_exists.txt": "account_login",
    "account/email/invitation.txt": "account_email_verification_sent",
    "account/email/email_changed.txt": "landing",
    "account/email/password_changed.txt": "account_reset_password",
    "account/email/password_reset.txt": "account_reset_password",
    "account/email/password_reset_key.txt": "account_reset_password",
    "account/email/unknown_account.txt": "account_signup",
    "mfa/email/forgotten.txt": "account_home",
    "mfa/email/recovery_codes_generated.txt": "account_home",
    "mfa/email/totp_activated.txt": "account_home",
    "mfa/email/totp_deactivated.txt": "account_home",
    "mfa/email/webauthn_added.txt": "account_home",
    "mfa/email/webauthn_removed.txt": "account_home",
}
"""Template → the page that its button leads to; without one it has no button."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One e-mail. `slug` names it in addresses."""

    slug: str
    name: str
    content: Content


def show(request: HttpRequest) -> HttpResponse:
    """All of them on one page."""
    _demand_demo()
    context = pages.context(
        admin.site,
        request,
        gettext("E-mails"),
        groups=[
            (gettext("About an application"), list(about_cases())),
            (gettext("About an account"), list(about_accounts())),
        ],
    )
    response = TemplateResponse(request, "admin/desk/mails.html", context)
    response._csp_update = {"frame-src": "'self'"}  # type: ignore[attr-defined]  # read by django-csp
    return response


@xframe_options_sameorigin
def html(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001  every view gets it
    """The HTML of one, for the frame: under a policy that lets it run and load nothing."""
    _demand_demo()
    found = next((each for each in (*about_cases(), *about_accounts()) if each.slug == slug), None)
    if found is None:
        raise Http404
    text = found.content.html
    return HttpResponse(mailbox.framed(text), headers={"Content-Security-Policy": mailbox.policy_of(text)})


def about_cases() -> Iterator[Preview]:
    row, recipient = specimens.drawn()
    for kind, state in specimens.specimens():
        yield Preview(kind, words.plain(kind), notices.sample(kind, row, recipient, state))


def about_accounts() -> Iterator[Preview]:
    """The mails of accounts carry what only their moment knows: here an example of it."""
    when = date_format(timezone.localtime(clock.now()), "j F Y, H:i e")
    for template, page in ACCOUNT_MAILS.items():
        example = {
            "link": settings.SITE_URL + reverse(page) if page else "",
            "forgotten": settings.SITE_URL + reverse("account_reset_password"),
            "password": settings.SITE_URL + reverse("account_reset_password"),
            "code": "123456",
            "integration": "Utopia Bank",
            "when": when,
            "device": gettext("Firefox on Windows"),
        }
        slug = template.removesuffix(".txt").replace("/email/", "-").replace("_", "-")
        yield Preview(
            slug, words.plain(template.rpartition("/")[2].removesuffix(".txt")), rendered(template, example)
        )


def _demand_demo() -> None:
    """Outside a demo these pages don't exist."""
    if not settings.DEMO:
        raise Http404
