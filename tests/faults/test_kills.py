"""kill -9 of the worker and of Temporal in the middle of sign-ups and decisions, then counting."""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import close_old_connections
from django.db import connection as database
from temporalio.client import Client

from onboarding.domain.status import CaseStatus, Outcome
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.records import audit
from onboarding.serial import from_json
from onboarding.usecases import staff
from temporal_app import connection, gateway
from temporal_app.contracts import WORKFLOW_NAME, case_workflow_id
from temporal_app.devserver.embedded import EmbeddedServer
from tests.conftest import NAMESPACE, point_at, register
from tests.faults.processes import Component
from tests.live import at_server, eventually
from tests.people import hand_in, make_applicant, make_staff

pytestmark = [pytest.mark.faults, pytest.mark.temporal]

PEOPLE = 6
HEALING_SECONDS = 60.0
DECIDED = {CaseStatus.APPROVED, CaseStatus.REJECTED}


class Town:
    """The worker and Temporal as processes; the pages' use cases run in threads of this one."""

    def __init__(self, server: EmbeddedServer, folder: Path) -> None:
        self.server = server
        self.mails = folder / "mail"
        self.worker = Component(
            "worker",
            [sys.executable, "-m", "temporal_app.worker"],
            {
                "PATH": os.environ["PATH"],
                "DJANGO_SETTINGS_MODULE": "onboarding.settings",
                "DEMO": "1",
                "VAR_DIR": str(folder),
                "DOCUMENT_DIR": str(django_settings.DOCUMENT_DIR),
                "DOCUMENT_KEYS": os.environ["DOCUMENT_KEYS"],
                "DATABASE_URL": f"sqlite:///{database.settings_dict['NAME']}",
                "TEMPORAL_ADDRESS": server.address,
                "TEMPORAL_NAMESPACE": NAMESPACE,
                "TEMPORAL_TASK_QUEUE": django_settings.TEMPORAL_TASK_QUEUE,
                "RELAY_SWEEP_SECONDS": "0.3",
                "EMAIL_URL": "file",
            },
            folder,
        )

    def log(self) -> str:
        return self.worker.log.read_text(errors="replace")[-3000:]


@pytest.fixture
def town(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Town]:
    if database.vendor != "sqlite":
        pytest.fail("this run shares an SQLite file; cluster-check does the same on Postgres")
    with EmbeddedServer() as server:
        register(server)
        point_at(settings, server.address)
        town = Town(server, tmp_path)
        town.worker.start()
        yield town
        town.worker.end()
        connection.forget()


def insisting(call: Callable[[], object]) -> object:
    """Like somebody who presses the button again until they are answered."""
    while True:
        try:
            return call()
        except (gateway.Unavailable, gateway.NotFound):
            time.sleep(0.2)
        except (gateway.Refused, gateway.Finished) as answer:
            return answer


def person(reviewers: list[User], chance: random.Random, done: list[str]) -> None:
    """One life: signs up, hands in, and two reviewers decide it at once, in opposite ways."""
    try:
        case = make_applicant()
        time.sleep(chance.random())
        hand_in(case)
        while not Case.objects.filter(pk=case.pk, status=CaseStatus.IN_REVIEW).exists():
            time.sleep(0.1)

        def decide(user: User, outcome: Outcome) -> None:
            try:
                reasons = ("data_mismatch",) if outcome is Outcome.REFUSE else ()
                order = staff.decision(
                    user, case, submission=1, outcome=outcome, reasons=reasons, key=outcome.value
                )
                insisting(partial(staff.decide, case, order))
            finally:
                close_old_connections()

        pairs = zip(reviewers, (Outcome.APPROVE, Outcome.REFUSE), strict=True)
        both = [threading.Thread(target=decide, args=pair) for pair in pairs]
        for each in both:
            each.start()
        for each in both:
            each.join()
        done.append(str(case.pk))
    finally:
        close_old_connections()


def workflows() -> list[str]:
    async def listed(client: Client) -> list[str]:
        return [each.id async for each in client.list_workflows(f"WorkflowType = '{WORKFLOW_NAME}'")]

    return at_server(listed)


def healed(case: Case) -> bool:
    """I8: the row says what the workflow says."""
    case.refresh_from_db()
    try:
        said = gateway.snapshot(str(case.pk)).case
    except (gateway.Unavailable, gateway.NotFound):
        return False
    return case.version == said.version and case.status == said.status


@pytest.mark.parametrize("seed", [1])
def test_nothing_is_lost_or_doubled_when_worker_and_server_are_killed(town: Town, seed: int) -> None:
    """I1, I2, I3, I4, I7, I8. Mutants: the workflow starts under an id of its own; `record` writes without
    its transaction. That a row is acknowledged only after its delivery is not always seen here, but by
    `tests/temporal/test_relay.py`."""
    chance = random.Random(seed)
    reviewers = [make_staff("reviewer"), make_staff("reviewer")]
    done: list[str] = []
    people = [
        threading.Thread(
            target=person, args=(reviewers, random.Random(f"{seed}:{number}"), done), daemon=True
        )
        for number in range(PEOPLE)
    ]
    for each in people:
        each.start()
    kills = 0
    while any(each.is_alive() for each in people) and kills < 5:
        time.sleep(0.5 + chance.random())
        victim = town.server if kills % 2 else town.worker
        victim.kill()
        kills += 1
        time.sleep(chance.random())
        victim.start()
    for each in people:
        each.join(HEALING_SECONDS)
    assert len(done) == PEOPLE, town.log()
    eventually(lambda: not OutboxMessage.objects.filter(delivered_at=None).exists(), HEALING_SECONDS)
    cases = list(Case.objects.all())
    for case in cases:
        eventually(partial(healed, case), HEALING_SECONDS, of=town.log())

    assert len(cases) == User.objects.filter(is_staff=False).count() == PEOPLE
    eventually(lambda: len(workflows()) == PEOPLE)
    assert sorted(workflows()) == sorted(case_workflow_id(str(case.pk)) for case in cases)
    for case in cases:
        assert case.status in DECIDED
        assert audit.verify(case) == []
        state = from_json(case.state, type(gateway.snapshot(str(case.pk)).case))
        assert len(state.decisions) == 1
        assert case.audit.filter(kind__in=["approved", "rejected"]).count() == 1
        kinds = list(Email.objects.filter(case=case).values_list("kind", flat=True))
        assert sorted(kinds) == sorted({"submitted", str(case.status)})
    eventually(lambda: not Email.objects.filter(sent_at=None).exists(), HEALING_SECONDS, of=town.log())
    ids = [str(message["Message-ID"]) for message in sent(town.mails)]
    assert len(set(ids)) == Email.objects.count()
    assert len(ids) <= Email.objects.count() + kills
    sys.stdout.write(
        f"seed {seed}: {kills} kills, {PEOPLE} people, {len(ids)} mails for {len(set(ids))} owed\n"
    )


def sent(folder: Path) -> list[Any]:
    """Every message that left the worker."""
    return [
        message_from_bytes(part)
        for file in folder.iterdir()
        for part in file.read_bytes().split(b"-" * 79 + b"\n")
        if part.strip()
    ]
