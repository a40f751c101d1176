"""What is typed into the details and not saved yet.

A row a field, so that two windows never undo each other.
"""

from django.db import models

from onboarding.models.cases import Case


class DetailsDraft(models.Model):
    """The newest value of one field as it was typed. Personal data, like the profile that it becomes."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    field = models.CharField(max_length=30)
    value = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "field"], name="draft_once_per_field")]

    def __str__(self) -> str:
        return f"{self.field} of {self.case_id}"
