"""Which workers are alive."""

from __future__ import annotations

from datetime import timedelta

from onboarding import clock
from onboarding.models.workers import WorkerHeartbeat

BEAT_SECONDS = 2.0
ALIVE_FOR = timedelta(seconds=10)


def beat(identity: str) -> None:
    """This worker is alive; forgets those that have been silent for a day."""
    now = clock.now()
    WorkerHeartbeat.objects.update_or_create(identity=identity, defaults={"seen_at": now})
    WorkerHeartbeat.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()


def stopped(identity: str) -> None:
    WorkerHeartbeat.objects.filter(identity=identity).delete()


def alive() -> set[str]:
    """Identities of workers heard of in the last seconds."""
    return set(
        WorkerHeartbeat.objects.filter(seen_at__gte=clock.now() - ALIVE_FOR).values_list(
            "identity", flat=True
        )
    )
