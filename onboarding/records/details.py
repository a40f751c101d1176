"""The details of a person: what is saved, and what is typed and not saved yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from onboarding import clock
from onboarding.domain.declared import Declared
from onboarding.models.cases import Case, Profile
from onboarding.models.drafts import DetailsDraft

LONGEST_VALUE = 300
"""Of one field of a draft. Every field of the form is shorter."""


def declared_of(case: Case) -> Declared | None:
    """What the applicant declared, as saved now; None as long as they have not."""
    profile = Profile.objects.filter(case=case).first()
    if profile is None:
        return None
    return Declared(
        given_name=profile.given_name,
        family_name=profile.family_name,
        birth_date=profile.birth_date,
        country=profile.country,
        document_type=profile.document_type,
        document_number=profile.document_number,
        expiry_date=profile.expiry_date,
        mrz=profile.mrz,
    )


def known_of(case: Case) -> dict[str, str]:
    """What a form shows: for each field the newest text, be it saved or only drafted."""
    saved = declared_of(case)
    texts = {name: _text(getattr(saved, name)) for name in Declared.__slots__} if saved else {}
    return texts | drafts_of(case)


def _text(value: date | str | None) -> str:
    """As the fields of the form have it."""
    return f"{value.day}/{value.month}/{value.year}" if isinstance(value, date) else value or ""


def drafts_of(case: Case) -> dict[str, str]:
    """The newest value of each field that was typed and not saved."""
    return dict(DetailsDraft.objects.filter(case=case).values_list("field", "value"))


def keep_drafts(case: Case, values: Mapping[str, str]) -> frozenset[str]:
    """Keeps what was typed, the last writer of each field wins.

    Returns the names of what could be kept: a value that no field could ever take is left out.
    """
    now = clock.now()
    values = {
        name: value for name, value in values.items() if len(value) <= LONGEST_VALUE and "\0" not in value
    }
    DetailsDraft.objects.bulk_create(
        [DetailsDraft(case=case, field=name, value=value, changed_at=now) for name, value in values.items()],
        update_conflicts=True,
        unique_fields=["case", "field"],
        update_fields=["value", "changed_at"],
    )
    return frozenset(values)


def forget_drafts(case: Case) -> None:
    """They are saved, in the same transaction."""
    DetailsDraft.objects.filter(case=case).delete()


def today_of(case: Case) -> date:
    """The date where the applicant is, on the clock of their case."""
    return clock.case_now(case).astimezone(case.applicant.zone).date()
