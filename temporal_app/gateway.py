"""The one door from the web to Temporal, in the words of the domain.

    GatewayError
    ├── Unavailable   nobody answered; try again, the same command id makes that safe
    ├── NotFound      there is no such case at Temporal (yet)
    ├── Finished      the case is over and hears nothing any more
    └── Refused       the rules say no; who and when, where somebody was faster

Every call has a time limit. A worker that is away makes queries and commands `Unavailable`; facts are
accepted by the server all the same.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from onboarding.domain.case import Receipt, birth
from onboarding.domain.messages import COMMANDS, Command, Decide, Fact
from onboarding.domain.refusals import Refusal, RefusalCode
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.transition import receipt, refuse
from temporal_app import contracts
from temporal_app.connection import ConnectionLost, connection, default_limit
from temporal_app.contracts import CaseStart

T = TypeVar("T")

RUN_ENDED_PAUSE_SECONDS = 0.05

UPDATE_NAMES = {kind: name for name, kind in COMMANDS.items()}


class GatewayError(Exception):
    """Any of the four ways in which the workflow does not do what was asked."""


class Unavailable(GatewayError):
    """No answer: Temporal or its worker is away. Whether it was done is unknown; asking again is safe."""


class NotFound(GatewayError):
    """Temporal knows no such case."""


class Finished(GatewayError):
    """The case is over."""


class Refused(GatewayError):
    """The rules refused it; nothing has changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def start_case(start: CaseStart, limit: timedelta | None = None) -> None:
    """Makes sure that the workflow of this case exists. "Already started" is success."""

    async def work(client: Client) -> None:
        await _start(client, start)

    try:
        _call(work, limit)
    except Finished:
        return


def tell(start: CaseStart, name: str, fact: Fact, limit: timedelta | None = None) -> None:
    """Hands a fact to the case, starting its workflow if that has not happened yet.

    Raises:
        Finished: the workflow has ended; nobody will hear this.
        Unavailable: not handed over, or nobody knows; telling it again is safe.
    """

    async def work(client: Client) -> None:
        await _start(client, start, start_signal=name, start_signal_args=[fact])

    _call(work, limit)


async def _start(client: Client, start: CaseStart, **signal: Any) -> None:
    newborn = birth(start.case_id, start.applicant, start.policy, start.born_at)
    values = zip(contracts.SEARCH_ATTRIBUTES, contracts.search_values(newborn), strict=True)
    await client.start_workflow(
        contracts.WORKFLOW_NAME,
        args=[start],
        id=contracts.case_workflow_id(start.case_id),
        task_queue=settings.TEMPORAL_TASK_QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        search_attributes=TypedSearchAttributes(
            [SearchAttributePair[Any](key, value) for key, value in values if value is not None]
        ),
        **signal,
    )


def command(case_id: str, order: Command, limit: timedelta | None = None) -> Receipt:
    """Has the case carry out a command and answers with the receipt.

    Raises:
        Refused: the rules say no; also where somebody was faster and the case has ended with that.
        NotFound, Finished, Unavailable: as above.
    """
    limit = limit or default_limit()
    deadline = time.monotonic() + limit.total_seconds()

    async def work(client: Client) -> Receipt:
        while True:
            try:
                answer: Receipt = await _handle(client, case_id).execute_update(
                    UPDATE_NAMES[type(order)], order, id=order.message_id, result_type=Receipt
                )
            except RPCError as error:
                # A run that ends or is continued at this very moment leaves the command unanswered. The next
                # answer is final: the new run carries it out, or the case is finished.
                if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                    raise
                await asyncio.sleep(RUN_ENDED_PAUSE_SECONDS)
            else:
                return answer

    try:
        answer = _call(work, limit)
    except (Finished, NotFound):
        # Where the case ended at this very moment, the server no longer knows the command either.
        answer = _answer_of_the_end(case_id, order, timedelta(seconds=deadline - time.monotonic()))
    if answer.code:
        raise Refused(Refusal(RefusalCode(answer.code), answer.account, answer.moment))
    return answer


def _answer_of_the_end(case_id: str, order: Command, limit: timedelta) -> Receipt:
    """A case that is over takes no command, but can be asked: was it this one that ended it, or whose?"""
    try:
        ended = snapshot(case_id, limit)
    except Unavailable as error:
        raise Finished from error
    known = receipt(ended.case, order.message_id)
    if known:
        return known
    refusal = refuse(ended.case, order, ended.now)
    if refusal and refusal.account:
        raise Refused(refusal)
    raise Finished if ended.over else Unavailable("the command was lost on its way")


def send_decision(case_id: str, decide: Decide, limit: timedelta | None = None) -> None:
    """Sends a decision as the signal `review_decided`; its outcome stands in the snapshot's receipts."""

    async def work(client: Client) -> None:
        await _handle(client, case_id).signal(contracts.REVIEW_DECIDED_SIGNAL, decide)

    _call(work, limit)


def snapshot(case_id: str, limit: timedelta | None = None) -> Snapshot:
    """The live answer of the workflow's query."""

    async def work(client: Client) -> Snapshot:
        answer: Snapshot = await _handle(client, case_id).query(
            contracts.SNAPSHOT_QUERY, result_type=Snapshot
        )
        return answer

    return _call(work, limit)


def fast_forward(case_id: str, by: timedelta, limit: timedelta = timedelta(seconds=60)) -> None:
    """Moves the clock of one case ahead and waits until its timers have fired. For demo servers and tests."""

    from temporalio.testing import TimeSkipper  # here, because it loads the SDK's whole worker

    async def work(client: Client) -> None:
        handle = _handle(client, case_id)
        # Skipping does nothing before the first workflow task has run; a query waits for it.
        await handle.query(contracts.SNAPSHOT_QUERY, result_type=Snapshot)
        await TimeSkipper(client).fast_forward(handle, by)

    _call(work, limit)


def workers_polling(limit: timedelta | None = None) -> dict[str, datetime]:
    """Workers that ask the server for workflow tasks: identity → when they last did."""

    async def work(client: Client) -> dict[str, datetime]:
        answer = await client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=client.namespace,
                task_queue=TaskQueue(name=settings.TEMPORAL_TASK_QUEUE),
                task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
            )
        )
        return {poller.identity: poller.last_access_time.ToDatetime(tzinfo=UTC) for poller in answer.pollers}

    return _call(work, limit)


def _handle(client: Client, case_id: str) -> WorkflowHandle[Any, Any]:
    return client.get_workflow_handle(contracts.case_workflow_id(case_id))


def _call(work: Callable[[Client], Awaitable[T]], limit: timedelta | None) -> T:
    """Runs the work and translates every way it can fail into the four errors, once."""
    try:
        return connection().call(work, limit or default_limit())
    except ConnectionLost as error:
        raise Unavailable(str(error)) from error
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        raise Unavailable("no worker answered in time") from error
    except WorkflowAlreadyStartedError as error:
        raise Finished from error
    except WorkflowUpdateFailedError as error:
        raise _refused(error.cause) from error
    except WorkflowQueryRejectedError as error:
        raise Finished from error
    except WorkflowQueryFailedError as error:
        raise Unavailable("the case cannot answer at the moment") from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND and not _lacks_namespace(error):
            raise (Finished if "already completed" in error.message else NotFound) from error
        raise Unavailable(f"Temporal answered {error.status.name}") from error


def _lacks_namespace(error: RPCError) -> bool:
    """True for a server that does not know our namespace (yet): then it says nothing about the case."""
    status = error.grpc_status
    return any(detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in status.details)


def _refused(cause: BaseException | None) -> GatewayError:
    if isinstance(cause, ApplicationError) and cause.type in set(RefusalCode):
        account, moment = (*cause.details, "", "")[:2]
        return Refused(
            Refusal(RefusalCode(str(cause.type)), account, datetime.fromisoformat(moment) if moment else None)
        )
    if isinstance(cause, ApplicationError) and cause.type == "AcceptedUpdateCompletedWorkflow":
        return Finished()
    return Unavailable("the case could not take the command")
