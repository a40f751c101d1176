"""Finding cases by what people say on the telephone or write in a mail."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from onboarding.models.cases import Case

FULL_REFERENCE = 8
SEARCHED = ("reference", "applicant__email", "profile__given_name", "profile__family_name")


def matching(rows: QuerySet[Case], typed: str) -> QuerySet[Case]:
    """Those of the cases that this reference, e-mail address or name names; every word must fit.

    A whole reference, as it is read out, finds its case by the index.
    """
    code = "".join(typed.upper().split()).replace("-", "")
    if len(code) == FULL_REFERENCE and code.isalnum():
        exact = rows.filter(reference=f"{code[:4]}-{code[4:]}")
        if exact.exists():
            return exact
    for word in typed.split():
        fits = Q()
        for field in SEARCHED:
            fits |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(fits)
    return rows
