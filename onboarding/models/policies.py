"""Policies that operators put into force: append-only, over the one that the settings give."""

from django.conf import settings
from django.db import models


class PolicyVersion(models.Model):
    """All values of one policy, from when on new cases are born with it, who decided that, and why."""

    key = models.UUIDField(unique=True)
    """Made with the form: sending the same form again is the same policy."""
    values = models.JSONField()
    effective_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    reason = models.CharField(max_length=500)

    class Meta:
        verbose_name_plural = "policies"
        indexes = [models.Index(fields=["-effective_at", "-id"], name="policy_newest")]

    def __str__(self) -> str:
        return f"policy from {self.effective_at:%Y-%m-%d %H:%M}"
