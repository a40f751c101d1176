"""Does a row say what its workflow says? Asked for a single case or a few, never for a list."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from onboarding.domain.deadlines import is_over
from onboarding.models.cases import Case
from onboarding.records import outbox, queries, trouble
from temporal_app import gateway

ALL_SECONDS = 3.5
EACH = timedelta(seconds=1)


class Verdict(StrEnum):
    AGREES = "agrees"
    ROW_BEHIND = "row_behind"
    """The workflow is newer: the row can be recorded again."""
    WORKFLOW_BEHIND = "workflow_behind"
    """The row is newer: Temporal has forgotten something, as after an old backup."""
    DIFFERS = "differs"
    """The same version, and yet another content: nobody's ordinary fault."""
    MISSING = "missing"
    """Temporal doesn't know an open case."""
    SILENT = "silent"
    """No answer: Temporal or the worker is away, or the workflow's task fails."""
    ON_ITS_WAY = "on_its_way"
    """Something is still to be delivered, or nothing has to answer any more."""


@dataclass(frozen=True, slots=True)
class Compared:
    case: Case
    verdict: Verdict
    workflow_version: int = 0


def compare(case: Case, limit: timedelta = EACH) -> Compared:
    """Asks the workflow of one case, then looks at its row: a step in between is no quarrel. Never raises."""
    try:
        answer = gateway.snapshot(str(case.pk), limit)
    except gateway.Unavailable:
        return Compared(case, Verdict.SILENT)
    except (gateway.NotFound, gateway.Finished):
        excused = is_over(queries.recorded_state(case)) or outbox.start_is_owed(case.pk)
        return Compared(case, Verdict.ON_ITS_WAY if excused else Verdict.MISSING)
    row = Case.objects.select_related("applicant").get(pk=case.pk)
    version = answer.case.version
    if version > row.version:
        return Compared(row, Verdict.ROW_BEHIND, version)
    if version == row.version:
        return Compared(row, Verdict.AGREES if trouble.same(row, answer) else Verdict.DIFFERS, version)
    try:
        version = gateway.snapshot(str(case.pk), limit).case.version  # it may have gone on while we read
    except gateway.GatewayError:
        return Compared(row, Verdict.SILENT)
    return Compared(row, Verdict.AGREES if version >= row.version else Verdict.WORKFLOW_BEHIND, version)


def compare_some(cases: Iterable[Case]) -> tuple[list[Compared], bool]:
    """One after the other, as far as the time of a page goes; False: not all were asked."""
    give_up_at = time.monotonic() + ALL_SECONDS
    done: list[Compared] = []
    for case in cases:
        left = give_up_at - time.monotonic()
        if left < 0.1:
            return done, False
        done.append(compare(case, min(EACH, timedelta(seconds=left))))
    return done, True


def record_again(case: Case) -> bool:
    """Records what the workflow says now; True where the row was behind.

    Raises:
        gateway.GatewayError: it doesn't say anything.
    """
    return trouble.record_again(gateway.snapshot(str(case.pk)))
