"""Finding cases by what somebody says on the telephone."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from onboarding.models.cases import Case

FULL_REFERENCE = 8
MOST_WORDS = 5


def found(rows: QuerySet[Case], term: str) -> QuerySet[Case]:
    """Those of `rows` whose reference, e-mail address or names begin with every word of the term."""
    whole = "".join(term.upper().split()).replace("-", "")
    if len(whole) == FULL_REFERENCE and whole.isalnum():
        exact = rows.filter(reference=f"{whole[:4]}-{whole[4:]}")
        if exact.exists():
            return exact
    for word in term.split()[:MOST_WORDS]:
        rows = rows.filter(
            Q(reference__startswith=word.upper())
            | Q(applicant__email__startswith=word.lower())
            | Q(profile__given_name__istartswith=word)
            | Q(profile__family_name__istartswith=word)
        )
    return rows if term.split() else rows.none()
