"""Owed e-mails: written in the transaction that owes them, sent afterwards, once per key."""

import uuid

from django.conf import settings
from django.db import models

from onboarding.models.cases import Case


class Email(models.Model):
    """One e-mail. Its id makes the Message-ID, so a repeated sending can be recognised.

    Rendered when it is sent: a notice of a case from the state of the case, account mail (codes, links) from
    `template` and `details`, which are emptied once it is sent because they hold secrets.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="emails")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="owed_emails"
    )
    to_address = models.EmailField(blank=True)
    """Only for account mail, which stays with the address it was owed to."""
    stage = models.PositiveIntegerField(default=0)
    rung = models.PositiveIntegerField(default=0)
    template = models.CharField(max_length=80, blank=True)
    details = models.JSONField(default=dict)
    owed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    """A reminder whose wait was over before it could be sent, or a mail whose recipient is gone."""
    parked_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "e-mail"
        constraints = [
            models.UniqueConstraint(fields=["case", "key", "recipient"], name="email_once_per_key")
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="email_waiting",
                condition=models.Q(sent_at=None, dropped_at=None, parked_at=None),
            ),
            models.Index(
                fields=["parked_at"], name="email_parked", condition=models.Q(parked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.id})"

    @property
    def state(self) -> str:
        """One word for tables: sent, dropped, parked or owed."""
        for word in ("sent", "dropped", "parked"):
            if getattr(self, f"{word}_at"):
                return word
        return "owed"
