"""Who looked at personal data that the desk masks, why, and how long."""

from django.conf import settings
from django.db import models

from onboarding.models.cases import Case


class Reveal(models.Model):
    """Written before anything is shown, never changed. Shows only to `viewer`, and only until `until`."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reveals")
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} shown at {self.at:%Y-%m-%d %H:%M}"
