"""The worker process: what it needs to start, how it leaves, and what the real activities do."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection as database
from google.protobuf.json_format import MessageToJson
from temporalio import activity
from temporalio.testing import ActivityEnvironment

from onboarding.domain.status import CaseStatus
from onboarding.models.cases import Case
from onboarding.models.workers import WorkerHeartbeat
from onboarding.records import outbox, projections
from onboarding.usecases import applicant
from temporal_app import gateway
from temporal_app import worker as worker_process
from temporal_app.activities import DjangoActivities
from temporal_app.devserver.embedded import EmbeddedServer
from tests.conftest import NAMESPACE
from tests.domain.builders import make_case
from tests.live import CALL_LIMIT, RunningWorker, eventually, history
from tests.people import hand_in, make_applicant

pytestmark = [pytest.mark.temporal, pytest.mark.database]


def test_without_a_server_it_says_what_is_missing_and_what_to_do(settings: Any) -> None:
    settings.TEMPORAL_ADDRESS = "127.0.0.1:9"
    with pytest.raises(
        worker_process.CannotStart, match=r"does not answer at 127\.0\.0\.1:9.*Start the server"
    ):
        asyncio.run(worker_process.connected(patience_seconds=0))


def test_without_its_namespace_it_says_so(temporal: EmbeddedServer, settings: Any) -> None:
    settings.TEMPORAL_NAMESPACE = "nobodys"
    with pytest.raises(worker_process.CannotStart, match=r"namespace nobodys.*temporal_app\.registration"):
        asyncio.run(worker_process.connected(patience_seconds=0))


def test_without_its_search_attributes_it_says_which(temporal: EmbeddedServer, settings: Any) -> None:
    """The namespace of the server itself has none of ours. Mutant seen red: nobody looks."""
    settings.TEMPORAL_NAMESPACE = "temporal-system"
    with pytest.raises(
        worker_process.CannotStart, match="OnboardingStatus, NextActionAt, ReviewQueue, Attempt"
    ):
        asyncio.run(worker_process.connected(patience_seconds=0))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_drains_and_leaves_with_zero(
    number: signal.Signals, temporal: EmbeddedServer, transactional_db: None, tmp_path: Path
) -> None:
    """It carries a case, is told to leave, and leaves clean within its grace, without a heartbeat left.

    Mutant seen red: no pause at the exit; relay and mail threads that nobody stops.
    """
    if database.vendor == "sqlite":
        url = f"sqlite:///{database.settings_dict['NAME']}"
    else:
        there = database.settings_dict
        url = f"postgres://{there['USER']}@/{there['HOST']}/{there['NAME']}"
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "onboarding.settings",
        "DEMO": "1",
        "VAR_DIR": str(tmp_path),
        "DOCUMENT_KEYS": os.environ["DOCUMENT_KEYS"],
        "DATABASE_URL": url,
        "TEMPORAL_ADDRESS": temporal.address,
        "TEMPORAL_NAMESPACE": NAMESPACE,
        "TEMPORAL_TASK_QUEUE": django_settings.TEMPORAL_TASK_QUEUE,
    }
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "temporal_app.worker"],
            env=environment,
            cwd=django_settings.BASE_DIR,
            stdout=log,
            stderr=log,
        )
    try:
        case = make_applicant()
        eventually(lambda: Case.objects.get(pk=case.pk).version == 1, 30, of=_read(tmp_path))
        eventually(WorkerHeartbeat.objects.exists)
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(12) == 0, _read(tmp_path)
        assert time.monotonic() - began < 10
        assert not WorkerHeartbeat.objects.exists()
        assert "Traceback" not in _read(tmp_path)
    finally:
        process.kill()
        process.wait()


def _read(folder: Path) -> str:
    return (folder / "log").read_text(errors="replace")


def test_activities_write_through_fresh_connections(
    worker: RunningWorker, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that broke while nobody looked is replaced, inside the thread that runs the activity.

    Mutant seen red: `FreshConnections` left out; the broken connection is used for ever.
    """
    threads: set[int] = set()
    usual = projections.record

    def breaks_afterwards(state: Any) -> bool:
        threads.add(threading.get_ident())
        written = usual(state)
        database.connection.close()  # as a server does that restarts
        database.errors_occurred = True
        return written

    monkeypatch.setattr(projections, "record", breaks_afterwards)
    cases = [make_applicant() for _ in range(12)]
    for case in cases:
        applicant.confirm_email(case.applicant)
    for case in cases:
        eventually(lambda case=case: Case.objects.get(pk=case.pk).version == 2)  # type: ignore[misc]
    assert threads


def test_no_activity_is_interrupted_in_the_middle_of_a_statement() -> None:
    """The SDK can raise an exception inside the thread of an activity whose time is over. Between BEGIN and
    Django's own note of it, that leaves a transaction open that nobody knows of, and SQLite locked for ever:
    seen under load. Mutant seen red: `no_thread_cancel_exception` left out.
    """
    port = DjangoActivities()
    for run in (port.record, port.handed_in, port.check_documents):
        assert activity._Definition.must_from_callable(run).no_thread_cancel_exception


def test_the_activities_answer_as_the_port_promises(transactional_db: None) -> None:
    """By themselves, without Temporal: idempotent, and a missing row is said by its name."""
    port, environment = DjangoActivities(), ActivityEnvironment()
    case = make_applicant()
    applicant.confirm_email(case.applicant)
    applicant.withdraw(case, key="w")
    handed_in = environment.run(port.handed_in, str(case.pk))
    assert handed_in.facts() == tuple(outbox.facts_not_in(case, ()))
    assert len(handed_in.facts()) == 2
    with pytest.raises(Exception, match="no row"):
        environment.run(port.handed_in, str(uuid.uuid4()))
    with pytest.raises(Exception, match="no row") as caught:
        environment.run(port.record, make_case("collecting"))
    assert getattr(caught.value, "type", "") == "NoSuchCase"


def test_no_personal_data_reaches_temporal(worker: RunningWorker, settings: Any, tmp_path: Path) -> None:
    """I11, with the real activities and planted data, on everything that Temporal keeps of a case.

    Mutant seen red: the family name in the fact `profile_completed`.
    """
    settings.DOCUMENT_DIR = tmp_path
    case = make_applicant()
    hand_in(case)
    eventually(
        lambda: gateway.snapshot(str(case.pk), CALL_LIMIT).case.status is CaseStatus.IN_REVIEW,
        of="the review",
    )
    text = "\n".join(MessageToJson(event) for event in history(str(case.pk)))
    payloads = re.findall(r'"data": "([A-Za-z0-9+/=]+)"', text)
    assert len(payloads) > 5
    text += "".join(base64.b64decode(each).decode("utf-8", "replace") for each in payloads)
    for planted in (case.applicant.email, "Canary", "Ana", "1990-01-01", "JFIF"):
        assert planted not in text
    assert str(case.applicant_id) in text
