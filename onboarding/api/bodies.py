"""What callers send. Fields that nobody asked for are refused: a typo must not be taken for silence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers

from onboarding.domain.mrz import LONGEST_TYPED
from onboarding.domain.names import LONGEST_NAME
from onboarding.domain.status import CaseStatus, DocumentType, Outcome, Slot
from onboarding.web import timezones
from onboarding.web.account_forms import LONGEST_ADDRESS
from onboarding.web.countries import COUNTRIES
from onboarding.web.plain_fields import ApiText, seen_address

LONGEST_REASON = 500
LONGEST_SEARCH = 200
LONGEST_PAGE = 100
USUAL_PAGE = 25
HIGHEST_SUBMISSION = 10_000
COUNTRY_CODES = [str(code) for code, _ in COUNTRIES]


class Body(serializers.Serializer[Any]):
    """Refuses unknown fields."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError(
                    {
                        name: [serializers.ErrorDetail(gettext("There is no such field."), "unknown_field")]
                        for name in unknown[:20]
                    }
                )
        return super().to_internal_value(data)


class Nothing(Body):
    """An empty object, or no body at all."""


class SignUpBody(Body):
    email = serializers.EmailField(
        max_length=LONGEST_ADDRESS, validators=[seen_address], help_text="Of the applicant."
    )
    time_zone = serializers.CharField(
        required=False, max_length=64, help_text="IANA name, like Europe/Madrid; UTC where it is left out."
    )

    def validate_email(self, email: str) -> str:
        return email.lower()

    def validate_time_zone(self, name: str) -> str:
        if not timezones.is_zone(name):
            raise serializers.ValidationError(gettext("This is no IANA time zone."), "invalid")
        return name


class DetailsBody(Body):
    """At least one of the two names, because not everybody has both. The last three only help the checks."""

    given_name = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NAME)
    family_name = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NAME)
    birth_date = serializers.DateField(input_formats=["%Y-%m-%d"], help_text="ISO 8601, like 1990-02-11.")
    country = serializers.CharField(
        max_length=2, help_text="That issued the document: ISO 3166-1 alpha-2, like ES."
    )
    document_type = serializers.ChoiceField(choices=[kind.value for kind in DocumentType])
    document_number = serializers.CharField(required=False, allow_blank=True, max_length=30)
    expiry_date = serializers.DateField(required=False, allow_null=True, input_formats=["%Y-%m-%d"])
    mrz = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_TYPED,
        help_text="The machine-readable lines, each on a line of its own; for the checks only.",
    )


class UploadBody(Body):
    slot = serializers.ChoiceField(
        choices=[slot.value for slot in Slot], help_text="Which picture this is: see `requirements`."
    )
    file = serializers.FileField(
        allow_empty_file=True,  # the intake has better words for it
        max_length=255,
        help_text="JPEG, PNG, WebP or PDF.",
    )


class ReasonBody(Body):
    reason = ApiText(
        max_length=LONGEST_REASON,
        help_text="Kept in the history of the case. No personal data, please.",
    )


class StaffReasonBody(Body):
    reason = ApiText(
        required=False,
        max_length=LONGEST_REASON,
        help_text="Needed from staff; applicants and integrations leave it out.",
    )


class ExtendBody(ReasonBody):
    seconds = serializers.IntegerField(
        min_value=60, max_value=90 * 86_400, help_text="By how much: one minute to 90 days."
    )


class ItemBody(Body):
    slot = serializers.ChoiceField(choices=[slot.value for slot in Slot])
    reasons = serializers.ListField(
        child=serializers.CharField(max_length=60), min_length=1, max_length=20, help_text="Codes of reasons."
    )


class DecisionBody(Body):
    """About one submission: the one that was looked at. Which reasons go with what is left to the rules."""

    submission = serializers.IntegerField(min_value=0, max_value=HIGHEST_SUBMISSION)
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    reasons = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        max_length=20,
        help_text="Why it is refused: codes of reasons.",
    )
    items = ItemBody(many=True, required=False, help_text="What is asked for again, and why.")
    extra_attempt = serializers.BooleanField(
        required=False, help_text="Grants one attempt more than the policy allows."
    )

    def validate_items(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        slots = [item["slot"] for item in items]
        if len(slots) > len(set(slots)):
            raise serializers.ValidationError(gettext("Name each picture once."), "invalid")
        return items


class PageQuery(Body):
    """The query of a list."""

    limit = serializers.IntegerField(min_value=1, max_value=LONGEST_PAGE, default=USUAL_PAGE)
    after = serializers.CharField(
        required=False, max_length=200, help_text="`next` of the page before this one."
    )


class CaseQuery(PageQuery):
    status = serializers.ChoiceField(choices=[each.value for each in CaseStatus], required=False)


class SearchBody(PageQuery):
    """The term is personal data, so it stands in the body and never in an address."""

    term = serializers.CharField(
        min_length=2, max_length=LONGEST_SEARCH, help_text="A reference, an e-mail address, or names."
    )


class TokenBody(Body):
    label = ApiText(  # type: ignore[assignment]  # the name is taken by the framework
        max_length=80, help_text="What it is for; yours to recognise it by."
    )
    days = serializers.IntegerField(min_value=1, max_value=30, default=7, help_text="How long it is good.")
