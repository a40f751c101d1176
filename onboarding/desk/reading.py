"""What a case says of itself: the workflow's own answer, or the stored row with its age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext

from onboarding import clock
from onboarding.domain.snapshot import Snapshot
from onboarding.models.cases import Case
from onboarding.records import outbox, queries
from onboarding.sentences import relative
from temporal_app import gateway


@dataclass(frozen=True, slots=True)
class Reading:
    """A snapshot, where it comes from, and why it isn't live where it isn't."""

    snapshot: Snapshot
    source: str
    trouble: str = ""

    @property
    def live(self) -> bool:
        return not self.trouble


def read(row: Case, limit: timedelta | None = None) -> Reading:
    """Asks the workflow; falls back to the row. Never raises, and never takes longer than the limit.

    Args:
        limit: of the question; the configured one by default.
    """
    asked_at = clock.now()
    try:
        answer = gateway.snapshot(str(row.pk), limit)
    except gateway.GatewayError as error:
        return stored(row, error)
    took = (clock.now() - asked_at).total_seconds()
    return Reading(answer, gettext("Live answer of the workflow, {s} s ago.").format(s=f"{took:.1f}"))


def stored(row: Case, error: gateway.GatewayError) -> Reading:
    """What the row says, because the workflow can't."""
    age = relative(row.recorded_at, clock.now())
    source = gettext("Stored row, written {age}.").format(age=age)
    return Reading(queries.current_snapshot(row), source, trouble(error, row))


def trouble(error: gateway.GatewayError, row: Case) -> str:
    """Why the workflow doesn't answer, for people who want to go on working."""
    if isinstance(error, gateway.NotFound) and outbox.start_is_owed(row.pk):
        return gettext(
            "Temporal doesn't know this case yet. The sign-up is recorded and is handed over by itself."
        )
    if isinstance(error, gateway.NotFound | gateway.Finished):
        return gettext("The workflow of this case has ended and doesn't answer any more.")
    return gettext(
        "The workflow can't be reached: Temporal or its worker is away. Nothing is lost; "
        "actions work again as soon as it is back."
    )


def remaining(spent_seconds: float) -> timedelta:
    """What is left for one more question, so that the page answers within five seconds."""
    return timedelta(seconds=max(0.3, min(settings.TEMPORAL_TIMEOUT_SECONDS, 4.0 - spent_seconds)))
