"""What colleagues leave at the desk for one another: notes, signs of presence, and their own preferences."""

from django.conf import settings
from django.db import models

from onboarding.models.cases import Case


class Note(models.Model):
    """What staff wrote about a case, for staff only. Append-only; the key makes sending it twice one note."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=2000)
    key = models.UUIDField()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "note"
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="note_once_per_key")]

    def __str__(self) -> str:
        return f"note {self.pk} on {self.case_id}"


class Presence(models.Model):
    """Somebody has the page of a case open. Said again every few seconds; it counts while it is new."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "viewer"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.viewer_id} at {self.case_id}"


class DeskPreference(models.Model):
    """How a member of staff likes to work. Who never chose has no row."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="desk_preference"
    )
    shortcuts = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"
