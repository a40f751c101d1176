"""The code of the second factor of demo staff: shown on the page that asks for it, and only in a demo."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.cache import cache

from onboarding.demo.people import COLLEAGUES
from onboarding.web.factor_forms import used_code


def demo_code(user: Any) -> str:
    """A code that is good now and was not used yet; empty outside a demo, and for everybody but its staff."""
    if not settings.DEMO or user.email not in {each.email for each in COLLEAGUES}:
        return ""
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return unused_code(app) if app else ""


def unused_code(app: Authenticator) -> str:
    """The code of this half minute; of the next or the last one, which are good too, where it was used."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    secret = decrypt(app.data["secret"])
    codes = [auth.format_hotp_value(auth.hotp_value(secret, now + step)) for step in (0, 1, -1)]
    unused = [code for code in codes if cache.get(used_code(app.user, code)) is None]
    return str((unused or codes)[0])
