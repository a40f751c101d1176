"""The secrets of apps and the seeds of recovery codes, as they rest: wrapped by the master keys."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from onboarding import masterkeys
from onboarding.masterkeys import Locked, Rotation

PURPOSE = b"onboarding second factor 1"
SEALED = "sealed:1:"
"""What a wrapped secret begins with; its key's id and, in base64, the rest follow. No secret has a colon."""
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
SECRETS = ("secret", "seed", "migrated_codes")
"""Where allauth keeps them in the data of a factor; the last is a list."""


def seal(secret: str) -> str:
    master_key, wrapped = masterkeys.wrap(secret.encode(), PURPOSE)
    return f"{SEALED}{master_key}:{base64.b64encode(wrapped).decode()}"


def opened(text: str) -> str:
    """The secret. One that was kept before secrets were wrapped is taken as it is.

    Raises:
        Locked
    """
    if not text.startswith(SEALED):
        return text
    master_key, _, encoded = text.removeprefix(SEALED).partition(":")
    try:
        wrapped = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Locked("the secret of a second factor is damaged") from error
    return masterkeys.unwrap(master_key, wrapped, PURPOSE, "the secret of a second factor").decode()


def rotate(*, dry_run: bool = False) -> Rotation:
    """Wraps every secret with the newest master key, also those in the clear. Safe to repeat, to interrupt.

    Args:
        dry_run: only count.
    """
    newest = masterkeys.ring().newest
    rewrapped = locked = 0
    for factor_id in list(_factors().values_list("pk", flat=True)):
        try:
            rewrapped += _rewrap(factor_id, newest, dry_run=dry_run)
        except Locked:
            locked += 1
    used = {_key_of(each) for data in _factors().values_list("data", flat=True) for each in _texts(data)}
    return Rotation(rewrapped, locked, frozenset(used - {""}))


def _factors() -> Any:
    return Authenticator.objects.filter(type__in=KINDS).order_by("pk")


def _rewrap(factor_id: int, newest: str, *, dry_run: bool) -> bool:
    """One factor under a lock, because a recovery code may be used up at the same moment."""
    with transaction.atomic():
        factor = _factors().select_for_update().filter(pk=factor_id).first()
        if factor is None or all(_key_of(each) == newest for each in _texts(factor.data)):
            return False
        data = _each(factor.data, lambda text: seal(opened(text)))
        if not dry_run:
            factor.data = data
            factor.save(update_fields=["data"])
        return True


def _key_of(text: str) -> str:
    """The id of the master key that wraps a secret; empty for one in the clear."""
    return text.removeprefix(SEALED).partition(":")[0] if text.startswith(SEALED) else ""


def _texts(data: dict[str, Any]) -> list[str]:
    found: list[str] = []
    _each(data, lambda text: found.append(text) or text)  # type: ignore[func-returns-value]
    return found


def _each(data: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """The data of a factor with its secrets changed."""
    changed = dict(data)
    for name in SECRETS:
        held = data.get(name)
        if isinstance(held, list):
            changed[name] = [change(each) for each in held]
        elif held is not None:
            changed[name] = change(held)
    return changed
