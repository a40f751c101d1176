"""Commands: carried out and answered, or refused without a trace in the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import RawValue

from onboarding.domain.case import Receipt
from onboarding.domain.messages import COMMANDS, Claim
from onboarding.domain.policy import Policy
from onboarding.domain.refusals import RefusalCode
from onboarding.domain.status import CaseStatus
from temporal_app import gateway
from temporal_app.gateway import Refused
from tests.domain.builders import (
    APPLICANT,
    COLLEAGUE,
    REVIEWER,
    SENIOR,
    apply_policy,
    approve,
    ask_again,
    claim,
    extend,
    new_id,
    pause,
    refuse_it,
    release,
    reopen,
    resume,
    withdrawn,
)
from tests.live import CALL_LIMIT, count, history, in_threads, on_workflow
from tests.temporal.life import Life

pytestmark = pytest.mark.temporal


def update(life: Life, name: str, *arguments: Any, update_id: str | None = None) -> Any:
    """An update as anybody with access to Temporal may send it."""

    async def send(handle: WorkflowHandle[Any, Any]) -> Any:
        return await handle.execute_update(name, args=list(arguments), id=update_id)

    return on_workflow(life.id, send)


def events(life: Life) -> int:
    return len(history(life.id))


def refused(call: Callable[[], object]) -> RefusalCode:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.refusal.code


def test_every_command_is_carried_out_and_answered(life: Life) -> None:
    """One walk through all nine updates."""
    life.collecting()
    life.order(extend_by_two_days := extend(_days(2)))
    life.order(pause())
    life.order(resume())
    life.order(apply_policy(Policy(resubmission_limit=5)))
    life.tell(withdrawn(life.now))
    life.order(reopen())
    life.order(COMMANDS["resend_notice"](message_id=new_id(), actor=SENIOR, reason="lost"))  # type: ignore[call-arg]
    life.handed_in().until(CaseStatus.IN_REVIEW)
    life.order(claim())
    life.order(release())
    receipt = life.order(approve(life.case))
    assert receipt.code == ""
    case = life.recorded()
    assert case.status is CaseStatus.APPROVED
    assert extend_by_two_days.message_id in {event.cause for event in life.events()}
    assert receipt.version == case.version


def _days(number: int) -> timedelta:
    return timedelta(days=number)


def test_a_refused_command_leaves_no_history(life: Life) -> None:
    """Mutant seen red: validators that never refuse (the handler refuses, and 15 events are written)."""
    case = life.in_review().case
    before = events(life)
    for order, code in (
        (approve(case, APPLICANT), RefusalCode.NOT_ALLOWED),
        (extend(_days(1)), RefusalCode.OUT_OF_TURN),
        (release(), RefusalCode.NOT_CLAIMED),
        (refuse_it(case, "because"), RefusalCode.REASON_UNKNOWN),
        (ask_again(case, "selfie"), RefusalCode.SLOT_NOT_OPEN),
        (reopen(), RefusalCode.OUT_OF_TURN),
    ):
        assert refused(partial(life.order, order)) is code
    assert events(life) == before
    assert life.case.receipts == case.receipts


def test_a_repeated_command_is_answered_again_and_done_once(life: Life) -> None:
    """Mutants seen red: `_validate` doesn't look into `seen`; the gateway makes an update id of its own and
    `_answer` makes a new receipt."""
    order = approve(life.in_review().case)
    first = life.order(order)
    assert life.order(order) == first
    # As another process would send it, whose update id the server has not seen.
    assert update(life, "decide", order, update_id="another")["version"] == first.version
    assert [event.cause for event in life.events()].count(order.message_id) == 1


def test_of_two_opposite_decisions_one_wins_and_the_other_learns_who_and_when(life: Life) -> None:
    """I3, also where the first decision ends the workflow.

    Mutants seen red: `review.stale` forgets what was decided; the gateway leaves it at `Finished`.
    """
    case = life.in_review().case
    orders = (approve(case, REVIEWER), refuse_it(case, actor=COLLEAGUE))
    answers = in_threads(*(partial(life.order, order) for order in orders))
    (receipt,) = [answer for answer in answers if isinstance(answer, Receipt)]
    (loser,) = [answer for answer in answers if isinstance(answer, Refused)]
    winner = orders[answers.index(receipt)]
    assert loser.refusal.code is RefusalCode.ALREADY_DECIDED
    assert loser.refusal.account == winner.actor.account
    assert loser.refusal.moment == receipt.at
    assert len(life.case.decisions) == 1


def test_the_one_who_claims_later_learns_until_when(life: Life) -> None:
    life.in_review().order(claim(REVIEWER))
    with pytest.raises(Refused) as caught:
        life.order(claim(COLLEAGUE))
    lease = life.case.lease
    assert lease is not None
    assert (caught.value.refusal.account, caught.value.refusal.moment) == (REVIEWER.account, lease.until)


def test_a_decision_names_the_submission_that_was_seen(life: Life) -> None:
    """Mutant seen red: `stale` compares nothing."""
    seen = life.in_review().case
    life.order(ask_again(seen, "passport"))
    life.handed_in().until(CaseStatus.IN_REVIEW)
    assert refused(lambda: life.order(approve(seen))) is RefusalCode.ALREADY_DECIDED
    life.order(approve(life.case))


ACTOR = {"role": "reviewer", "account": "21"}
MALFORMED: dict[str, list[Any]] = {
    "no argument": [],
    "two arguments": [Claim(message_id="a", actor=REVIEWER), Claim(message_id="b", actor=REVIEWER)],
    "null": [None],
    "a text": ["claim it"],
    "an empty object": [{}],
    "an empty id": [{"message_id": "", "actor": ACTOR}],
    "an unknown role": [{"message_id": "x", "actor": {"role": "king", "account": "21"}}],
    "no actor": [{"message_id": "x"}],
    "an actor that is null": [{"message_id": "x", "actor": None}],
    "not JSON": [RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b"{not json"))],
    "bytes": [RawValue(Payload(metadata={"encoding": b"binary/plain"}, data=b"\xff"))],
}


def test_a_malformed_command_is_rejected_and_the_case_goes_on(life: Life) -> None:
    """Mutant seen red: the validators are gone, so that a null reaches the handler and stops the case."""
    version = life.in_review().case.version
    before = events(life)
    for arguments in MALFORMED.values():
        with pytest.raises(WorkflowUpdateFailedError):
            update(life, "claim", *arguments)
    with pytest.raises(WorkflowUpdateFailedError):
        update(life, "make_coffee", {"message_id": "x"})
    assert events(life) == before
    assert life.case.version == version
    assert life.order(claim()).code == ""
    assert count(history(life.id), EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED) == 0


def test_a_text_that_no_row_can_take_is_refused_in_a_command_too(life: Life) -> None:
    life.collecting()
    for reason in ("\0", "\ud800", "x" * 10_000):
        order = COMMANDS["pause"](message_id=new_id(), actor=SENIOR, reason=reason)  # type: ignore[call-arg]
        assert refused(partial(life.order, order)) is RefusalCode.MALFORMED
    assert life.case.paused is None


def test_a_finished_case_refuses_commands_and_still_answers_queries(life: Life) -> None:
    """After the last timer the workflow ends; what it was can be read as long as its history is kept."""
    order = refuse_it(life.in_review().case)
    life.order(order)
    snapshot = life.ask()
    assert snapshot.over
    assert snapshot.case.status is CaseStatus.REJECTED
    assert life.order(order).message_id == order.message_id
    assert refused(lambda: life.order(approve(snapshot.case, COLLEAGUE))) is RefusalCode.ALREADY_DECIDED
    with pytest.raises(gateway.Finished):
        life.order(claim())
    with pytest.raises(gateway.Finished):
        life.tell(withdrawn(life.now))
    with pytest.raises(gateway.Finished):
        gateway.send_decision(life.id, order, CALL_LIMIT)
    gateway.start_case(life.start, CALL_LIMIT)
    assert history(life.id)[-1].event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED
