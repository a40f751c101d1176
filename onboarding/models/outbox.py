"""The outbox: what was committed and is owed to the workflow. A row is never deleted unacknowledged."""

from django.db import models

from onboarding.models.cases import Case


class OutboxMessage(models.Model):
    """One fact, in the order in which the case's applicant handed it in."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="outbox")
    sequence = models.PositiveIntegerField()
    message_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=40)
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    """"delivered", or why the workflow could not take it any more."""
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True)
    parked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "message to a case"
        verbose_name_plural = "messages to cases"
        ordering = ["case_id", "sequence"]
        constraints = [models.UniqueConstraint(fields=["case", "sequence"], name="outbox_order")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="outbox_waiting",
                condition=models.Q(delivered_at=None, parked_at=None),
            ),
            models.Index(
                fields=["parked_at"], name="outbox_parked", condition=models.Q(parked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.sequence} of {self.case_id}"
