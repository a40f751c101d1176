"""Two releases of the workflow: one after the other, and side by side while a deployment rolls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType

from onboarding.domain.status import CaseStatus
from temporal_app import worker as worker_process
from tests.domain.builders import approve, ask_again, claim
from tests.histories.editing import edited_workflow
from tests.live import RunningWorker, count, eventually, history
from tests.temporal.fake_activities import RecordingActivities, fine
from tests.temporal.life import Life

pytestmark = pytest.mark.temporal

FAILED = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED

MakeWorker = Callable[[], RunningWorker]


@pytest.fixture
def make_former(
    make_worker: Callable[..., RunningWorker],
    port: RecordingActivities,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MakeWorker]:
    """Workers of the release before checks were made at once."""
    check = "            await self._check_at_once()\n"
    with edited_workflow(tmp_path, "the release before", check, "") as former:

        def make() -> RunningWorker:
            with monkeypatch.context() as patched:
                patched.setattr(worker_process, "OnboardingCase", former)
                return make_worker(port)

        yield make


@pytest.fixture
def life(port: RecordingActivities) -> Life:
    """Without a worker; its pictures were measured when they came in."""
    port.at_once = fine
    return Life(port)


def test_a_case_that_was_checked_by_the_former_release_goes_on(
    life: Life, port: RecordingActivities, make_former: MakeWorker, make_worker: Callable[..., RunningWorker]
) -> None:
    """As its history began. Mutant seen red: checks are made at once without asking `workflow.patched`."""
    former = make_former()
    life.in_review()
    former.stop()
    make_worker(port)
    life.order(claim())
    life.order(ask_again(life.case, "passport"))
    assert len(port.checked) == 1
    assert count(history(life.id), FAILED) == 0


def test_nothing_is_lost_while_both_releases_run(
    port: RecordingActivities, make_former: MakeWorker, make_worker: Callable[..., RunningWorker]
) -> None:
    """A task that the former one cannot carry out is tried again until today's gets it; nothing comes twice.

    Mutant seen red: as above, and the cases never come back from the former release.
    """
    port.at_once = fine
    lives = [Life(port).begin() for _ in range(4)]
    former = make_former()
    make_worker(port)
    for life in lives:
        life.collecting().handed_in()
    former.stop()
    for life in lives:
        life.until(CaseStatus.IN_REVIEW)
        life.order(claim())
        life.order(approve(life.case))
        kinds = [event.kind for event in life.events()]
        assert len(kinds) == len(set(kinds)), kinds
    eventually(lambda: all(life.recorded().status is CaseStatus.APPROVED for life in lives))
