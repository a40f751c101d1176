"""The findings of the automated checks, for whoever shows them: the desk, the API, the command line."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from onboarding import clock
from onboarding.domain.findings import Finding
from onboarding.models.cases import Case
from onboarding.models.checks import CheckReport
from onboarding.serial import from_json, to_json


def findings_of(case_id: uuid.UUID | str, submission: int) -> tuple[Finding, ...]:
    """What the checks of one submission found, in the order of `domain.findings.Check`, pictures first.

    Empty where they did not run, or have not yet. `documents.words` has the sentences. One query.
    """
    report = CheckReport.objects.filter(case_id=case_id, submission=submission).first()
    return from_json(report.findings, tuple[Finding, ...]) if report else ()


def save(case: Case, submission: int, findings: Iterable[Finding], retakes: Iterable[str]) -> None:
    """Keeps what was found; running the same checks again replaces it."""
    report = CheckReport(
        case=case,
        submission=submission,
        checked_at=clock.now(),
        findings=to_json(list(findings)),
        retakes=sorted(retakes),
    )
    CheckReport.objects.bulk_create(
        [report],
        update_conflicts=True,
        unique_fields=["case", "submission"],
        update_fields=["checked_at", "findings", "retakes"],
    )


def retakes_before(case: Case, submission: int) -> list[str]:
    """The slots that checks sent back in earlier submissions of this case, each as often as it was."""
    if submission == 1:  # spares the question, which would come with nearly every submission
        return []
    reports = CheckReport.objects.filter(case=case, submission__lt=submission)
    return [slot for slots in reports.values_list("retakes", flat=True) for slot in slots]
