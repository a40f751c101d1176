"""What callers get: the shapes of all answers, for the description of the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from onboarding.api.callers import Scope
from onboarding.domain.deadlines import WakeupKind
from onboarding.domain.status import Action, CaseStatus, DocumentState, DocumentType, EventKind, Role, Slot

STATUSES = [each.value for each in CaseStatus]
SLOTS = [each.value for each in Slot]
DOCUMENT_TYPES = [each.value for each in DocumentType]


def words(values: type[Any], **more: Any) -> serializers.ChoiceField:
    """One of the values of an enumeration of the domain."""
    return serializers.ChoiceField(choices=[each.value for each in values], **more)


class Shape(serializers.Serializer[Any]):
    """Describes an answer; answers are plain dictionaries."""


class ReasonShape(Shape):
    code = serializers.CharField(help_text="Stable.")
    text = serializers.CharField()
    cure = serializers.CharField()


class RequirementShape(Shape):
    """One thing the applicant owes or has given."""

    kind = serializers.ChoiceField(choices=["email", "details", "document"])
    slot = serializers.ChoiceField(choices=SLOTS, allow_null=True, help_text="Which picture, else null.")
    title = serializers.CharField()
    owed = serializers.BooleanField(help_text="Still to be given, or to be given again.")
    open = serializers.BooleanField(help_text="Accepted at present.")
    state = words(DocumentState, allow_null=True, help_text="Of a picture; null for others.")
    reasons = ReasonShape(many=True, help_text="Why it is owed again.")
    uploaded_at = serializers.DateTimeField(allow_null=True)


class NextShape(Shape):
    """What happens if nobody acts, at its exact moment."""

    kind = words(WakeupKind)
    at = serializers.DateTimeField()
    number = serializers.IntegerField(help_text="Which reminder or level, from 1; else 0.")
    of = serializers.IntegerField()
    text = serializers.CharField()


class EventShape(Shape):
    """What happened. Applicants see what concerns them."""

    version = serializers.IntegerField()
    kind = words(EventKind)
    at = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=STATUSES, help_text="Since then.")
    text = serializers.CharField()
    by = words(Role, allow_null=True, help_text="Staff only.")
    reason = serializers.CharField(allow_null=True, help_text="Staff only.")


class ApplicantShape(Shape):
    name = serializers.CharField(help_text="The first letter of each name.")
    email = serializers.CharField(help_text="The first letter and the domain.")


class SummaryShape(Shape):
    """A case in a list, from its row."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    paused = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(allow_null=True)
    review_due_at = serializers.DateTimeField(allow_null=True, help_text="Staff only.")
    claimed = serializers.BooleanField(allow_null=True, help_text="Staff only.")
    applicant = ApplicantShape(allow_null=True, help_text="Staff only, masked.")


class CaseShape(Shape):
    """One case."""

    id = serializers.UUIDField()
    reference = serializers.CharField(help_text="What people read out on the telephone.")
    status = serializers.ChoiceField(choices=STATUSES)
    sentence = serializers.CharField(help_text="Who must act, what, and by when.")
    paused = serializers.BooleanField()
    over = serializers.BooleanField(help_text="Nothing will happen any more.")
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(allow_null=True, help_text="Until when the applicant must act.")
    as_of = serializers.DateTimeField(help_text="The case's own clock when this was said.")
    live = serializers.BooleanField(help_text="False where it is the stored row instead of the workflow.")
    version = serializers.IntegerField()
    document_type = serializers.ChoiceField(choices=DOCUMENT_TYPES, allow_null=True)
    submission = serializers.IntegerField(help_text="The number of the newest submission; `decide` names it.")
    attempts_left = serializers.IntegerField(help_text="How often can be asked again.")
    requirements = RequirementShape(many=True)
    next = NextShape(many=True)
    allowed_actions = serializers.ListField(child=words(Action))
    history = EventShape(many=True)
    applicant = ApplicantShape(allow_null=True, help_text="Staff only, masked.")


class CasePageShape(Shape):
    items = SummaryShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="Send it as `after` for the next page.")


class FoundPageShape(CasePageShape):
    """In the order of what the cases were found by."""

    unfinished = serializers.BooleanField(
        help_text="So many cases fit a part of the term that not all were looked at: send more of it."
    )


class DetailsShape(Shape):
    given_name = serializers.CharField()
    family_name = serializers.CharField()
    birth_date = serializers.DateField()
    country = serializers.CharField()
    document_type = serializers.ChoiceField(choices=DOCUMENT_TYPES)
    document_number = serializers.CharField(allow_blank=True)
    expiry_date = serializers.DateField(allow_null=True)
    mrz = serializers.CharField(allow_blank=True)


class DocumentShape(Shape):
    id = serializers.UUIDField()
    slot = serializers.ChoiceField(choices=SLOTS)
    pages = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of what was stored, which is re-encoded.")
    uploaded_at = serializers.DateTimeField()


class ReceiptShape(Shape):
    """The workflow has done it."""

    done = serializers.BooleanField()
    at = serializers.DateTimeField()
    version = serializers.IntegerField(help_text="Of the case since then.")


class SignUpShape(Shape):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=["pending", "confirmed", "expired"])
    case = serializers.UUIDField(allow_null=True, help_text="Known once the applicant has confirmed.")
    asked_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="Until when the applicant can confirm.")


class TokenShape(Shape):
    token = serializers.CharField(help_text="Shown this once.")
    label = serializers.CharField()  # type: ignore[assignment]  # the name is taken by the framework
    expires_at = serializers.DateTimeField()


class FieldErrorShape(Shape):
    field = serializers.CharField(help_text="A path like items.0.slot; empty for the whole body.")
    code = serializers.CharField()
    detail = serializers.CharField()


class WhoShape(Shape):
    account = serializers.CharField()
    name = serializers.CharField()


class ProblemShape(Shape):
    """RFC 9457. `code` is stable; docs/api.md lists them all."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="For people: what is wrong, and what to do.")
    code = serializers.CharField()
    errors = FieldErrorShape(many=True)  # type: ignore[assignment]  # as above
    by = WhoShape(required=False, help_text="Who was faster; staff only.")
    at = serializers.DateTimeField(required=False, help_text="When, or until when; staff only.")
    scope = serializers.ChoiceField(choices=[each.value for each in Scope], required=False)
