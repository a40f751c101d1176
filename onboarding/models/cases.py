"""The case row: what lists are made of. The workflow is the truth; this is its newest projection."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models

from onboarding.domain.status import CaseStatus, DocumentType
from onboarding.models.references import new_reference

URGENCY = ["-escalation_level", "-due_soon", "review_due_at", "id"]
REVIEWABLE = models.Q(review_due_at__isnull=False)
"""Waits for a reviewer: only a case in review that is not paused has a moment by which it is due.

The queue asks for that instead of the status: a planner without statistics would take the index by status
and sort.
"""


class Case(models.Model):
    """One sign-up. Written by the sign-up itself and then only by version-guarded projections.

    `state` is the whole case as the workflow last recorded it; the columns beside it exist to be sorted and
    filtered by. `outbox_sequence` counts what was handed in and locks the case for one writer at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=9, unique=True, default=new_reference, editable=False)
    applicant = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case", editable=False
    )
    policy = models.JSONField(editable=False)
    born_at = models.DateTimeField(editable=False)
    outbox_sequence = models.PositiveIntegerField(default=0, editable=False)
    clock_offset_seconds = models.PositiveIntegerField(default=0, editable=False)
    """How far the demo clock has moved this case ahead; always zero in production."""

    version = models.PositiveIntegerField(default=0, editable=False)
    state = models.JSONField(null=True, editable=False)
    status = models.CharField(
        max_length=30,
        choices=[(each.value, each.value.replace("_", " ")) for each in CaseStatus],
        default=CaseStatus.EMAIL_PENDING,
        editable=False,
    )
    changed_at = models.DateTimeField(editable=False)
    closes_at = models.DateTimeField(null=True, editable=False)
    next_action = models.CharField(max_length=30, blank=True, editable=False)
    next_action_at = models.DateTimeField(null=True, editable=False)
    submission = models.PositiveSmallIntegerField(default=0, editable=False)
    resubmissions = models.PositiveSmallIntegerField(default=0, editable=False)
    in_review_since = models.DateTimeField(null=True, editable=False)
    """Only while it is in review."""
    review_due_at = models.DateTimeField(null=True, editable=False)
    escalation_level = models.PositiveSmallIntegerField(default=0, editable=False)
    due_soon = models.BooleanField(default=False, editable=False)
    unchecked = models.BooleanField(default=False, editable=False)
    paused = models.BooleanField(default=False, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="claimed_cases",
        editable=False,
    )
    claimed_until = models.DateTimeField(null=True, editable=False)
    last_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="returned_cases",
        editable=False,
    )
    recorded_at = models.DateTimeField(editable=False)
    """When this row was last written: its age, where the workflow can't answer."""

    class Meta:
        # Most urgent first, for each tab of the queue. Those with a condition spare all other cases.
        indexes = [
            models.Index(fields=["status", "changed_at", "id"], name="case_by_change"),
            models.Index(fields=["-changed_at", "-id"], name="case_changed"),
            models.Index(fields=["-born_at", "id"], name="case_newest"),
            models.Index(fields=URGENCY, name="case_urgent", condition=REVIEWABLE),
            models.Index(
                fields=URGENCY,
                name="case_unclaimed",
                condition=REVIEWABLE & models.Q(claimed_by=None),
            ),
            models.Index(fields=["claimed_by", *URGENCY], name="case_claimed", condition=REVIEWABLE),
            models.Index(fields=["last_reviewer", *URGENCY], name="case_back", condition=REVIEWABLE),
            models.Index(
                fields=["closes_at", "id"],
                name="case_waiting",
                condition=models.Q(closes_at__isnull=False),
            ),
            models.Index(
                fields=["in_review_since"],
                name="case_in_review",
                condition=models.Q(in_review_since__isnull=False),
            ),
            models.Index(
                fields=["next_action_at"],
                name="case_next_action",
                condition=models.Q(next_action_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def clock_offset(self) -> timedelta:
        return timedelta(seconds=self.clock_offset_seconds)


class Profile(models.Model):
    """What the applicant declares about themselves. Personal data: never leaves the database."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True)
    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True)
    document_type = models.CharField(
        max_length=20,
        choices=[(each.value, each.value.replace("_", " ")) for each in DocumentType],
        blank=True,
    )
    document_number = models.CharField(max_length=30, blank=True)
    expiry_date = models.DateField(null=True, blank=True)
    mrz = models.CharField(max_length=200, blank=True)
    """The machine-readable zone as typed, its lines put in form as far as `domain.mrz` could."""
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"details of {self.case_id}"
