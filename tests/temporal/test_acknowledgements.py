"""What was delivered is noted a moment later; who cannot note it leaves it to the sweep."""

from __future__ import annotations

import logging

import pytest
from temporalio.api.enums.v1 import EventType

from onboarding.models.outbox import OutboxMessage
from onboarding.records import outbox
from onboarding.usecases import applicant
from temporal_app import acknowledgements, gateway, relay
from temporal_app.devserver.embedded import EmbeddedServer
from tests.live import CALL_LIMIT, RunningWorker, count, eventually, history
from tests.people import make_applicant

pytestmark = [pytest.mark.temporal, pytest.mark.database]


def noted() -> bool:
    return not OutboxMessage.objects.filter(delivered_at=None).exists()


def test_many_sign_ups_are_noted_in_a_few_transactions(
    temporal: EmbeddedServer, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant seen red: each is noted by itself."""
    batches: list[int] = []
    acknowledged = outbox.acknowledged

    def counting(rows: list[OutboxMessage], outcome: str) -> None:
        batches.append(len(rows))
        acknowledged(rows, outcome)

    monkeypatch.setattr(outbox, "acknowledged", counting)
    monkeypatch.setattr(acknowledgements, "GATHERING_SECONDS", 1.0)
    for _ in range(6):
        make_applicant()
    eventually(noted)
    assert sum(batches) == 6
    assert len(batches) < 6
    assert set(OutboxMessage.objects.values_list("outcome", flat=True)) == {outbox.DELIVERED}


def test_what_is_not_noted_yet_is_not_delivered_again_by_the_next_request(
    temporal: EmbeddedServer, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant seen red: `deliver` does not ask `owes`."""
    monkeypatch.setattr(acknowledgements, "GATHERING_SECONDS", 1.0)
    case = make_applicant()
    applicant.confirm_email(case.applicant)
    applicant.withdraw(case, key="1")
    events = history(str(case.pk))
    assert count(events, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED) == 2
    eventually(noted)


def test_what_could_not_be_noted_is_delivered_again_by_the_sweep(
    worker: RunningWorker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One case, one workflow, and the thread goes on. Mutant seen red: its first error ends the thread."""

    def fails(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(outbox, "acknowledged", fails)
        case = make_applicant()
        eventually(lambda: "could not be written down" in caplog.text)
    assert not noted()
    assert not any(acknowledgements.owes(row) for row in OutboxMessage.objects.all())
    relay.sweep(relay.timedelta(0))
    assert noted()
    assert gateway.snapshot(str(case.pk), CALL_LIMIT).case.version == 1
    make_applicant()
    eventually(noted)
