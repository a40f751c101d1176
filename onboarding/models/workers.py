"""Signs of life of worker processes, for /readyz."""

from django.db import models


class WorkerHeartbeat(models.Model):
    """One worker process. It says so itself every few seconds while it runs."""

    identity = models.CharField(max_length=120, primary_key=True)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.identity
