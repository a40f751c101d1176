"""Checks within the workflow task that hears "handed in", and who makes them where that cannot be."""

from __future__ import annotations

import pytest
from temporalio.api.enums.v1 import EventType

from onboarding.domain.messages import ChecksFinished
from onboarding.domain.status import CaseStatus, EventKind
from temporal_app.contracts import CheckRequest
from tests.live import count
from tests.temporal.fake_activities import RecordingActivities, fine
from tests.temporal.life import Life

pytestmark = pytest.mark.temporal

SCHEDULED = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED


def test_measured_pictures_are_checked_before_the_case_is_recorded(
    life: Life, port: RecordingActivities
) -> None:
    """One workflow task from "handed in" to "in review": no row ever says "checking", no activity is queued.

    Mutant seen red: the case is recorded first.
    """
    port.at_once = fine
    life.in_review()
    assert life.recorded().checked
    assert CaseStatus.CHECKING not in {state.status for state in port.recorded[life.id]}
    assert EventKind.SUBMITTED in {event.kind for event in life.events()}
    assert (port.checked, count(life.at_rest(), SCHEDULED)) == ([], 0)


def test_checks_that_fail_at_once_are_made_beside_the_loop(life: Life, port: RecordingActivities) -> None:
    """Once each. Mutant seen red: `ActivityError` is caught, which a local activity does not raise."""
    asked = []

    def broken(request: CheckRequest) -> ChecksFinished:
        asked.append(request)
        raise OSError("the vault is away")

    port.at_once = broken
    life.in_review()
    assert asked == port.checked == [CheckRequest(case_id=life.id, submission=1)]
