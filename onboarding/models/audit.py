"""The audit trail: append-only, one row per transition of a case, chained by hashes."""

from django.db import models

from onboarding.models.cases import Case


class AuditEvent(models.Model):
    """Who did what to a case, when, why, and by which message. `hash` covers the row and the one before."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="audit", db_index=False)
    """Has no index of its own: both indexes that begin with it serve as one."""
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    actor_role = models.CharField(max_length=20)
    actor_account = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=30)
    came_from = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    cause = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    number = models.IntegerField(default=0)
    handed_in_at = models.DateTimeField(null=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["case_id", "version"]
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="one_event_per_version")]
        indexes = [
            # What the dashboard counts, answered by the index alone.
            models.Index(fields=["kind", "at", "case", "number"], name="event_by_kind"),
            # When something first happened to a case.
            models.Index(fields=["case", "kind", "at"], name="event_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.case_id}, {self.version})"
