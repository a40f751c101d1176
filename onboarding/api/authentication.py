"""Who is calling: a bearer token, else the session of the site."""

from __future__ import annotations

import re
from typing import Any

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from knox.auth import TokenAuthentication
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from onboarding.api.problems import Code, Problem
from onboarding.models.api import ApiToken
from onboarding.models.people import User

WRITABLE = re.compile(rb"[ -~]{0,300}")


class BearerAuthentication(TokenAuthentication):
    """Knox, which looks tokens up by their beginning and compares digests."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        if not WRITABLE.fullmatch(authentication.get_authorization_header(request)):
            raise exceptions.AuthenticationFailed  # knox would stumble over the bytes
        return super().authenticate(request)  # type: ignore[no-any-return]  # knox ships no types

    def validate_user(self, auth_token: ApiToken) -> tuple[User, ApiToken]:
        """A person's token ends with the password that it was made under."""
        stamp = auth_token.stamp
        if stamp and not constant_time_compare(stamp, auth_token.user.get_session_auth_hash()):
            raise exceptions.AuthenticationFailed
        return super().validate_user(auth_token)  # type: ignore[no-any-return]


class SessionAuthentication(authentication.SessionAuthentication):
    """The site's own session, which needs the CSRF token beside it for whatever changes something."""

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            detail = gettext("Requests with a session need the header X-CSRFToken; or use a token.")
            raise Problem(403, Code.CSRF_FAILED, detail) from error
