"""Codes of an authenticator app, recovery codes and passkeys: allauth's forms, in our words."""

from __future__ import annotations

import struct
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as allauth_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from onboarding.domain import typed
from onboarding.models.people import User
from onboarding.web.account_forms import plain

LONGEST_CODE = 20
LONGEST_KEY_NAME = 60


def _code_field(form: forms.Form, label: Any) -> None:
    plain(form)
    form.fields["code"].label = label
    form.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": LONGEST_CODE, "class": "code"}


def used_code(user: User, code: str) -> str:
    """The name in the cache that remembers a code of an app while it is good."""
    return f"second-factor:{user.pk}:{normalize_user_code(code)}"


def _once(user: User, code: str) -> None:
    """A code of an app counts once (OWASP ASVS 5.0, 6.5.1).

    allauth remembers it for one period of 30 seconds; with our tolerance it is good for three.

    Raises:
        ValidationError: it was used before.
    """
    good_for = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    if not cache.add(used_code(user, code), "used", timeout=good_for):
        raise get_adapter().validation_error("incorrect_code")


class _CodeForm:
    """A code of the app, or a recovery code."""

    user: User
    authenticator: Authenticator

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _code_field(self, _("Code of your app, or a recovery code"))  # type: ignore[arg-type]  # a form, below

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of the form beside it
        if self.authenticator.type == Authenticator.Type.TOTP:
            _once(self.user, code)
        return code


class AuthenticateForm(_CodeForm, allauth_forms.AuthenticateForm):
    """The second step of signing in."""


class ReauthenticateForm(_CodeForm, allauth_forms.ReauthenticateForm):
    """Once more, before something that matters."""


class ActivateForm(totp_forms.ActivateTOTPForm):
    """The first code of a new app. It is used up by that, too."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _code_field(self, _("Six-digit code of the app"))

    def clean_code(self) -> str:
        code: str = super().clean_code()
        _once(self.user, code)
        return code


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):
    """A name for the passkey. It signs in by itself where the device asks for a finger, a face or a PIN."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["name"].label = _("A name that tells you which it is")
        self.fields["name"].max_length = LONGEST_KEY_NAME
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_KEY_NAME
        self.fields["passwordless"].label = _("Sign in with it alone, without the password")
        self.fields["passwordless"].help_text = _("The device asks for a finger, a face or a PIN then.")
        self.fields["passwordless"].initial = True

    def clean_name(self) -> str:
        return typed.plain(str(super().clean_name()))[:LONGEST_KEY_NAME]

    def clean(self) -> dict[str, Any]:
        """What is no passkey at all is refused like a wrong one; allauth catches only a part of it."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except (ValueError, TypeError, LookupError, AttributeError, struct.error) as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return cleaned


class RenamePasskeyForm(passkey_forms.EditWebAuthnForm):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["name"].label = _("A name that tells you which it is")
        self.fields["name"].max_length = LONGEST_KEY_NAME
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_KEY_NAME

    def clean_name(self) -> str:
        return typed.plain(str(self.cleaned_data["name"]))[:LONGEST_KEY_NAME]
