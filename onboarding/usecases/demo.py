"""The demo clock: one case's time moves ahead of the wall, so that weeks of reminders pass in seconds."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import F

from onboarding.models.cases import Case
from temporal_app import gateway


def fast_forward(case: Case, by: timedelta) -> None:
    """Moves the clock of one case ahead and lets its timers fire. Whole seconds.

    Raises:
        RuntimeError: the demo is off.
        gateway.GatewayError: Temporal or its worker is away; the clock stands where it stood.
    """
    if not settings.DEMO:
        raise RuntimeError("The demo clock exists only where DEMO is on.")
    whole = timedelta(seconds=int(by.total_seconds()))
    gateway.snapshot(str(case.id))  # finds out in a page's time, not in that of skipping, who is away
    gateway.fast_forward(str(case.id), whole)
    Case.objects.filter(pk=case.pk).update(
        clock_offset_seconds=F("clock_offset_seconds") + int(whole.total_seconds())
    )
    case.refresh_from_db()
