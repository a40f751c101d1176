"""What was counted of days that are over, so that nobody counts them again."""

from django.db import models


class CountedDay(models.Model):
    """One day in UTC. Empty `counts`: count it (again), because an event of that day came late.

    Derived from the audit trail and personal to nobody: rows may be deleted at any time, and come again.
    """

    day = models.DateField(primary_key=True)
    counts = models.JSONField(null=True)
    """Name of a figure → how many, as `records.days` names them."""

    def __str__(self) -> str:
        return self.day.isoformat()
