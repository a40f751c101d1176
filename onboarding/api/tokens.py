"""Making tokens. The text of a token exists once, in the answer to whoever made it; rows hold its digest."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction

from onboarding.api.callers import Scope
from onboarding.models.api import ApiToken, Integration
from onboarding.models.people import User

LONGEST_DAYS = 366


def for_person(user: User, label: str, days: int) -> tuple[ApiToken, str]:
    """A token that may what this person may. It ends with their password."""
    return _made(
        user,
        days,
        label=label,
        scopes=[],
        stamp=user.get_session_auth_hash(),
        made_by=user,
    )


def for_integration(
    integration: Integration, label: str, scopes: Iterable[Scope], days: int, made_by: User
) -> tuple[ApiToken, str]:
    """A token with scopes."""
    return _made(
        integration.user,
        days,
        label=label,
        scopes=sorted(scope.value for scope in scopes),
        made_by=made_by,
    )


def _made(user: User, days: int, **more: Any) -> tuple[ApiToken, str]:
    knox: Any = ApiToken.objects  # its manager answers with the row and the text
    row, token = knox.create(user, timedelta(days=days), **more)
    return row, token


def new_integration(name: str) -> Integration:
    """An integration with the account that its tokens belong to."""
    with transaction.atomic():
        user = User(email=f"{secrets.token_hex(8)}@integrations.invalid", first_name=name[:150])
        user.set_unusable_password()
        user.save()
        return Integration.objects.create(user=user, name=name)
