"""Stored pictures: one row per upload. The bytes rest in the vault."""

import uuid

from django.db import models

from onboarding.domain.status import Slot
from onboarding.models.cases import Case


class Scan(models.TextChoices):
    """What the virus scanner says. Nobody sees a picture before it is clean."""

    CLEAN = "clean"
    WAITING = "waiting"
    INFECTED = "infected"


class Document(models.Model):
    """One accepted upload. The newest of a slot counts; older ones are superseded, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    slot = models.CharField(max_length=30, choices=[(each.value, each.value) for each in Slot])
    upload_key = models.CharField(max_length=64)
    """Made with the form: sending the same form again is the same upload."""
    original_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, db_index=True)
    """Over all stored pages, in order."""
    pages = models.JSONField()
    """One object a page: `name` in the vault, `sha256`, `size_bytes`, `width`, `height`, `measures`.

    Uploads of the first release lack the last.
    """
    uploaded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    sealed = models.BooleanField(db_default=False)
    """Its files are encrypted. Those of the first release were not, until a worker has sealed them."""
    scan = models.CharField(max_length=10, choices=Scan, db_default=Scan.CLEAN)
    """`clean` also where no scanner is configured. `infected`: the files are gone."""
    original = models.CharField(max_length=70, blank=True, db_default="")
    """Name in the vault of the upload as it was sent, kept only while it waits for the scanner."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "upload_key"], name="upload_once")]
        indexes = [
            models.Index(fields=["case", "slot", "uploaded_at"], name="document_newest"),
            models.Index(
                fields=["uploaded_at"], name="document_unscanned", condition=models.Q(scan="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot} of {self.case_id}"


class DocumentView(models.Model):
    """Somebody looked at a picture. Written before the bytes are sent."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="views")
    viewer = models.ForeignKey("onboarding.User", on_delete=models.PROTECT)
    page = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document_id} seen at {self.at:%Y-%m-%d %H:%M}"
