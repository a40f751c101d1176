"""Answers kept for repetitions: one row for each `Idempotency-Key` of a caller, for a day."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, close_old_connections, transaction
from django.db.models import Q

from onboarding import clock
from onboarding.models.api import ApiToken, IdempotencyKey

logger = logging.getLogger(__name__)

KEPT = timedelta(hours=24)
ABANDONED = timedelta(seconds=60)
"""No request works this long: whoever began it has died, and the next one takes over."""
EVERY_SECONDS = 3600.0


class InFlight(Exception):
    """Another request with this key is being worked on."""


class Reused(Exception):
    """The key stands for another request."""


def begin(caller_id: int, key_digest: str, request_digest: str) -> IdempotencyKey:
    """Takes the key for this request, or finds what was answered: then the row has a `status`.

    Raises:
        InFlight, Reused
    """
    now = clock.now()
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(
                caller_id=caller_id,
                key_digest=key_digest,
                request_digest=request_digest,
                begun_at=now,
                kept_until=now + KEPT,
            )
    except IntegrityError:
        row = IdempotencyKey.objects.filter(caller_id=caller_id, key_digest=key_digest).first()
    if row is None:  # given up at this very moment
        raise InFlight
    if row.kept_until <= now:
        IdempotencyKey.objects.filter(pk=row.pk, kept_until__lte=now).delete()
        return begin(caller_id, key_digest, request_digest)
    if row.request_digest != request_digest:
        raise Reused
    if row.status is None:
        _take_over(row)
    return row


def _take_over(row: IdempotencyKey) -> None:
    now = clock.now()
    free = Q(begun_at=None) | Q(begun_at__lte=now - ABANDONED)
    if not IdempotencyKey.objects.filter(free, pk=row.pk, status=None).update(begun_at=now):
        raise InFlight


def answered(row: IdempotencyKey, status: int, body: Any, location: str) -> None:
    """Keeps the answer. Whoever finishes last was told the same."""
    IdempotencyKey.objects.filter(pk=row.pk).update(
        status=status, body=body, location=location, begun_at=None
    )


def left_open(row: IdempotencyKey) -> None:
    """Nobody knows whether it was done: the same request may try again at once, another one may not."""
    IdempotencyKey.objects.filter(pk=row.pk, status=None).update(begun_at=None)


def given_up(row: IdempotencyKey) -> None:
    """Nothing was done: the key is free."""
    IdempotencyKey.objects.filter(pk=row.pk, status=None).delete()


def sweep() -> int:
    """Removes what is old: kept answers, and tokens that ran out. Returns how many answers."""
    now = clock.now()
    ApiToken.objects.filter(expiry__lte=now).delete()
    removed, _ = IdempotencyKey.objects.filter(kept_until__lte=now).delete()
    return removed


def run(stop: threading.Event) -> None:
    """Sweeps now and then until told to stop; a fault is logged and the next round tries again."""
    while not stop.is_set():
        try:
            close_old_connections()
            sweep()
        except Exception:
            logger.exception("old answers could not be removed")
        finally:
            close_old_connections()
        stop.wait(EVERY_SECONDS)
