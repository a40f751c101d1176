"""What the automated checks remember: their findings, and what pictures look like."""

from django.db import models

from onboarding.models.cases import Case
from onboarding.models.documents import Document


class CheckReport(models.Model):
    """The findings of one submission. Written again when its checks run again."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="check_reports")
    submission = models.PositiveIntegerField()
    checked_at = models.DateTimeField()
    findings = models.JSONField()
    """A list of `domain.findings.Finding`: codes, never what was declared."""
    retakes = models.JSONField(default=list)
    """The slots that went straight back to the applicant."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "submission"], name="report_once")]

    def __str__(self) -> str:
        return f"checks of submission {self.submission} of {self.case_id}"


class PagePrint(models.Model):
    """What one stored page looks like, so that the same picture is found again in another file or case.

    `dhash` are 1,024 bits in hexadecimal and `phash` 64 (`documents.prints`); empty where the page has too
    little in it to be told from others. Each band is a quarter of `phash`: pages that look the same agree in
    at least one, and each has an index, so that nobody has to be compared with everybody.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="prints")
    page = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    phash = models.CharField(max_length=16, blank=True)
    dhash = models.CharField(max_length=256, blank=True)
    band_0 = models.IntegerField(null=True)
    band_1 = models.IntegerField(null=True)
    band_2 = models.IntegerField(null=True)
    band_3 = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "page"], name="print_once")]
        indexes = [
            models.Index(fields=["sha256"], name="print_exact"),
            *(models.Index(fields=[f"band_{n}"], name=f"print_band_{n}") for n in range(4)),
        ]

    def __str__(self) -> str:
        return f"page {self.page} of {self.document_id}"
