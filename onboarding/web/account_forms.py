"""What people type to have an account: allauth's forms, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.validators import MaxLengthValidator
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from onboarding.models.people import User
from onboarding.web.plain_fields import seen_address

LONGEST_ADDRESS = 254
LONGEST_PASSWORD = 1000
# Written out: put together by the ORM it would cost a tenth of a sign-up.
KNOWN = """
SELECT EXISTS (SELECT 1 FROM account_emailaddress WHERE email = %s)
    OR EXISTS (SELECT 1 FROM onboarding_user WHERE email = %s)
"""
PASSWORD_HELP = _("At least 8 characters. A few words are easier to remember than symbols.")


def is_known(email: str) -> bool:
    """Whether somebody has this address, in lower case, confirmed or not."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [email, email])
        return bool(cursor.fetchone()[0])


def plain(form: forms.Form) -> None:
    """No placeholders: they vanish when one types, and a label stands above every field."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignupForm(allauth_forms.SignupForm):
    """E-mail and password, nothing more."""

    hashed_password: str

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        plain(self)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].validators += [MaxLengthValidator(LONGEST_ADDRESS), seen_address]
        self.fields["password1"].help_text = PASSWORD_HELP
        self.fields["password1"].validators.append(MaxLengthValidator(LONGEST_PASSWORD))
        # Hidden by a class, because the policy of our pages allows no inline style.
        self.fields["phone_number"].widget = forms.TextInput({"tabindex": "-1", "autocomplete": "off"})
        self.fields["phone_number"].label = _("Leave this empty")

    def validate_unique_email(self, email: str) -> str:
        """Only finds out whether there is an account; the answer is the same for a known address."""
        self.account_already_exists = is_known(email)
        return email

    def clean(self) -> dict[str, Any]:
        """Also hashes the password, for a known address too: both take the same time."""
        cleaned: dict[str, Any] = super().clean()
        if not self.errors:
            self.hashed_password = make_password(cleaned["password1"])
        return cleaned

    def save(self, request: HttpRequest) -> User:
        """Writes account, case and address.

        allauth's own way asks six times for addresses that an account of this moment cannot have. Here the
        database refuses a second account for an address, and whoever saves hears of it.

        Raises:
            IntegrityError: somebody took the address since it was looked for.
        """
        adapter = get_adapter()
        user: User = adapter.save_user(request, adapter.new_user(request), self)
        address = EmailAddress.objects.create(user=user, email=self.cleaned_data["email"], primary=True)
        EmailAddress.objects.fill_cache_for_user(user, [address])
        return user


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        plain(self)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].help_text = ""
        self.fields["password"].validators.append(MaxLengthValidator(LONGEST_PASSWORD))


class CodeForm(allauth_forms.ConfirmEmailVerificationCodeForm):
    """The six digits. Blanks and hyphens in between don't matter."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        plain(self)
        self.fields["code"].label = _("Six-digit code")
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": 20, "class": "code"}


class ChangeEmailForm(forms.Form):
    """Another address for an account that is not confirmed yet; answers the same for every address."""

    email = forms.EmailField(
        label=_("The right e-mail address"),
        max_length=LONGEST_ADDRESS,
        validators=[seen_address],
        widget=forms.EmailInput({"autocomplete": "email", "id": "id_new_email"}),
    )
    account_already_exists = False

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        self.account_already_exists = is_known(email)
        return email


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """An address. Whether anybody has it is not looked up here, so nothing can tell, not even the time."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        plain(self)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].validators.append(MaxLengthValidator(LONGEST_ADDRESS))

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **_named: Any) -> str:  # noqa: ARG002  allauth's signature
        email: str = self.cleaned_data["email"]
        get_adapter().owe_password_reset(email)
        return email


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """A new password, typed once."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        plain(self)
        del self.fields["password2"]
        self.fields["password1"].help_text = PASSWORD_HELP
        self.fields["password1"].validators.append(MaxLengthValidator(LONGEST_PASSWORD))


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """The password of now, and a new one, typed once."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        plain(self)
        del self.fields["password2"]
        self.fields["oldpassword"].label = _("Your password of now")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = PASSWORD_HELP
        for name in ("oldpassword", "password1"):
            self.fields[name].validators.append(MaxLengthValidator(LONGEST_PASSWORD))


class NewAddressForm(allauth_forms.AddEmailForm):
    """The address that is to take the place of the one of now."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        plain(self)
        self.fields["email"].label = _("New e-mail address")
        self.fields["email"].validators += [MaxLengthValidator(LONGEST_ADDRESS), seen_address]


class PasswordAgainForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        plain(self)
        self.fields["password"].help_text = ""
        self.fields["password"].validators.append(MaxLengthValidator(LONGEST_PASSWORD))
