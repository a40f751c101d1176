"""A long life: run after run, and nothing is forgotten between them."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from onboarding.domain.case import HISTORY_CARRIED, Receipt
from onboarding.domain.messages import Claim, Release
from onboarding.domain.status import CaseStatus
from tests.domain.builders import REVIEWER, approve, claim, new_id
from tests.live import eventually, history, on_workflow
from tests.temporal.conftest import MakeLife
from tests.temporal.life import Life, assert_kept

pytestmark = pytest.mark.temporal

THRESHOLD = 60
AT_A_TIME = 6
"""The server lets ten updates of one workflow be under way, and refuses more until some are answered."""


def runs_before(life: Life) -> bool:
    """True when the present run continues an earlier one."""
    return bool(history(life.id)[0].workflow_execution_started_event_attributes.continued_execution_run_id)


def test_a_life_of_hundreds_of_messages_forgets_none_of_them(make_life: MakeLife) -> None:
    """Ids are remembered across runs, versions have no gap, and the timer of the end is the promised one.

    Mutants seen red: `seen` is not carried; `carried` is forgotten, so that the case is born again;
    `_recorded` starts at zero in each run, so that every run records its whole state once more.
    """
    life = make_life(continue_after_events=THRESHOLD).in_review()
    first = claim(REVIEWER)
    life.order(first)
    orders = [first]
    for _ in range(40):
        orders += [Release(message_id=new_id(), actor=REVIEWER), Claim(message_id=new_id(), actor=REVIEWER)]
        life.order(orders[-2])
        life.order(orders[-1])
    life.flood(120)
    assert runs_before(life)
    version = life.case.version
    for order in (orders[0], orders[1], orders[-1]):
        life.order(order)
    assert life.case.version == version
    case = life.recorded()
    assert [event.version for event in life.events()] == list(range(1, case.version + 1))
    assert len(case.history) <= HISTORY_CARRIED
    recorded = [state.version for state in life.port.recorded[life.id]]
    assert recorded == sorted(set(recorded))
    promised = life.ask().future
    life.forward(timedelta(hours=49))
    fired = life.events(version)
    assert_kept(promised, fired, life)
    life.order(approve(life.case))
    life.forward(timedelta(days=8))
    assert life.ask().over


async def insisting(handle: WorkflowHandle[Any, Any], order: Claim) -> Receipt:
    """A run that ends while messages come in may leave its updates unanswered: then they are sent again."""
    while True:
        try:
            answer: Receipt = await handle.execute_update("claim", order, result_type=Receipt)
        except RPCError as error:
            assert error.status in {RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.RESOURCE_EXHAUSTED}  # noqa: PT017
            await asyncio.sleep(0.05)
        else:
            return answer


def test_messages_that_come_while_a_run_ends_reach_the_next_one(make_life: MakeLife) -> None:
    """Nothing is lost between two runs: a hundred facts and commands at once, over and over."""
    life = make_life(continue_after_events=40).in_review()

    version = life.case.version
    orders = [Claim(message_id=f"claim-{number}", actor=REVIEWER) for number in range(30)]

    async def storm(handle: WorkflowHandle[Any, Any]) -> list[Receipt]:
        answers: list[Receipt] = []
        for some in range(0, len(orders), AT_A_TIME):
            updates = [insisting(handle, each) for each in orders[some : some + AT_A_TIME]]
            signals = [handle.signal("nonsense", number) for number in range(2 * AT_A_TIME)]
            answers += (await asyncio.gather(asyncio.gather(*updates), *signals))[0]
        return answers

    answers = on_workflow(life.id, storm)
    assert [(each.message_id, each.code) for each in answers] == [(each.message_id, "") for each in orders]
    # A run that ends may drop the answer of what it has done; the next one answers again, and does nothing.
    eventually(lambda: runs_before(life), of="a second run")
    assert life.case.version == version + 30
    for order in orders:
        life.order(order)
    assert life.case.version == version + 30
    ended = [
        event.event_type
        for event in history(life.id)
        if event.event_type
        in {
            EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
            EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
        }
    ]
    assert ended == []


def test_a_run_does_not_end_while_checks_are_under_way(make_life: MakeLife) -> None:
    """Their answer belongs to the run that asked. Mutant seen red: `_may_end` does not look at the checks."""
    answered = threading.Event()
    life = make_life(continue_after_events=30)
    usual = life.port.checks

    def checks(request: Any) -> Any:
        answered.wait(20)
        return usual(request)

    life.port.checks = checks
    life.collecting().handed_in()
    eventually(lambda: life.port.checked)
    life.flood(60)
    assert not runs_before(life)
    answered.set()
    life.until(CaseStatus.IN_REVIEW)
    eventually(lambda: runs_before(life), of="the next run")
    assert len(life.port.checked) == 1
