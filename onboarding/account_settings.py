"""What django-allauth is told about accounts and second factors: no variable of the environment among it."""

from __future__ import annotations

from typing import Any

from onboarding.environment import is_loopback

OUR_RATE_LIMITS = {
    # allauth's, and an end to it: a code has six digits, and a mail box belongs to somebody.
    "confirm_email": "1/10s/key,10/h/key",
    "reset_password": "20/m/ip,5/m/key,20/d/key",
}
"""Where we are stricter than allauth, whose other limits hold as they are."""


def settings(*, limited: bool) -> dict[str, Any]:
    """All of them by name. Without `limited` nobody is told to wait."""
    return {**_accounts(limited=limited), **_factors(limited=limited)}


def passkey_host(host: str) -> str:
    """Whom passkeys belong to, from the host of our own address: browsers make none for numbers."""
    return "localhost" if is_loopback(host) else host


def _accounts(*, limited: bool) -> dict[str, Any]:
    return {
        "ACCOUNT_ADAPTER": "onboarding.web.accounts.AccountAdapter",
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD": "phone_number",
        "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
        "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
        "ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND": True,
        # The link of the mail; the code is good for 15 minutes.
        "ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS": 7,
        "ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE": True,
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "ACCOUNT_EMAIL_NOTIFICATIONS": True,
        # One address an account: a new one takes the place of the old one once it is proven.
        "ACCOUNT_CHANGE_EMAIL": True,
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": False,
        # Before the address changes, unless the sign-in is five minutes young.
        "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
        # A sign-up waits for its code, which can be sent again twice for 15 minutes.
        "ACCOUNT_LOGIN_TIMEOUT": 45 * 60,
        "ACCOUNT_SESSION_REMEMBER": True,
        "OUR_RATE_LIMITS": OUR_RATE_LIMITS,
        "ACCOUNT_RATE_LIMITS": OUR_RATE_LIMITS if limited else False,
        "ACCOUNT_SIGNUP_REDIRECT_URL": "case",
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "case",
        "LOGOUT_REDIRECT_URL": "landing",
    }


def _factors(*, limited: bool) -> dict[str, Any]:
    return {
        "MFA_RATE_LIMITS": {} if limited else False,
        "MFA_ADAPTER": "onboarding.web.second_factor.SecondFactorAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_TOTP_ISSUER": "Onboarding",
        # Codes of half a minute ago and ahead: clocks differ, people type slowly.
        "MFA_TOTP_TOLERANCE": 1,
    }
