"""From the commit to the workflow: nothing lost, nothing twice, in order; whoever is away or dies."""

from __future__ import annotations

import random
import socket
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from onboarding import clock
from onboarding.domain.case import Case as CaseState
from onboarding.domain.messages import Fact, IdUploaded
from onboarding.domain.status import CaseStatus, DocumentType, Slot
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.outbox import OutboxMessage
from onboarding.records import audit, outbox, queries
from onboarding.usecases import applicant
from temporal_app import acknowledgements, gateway, relay
from temporal_app.contracts import case_workflow_id
from temporal_app.devserver.embedded import EmbeddedServer
from tests.conftest import point_at
from tests.domain.builders import profiled, submitted, uploaded, verified
from tests.live import CALL_LIMIT, RunningWorker, at_server, count, eventually, history, in_threads
from tests.people import make_applicant

pytestmark = [pytest.mark.temporal, pytest.mark.database]

AT_ONCE = timedelta(0)


def waiting() -> int:
    return OutboxMessage.objects.filter(delivered_at=None, parked_at=None).count()


def delivered_all() -> bool:
    relay.sweep(AT_ONCE)
    return waiting() == 0


def recorded(case: Case) -> Case:
    """The row, once it says what the workflow says (I8)."""

    def same() -> bool:
        case.refresh_from_db()
        return case.version == gateway.snapshot(str(case.pk), CALL_LIMIT).case.version

    eventually(same, of="the row")
    return case


def runs(case: Case) -> int:
    """How many workflow runs there are for this case."""

    async def listed(client: Client) -> int:
        found = client.list_workflows(f"WorkflowId = '{case_workflow_id(str(case.pk))}'")
        return len([each async for each in found])

    return at_server(listed)


def test_what_a_request_commits_is_delivered_before_it_ends(
    temporal: EmbeddedServer, transactional_db: None
) -> None:
    """No worker, no sweep. It is noted a moment later. Mutant seen red: nothing happens on commit."""
    case = make_applicant()
    applicant.confirm_email(case.applicant)
    assert count(history(str(case.pk)), EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED) == 1
    rows = OutboxMessage.objects.filter(case=case).order_by("sequence")
    both = [("start", "delivered"), ("email_verified", "delivered")]
    eventually(lambda: [(row.name, row.outcome) for row in rows.all()] == both)


@pytest.mark.parametrize(("trouble", "people"), [("nobody listens", 20), ("silence", 5)])
def test_sign_ups_while_temporal_is_away_are_all_made_good(
    trouble: str,
    people: int,
    temporal: EmbeddedServer,
    make_worker: Callable[..., RunningWorker],
    transactional_db: None,
    settings: Any,
) -> None:
    """I1: people with one case each and one workflow; no request waits longer than its budget.

    Mutants seen red: the row is acknowledged although Temporal is away; the start is not owed.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        if trouble == "nobody listens":
            server.close()
        point_at(settings, address)
        cases, slowest = [], 0.0
        for _ in range(people):
            began = time.monotonic()
            case = make_applicant()
            applicant.confirm_email(case.applicant)
            slowest = max(slowest, time.monotonic() - began)
            cases.append(case)
        assert slowest < 2 * relay.REQUEST_BUDGET.total_seconds() + 1
        assert waiting() == 2 * people
        assert {queries.current_state(case).status for case in cases} == {CaseStatus.COLLECTING}
        began = time.monotonic()
        relay.sweep(AT_ONCE)
        assert time.monotonic() - began < 2 * relay.SWEEP_BUDGET.total_seconds()
    point_at(settings, temporal.address)
    make_worker()
    eventually(delivered_all)
    for case in cases:
        assert recorded(case).status == CaseStatus.COLLECTING
        assert runs(case) == 1
        assert audit.verify(case) == []


def test_three_relays_at_once_deliver_in_order_and_the_case_hears_each_once(
    worker: RunningWorker,
) -> None:
    """Mutant seen red: `hear` doesn't look into `seen`."""
    cases = [make_applicant() for _ in range(5)]
    for case in cases:
        for fact in handed_in(case):
            outbox.append(case, fact)
    in_threads(*[partial(relay.sweep, AT_ONCE)] * 3)
    eventually(delivered_all)
    for case in cases:
        eventually(lambda case=case: recorded(case).status == CaseStatus.IN_REVIEW)  # type: ignore[misc]
        kinds = list(AuditEvent.objects.filter(case=case).values_list("kind", flat=True))
        assert kinds == [
            "signed_up",
            "email_confirmed",
            "profile_completed",
            "document_uploaded",
            "submitted",
            "checks_passed",
        ]


def handed_in(case: Case) -> list[Fact]:
    """A whole application, with ids as the outbox wants them."""
    at = clock.now()
    facts = [
        verified(at),
        profiled(at, DocumentType.PASSPORT),
        uploaded(at, Slot.PASSPORT),
        submitted(at),
    ]
    return [_with_uuid(fact) for fact in facts]


def _with_uuid(fact: Fact) -> Fact:
    if isinstance(fact, IdUploaded):
        fact = replace(fact, document_id=str(uuid.uuid4()))
    return replace(fact, message_id=str(uuid.uuid4()))


def test_a_relay_that_dies_after_delivering_is_repeated_and_heard_once(
    worker: RunningWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delivered, not acknowledged: delivered again. Mutant seen red: the row is acknowledged beforehand."""

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "acknowledged", dies)
        patched.setattr(acknowledgements, "soon", lambda _row: None)
        case = make_applicant()
        patched.setattr(acknowledgements, "soon", dies)
        with pytest.raises(KeyboardInterrupt):
            applicant.confirm_email(case.applicant)
        with pytest.raises(KeyboardInterrupt):
            relay.deliver(case.pk)
        with pytest.raises(KeyboardInterrupt):
            relay.sweep(AT_ONCE)
    assert waiting() == 2
    eventually(delivered_all)
    assert recorded(case).version == 2
    assert runs(case) == 1


def test_a_broken_row_is_parked_and_those_behind_it_are_delivered(worker: RunningWorker) -> None:
    """Mutant seen red: a row that cannot be read stops its case for ever."""
    case = make_applicant()
    broken, *_ = [outbox.append(case, fact) for fact in handed_in(case)]
    OutboxMessage.objects.filter(pk=broken.pk).update(payload={"message_id": 7}, attempts=11)
    relay.deliver(case.pk)
    broken.refresh_from_db()
    assert broken.parked_at is not None
    assert "email_verified" in broken.last_error
    assert "7" not in broken.last_error
    eventually(delivered_all)
    assert OutboxMessage.objects.filter(outcome="delivered").count() == 4


def test_a_fact_for_a_finished_case_is_put_down_as_such(worker: RunningWorker) -> None:
    """It is acknowledged, with the reason, and blocks nobody."""
    case = make_applicant()
    applicant.withdraw(case, key="w")
    recorded(case)
    gateway.fast_forward(str(case.pk), timedelta(days=31))
    eventually(lambda: gateway.snapshot(str(case.pk), CALL_LIMIT).over)
    row = outbox.append(case, _with_uuid(verified(clock.now())))
    eventually(lambda: (relay.deliver(case.pk), waiting() == 0)[1])
    row.refresh_from_db()
    assert row.outcome == "finished"


@pytest.mark.parametrize("seed", range(4))
def test_the_prediction_from_rows_is_what_the_workflow_says(worker: RunningWorker, seed: int) -> None:
    """Whatever is handed in, in whatever order, repeated or refused. Mutant seen red: the prediction hears
    facts in the order of their names."""
    chance = random.Random(seed)
    case = make_applicant()
    makers: list[Callable[[], Fact]] = [
        lambda: verified(clock.now()),
        lambda: profiled(clock.now(), chance.choice(list(DocumentType))),
        lambda: uploaded(clock.now(), chance.choice(list(Slot))),
        lambda: submitted(clock.now()),
    ]
    facts = [_with_uuid(chance.choice(makers[: 1 + number // 2])()) for number in range(8)]
    facts += [_with_uuid(chance.choice(makers)()) for _ in range(12)]
    for fact in facts:
        outbox.append(case, fact)
    predicted = queries.current_state(case)
    eventually(delivered_all)
    said = gateway.snapshot(str(case.pk), CALL_LIMIT).case
    assert _story(said)[: len(_story(predicted))] == _story(predicted)
    assert _answers(said, facts) == _answers(predicted, facts)
    # The checks may have finished meanwhile: row and workflow agree as soon as nothing is under way.
    eventually(
        lambda: (
            _story(queries.current_state(recorded(case)))
            == _story(gateway.snapshot(str(case.pk), CALL_LIMIT).case)
        )
    )


def _answers(state: CaseState, facts: Sequence[Fact]) -> list[tuple[str, str]]:
    ids = {fact.message_id for fact in facts}
    return [(each.message_id, each.code) for each in state.receipts if each.message_id in ids]


def _story(state: CaseState) -> list[tuple[object, ...]]:
    return [(event.version, event.kind, event.status, event.subject) for event in state.history]
