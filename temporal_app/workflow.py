"""The case as a durable entity workflow. Handlers apply; the loop performs.

Handlers call one pure transition and store its result. The loop records what is new, starts the checks,
and otherwise sleeps until the next moment that the rules have planned. Nothing else happens here: what a
message means is decided in `onboarding.domain`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    # Whatever runner loads this file: rules and contract are pure, and their types must be the same ones.
    from onboarding.domain.case import Receipt, birth, trimmed
    from onboarding.domain.deadlines import Wakeup, WakeupKind, is_over, next_wakeup
    from onboarding.domain.messages import ChecksFinished, Command, Decide, Message
    from onboarding.domain.refusals import SENTENCES, RefusalCode
    from onboarding.domain.snapshot import Snapshot, snapshot
    from onboarding.domain.status import CaseStatus
    from onboarding.domain.timers import ring
    from onboarding.domain.transition import hear, not_understood, receipt, refuse
    from temporal_app.contracts import (
        FACT_SIGNALS,
        REVIEW_DECIDED_SIGNAL,
        SEARCH_ATTRIBUTES,
        SNAPSHOT_QUERY,
        WORKFLOW_NAME,
        CaseStart,
        CheckRequest,
        OnboardingActivities,
        search_values,
    )
    from temporal_app.updates import StaffUpdates

# Rows: the database may be away for hours. Above the threshold the pause becomes a durable timer instead of
# keeping a workflow task alive. A case without a row is a forgery and fails at once.
RECORD_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    maximum_interval=timedelta(seconds=30),
    non_retryable_error_types=["NoSuchCase"],
)
RECORD_OPTIONS: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=5),
    "local_retry_threshold": timedelta(seconds=3),
    "retry_policy": RECORD_RETRY,
}
# Checks that are arithmetic: quick or not at all. What goes wrong is left to the checks beside the loop.
AT_ONCE_OPTIONS: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=2),
    "retry_policy": RetryPolicy(maximum_attempts=1),
}
# A case whose history began to check without it goes on so.
CHECKED_AT_ONCE = "checked-at-once"
# Other checks: a parser that dies is tried again a few times; then the case's own timer (T8) goes on. An
# attempt takes seconds; one that died with its worker is given up for another worker after the budget.
CHECK_BUDGET = timedelta(seconds=30)
CHECK_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_attempts=4, non_retryable_error_types=["NoSuchCase"]
)


@workflow.defn(name=WORKFLOW_NAME)
class OnboardingCase(StaffUpdates):
    """One sign-up, from the first click to the last reminder.

    Updates are the commands of staff (`updates`). Signals are the facts of `contracts.FACT_SIGNALS` and
    `review_decided`; they all come in through one dynamic handler, because a signal must never be lost and
    never stop the case, whatever it carries.
    """

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        self._start = start
        self._case = start.carried or birth(start.case_id, start.applicant, start.policy, start.born_at)
        self._recorded = start.carried.version if start.carried else start.recorded
        self._shown = search_values(self._case)
        self._checks: asyncio.Task[None] | None = None
        self._checks_of_stage = 0

    @workflow.run
    async def run(self, start: CaseStart) -> None:  # noqa: ARG002  taken by __init__
        while True:
            await self._check_at_once()
            await self._record_news()
            self._start_checks()
            if self._may_end():
                if is_over(self._case):
                    return
                workflow.continue_as_new(replace(self._start, carried=self._case))
            await self._sleep()
            await self._ring()

    # --- the loop's work -------------------------------------------------------------------------

    async def _check_at_once(self) -> None:
        """Pictures were measured when they came in: judging them takes less than a workflow task does.

        Before the rows are written, which so go from "collecting" to "in review" in one step.
        """
        stage = self._case.stage.number
        if not self._owes_checks():
            return
        if not (self._start.checks_at_once or workflow.patched(CHECKED_AT_ONCE)):
            return
        try:
            found = await workflow.execute_local_activity_method(
                OnboardingActivities.check_at_once,
                self._check_request(),
                summary=f"submission {self._case.submission}",
                **AT_ONCE_OPTIONS,
            )
        except FailureError:  # a local activity fails with its own error, not an ActivityError
            return
        if found:
            self._hear_checks(found, stage)

    async def _record_news(self) -> None:
        """Makes rows, audit and e-mails follow the case, as often as handlers have changed it meanwhile."""
        while self._recorded < self._case.version:
            case = self._case
            await workflow.execute_local_activity_method(
                OnboardingActivities.record, case, summary=f"version {case.version}", **RECORD_OPTIONS
            )
            self._recorded = case.version
        self._case = trimmed(self._case)
        self._show()

    def _start_checks(self) -> None:
        """Checks run beside the loop, so that a stuck parser holds up neither messages nor timers."""
        if self._owes_checks():
            self._checks_of_stage = self._case.stage.number
            self._checks = asyncio.create_task(self._check(self._check_request(), self._checks_of_stage))

    def _owes_checks(self) -> bool:
        return self._case.status is CaseStatus.CHECKING and self._checks_of_stage != self._case.stage.number

    def _check_request(self) -> CheckRequest:
        return CheckRequest(case_id=self._case.case_id, submission=self._case.submission)

    async def _check(self, request: CheckRequest, stage: int) -> None:
        try:
            found = await workflow.execute_activity_method(
                OnboardingActivities.check_documents,
                request,
                start_to_close_timeout=CHECK_BUDGET,
                schedule_to_close_timeout=timedelta(seconds=self._case.policy.check_timeout_seconds),
                retry_policy=CHECK_RETRY,
                summary=f"submission {request.submission}",
            )
        except ActivityError:
            workflow.logger.warning("the checks of submission %d could not run", request.submission)
            return
        self._hear_checks(found, stage)

    def _hear_checks(self, found: ChecksFinished, stage: int) -> None:
        self._hear(replace(found, message_id=f"checks-{stage}", occurred_at=workflow.now()))

    async def _sleep(self) -> None:
        """Until the case changes, its next moment comes, or this run has grown long enough."""
        wakeup, version = next_wakeup(self._case), self._case.version

        def disturbed() -> bool:
            return self._case.version != version or self._may_end()

        if wakeup is None:
            await workflow.wait_condition(disturbed)
            return
        remaining = (wakeup.at - workflow.now()).total_seconds()
        if remaining <= 0:
            return
        try:
            await workflow.wait_condition(disturbed, timeout=remaining, timeout_summary=wakeup.summary)
        except TimeoutError:
            return

    async def _ring(self) -> None:
        """Rings one moment that is due. Before a deadline ends the case, asks for facts on their way."""
        wakeup = next_wakeup(self._case)
        if wakeup is None or wakeup.at > workflow.now():
            return
        if wakeup.kind is WakeupKind.EXPIRY:
            await self._ask_first(wakeup)
        self._case = ring(self._case, workflow.now())

    async def _ask_first(self, wakeup: Wakeup) -> None:
        handed_in = await workflow.execute_local_activity_method(
            OnboardingActivities.handed_in,
            self._case.case_id,
            summary=f"before {wakeup.summary}",
            **RECORD_OPTIONS,
        )
        for fact in handed_in.facts():
            self._hear(fact)

    def _show(self) -> None:
        """Upserts the search attributes that have changed, and only those: each costs bytes of history."""
        values = search_values(self._case)
        changes = [
            key.value_set(value) if value is not None else key.value_unset()
            for key, value, shown in zip(SEARCH_ATTRIBUTES, values, self._shown, strict=True)
            if value != shown
        ]
        if changes:
            self._shown = values
            workflow.upsert_search_attributes(changes)

    def _may_end(self) -> bool:
        """This run is done or has grown long, nothing is owed, and nobody is being answered."""
        info, limit = workflow.info(), self._start.continue_after_events
        long = info.is_continue_as_new_suggested() or 0 < limit <= info.get_current_history_length()
        return (
            (long or is_over(self._case))
            and self._recorded == self._case.version
            and (self._checks is None or self._checks.done())
            and workflow.all_handlers_finished()
        )

    # --- what comes in ---------------------------------------------------------------------------

    def _hear(self, message: Message) -> None:
        self._case = hear(self._case, message, workflow.now())

    @workflow.signal(dynamic=True)
    def fact(self, name: str, payloads: Sequence[RawValue]) -> None:
        """Any signal. What cannot be understood leaves a receipt, never an exception."""
        kind: type[Message] | None = FACT_SIGNALS.get(name)
        if name == REVIEW_DECIDED_SIGNAL:
            kind = Decide
        if kind is None:
            self._refuse(ascii(name), RefusalCode.UNKNOWN_MESSAGE)
            return
        try:
            (payload,) = payloads
            message = workflow.payload_converter().from_payload(payload.payload, kind)
            if not isinstance(message, kind):  # null, or bytes, whatever was asked for
                raise TypeError(f"not a {kind.__name__}")
        except Exception as error:  # noqa: BLE001  whatever a payload holds, the case goes on
            workflow.logger.warning("a malformed %s was refused: %s", name, type(error).__name__)
            self._refuse(name, RefusalCode.MALFORMED)
            return
        self._hear(message)

    def _refuse(self, name: str, code: RefusalCode) -> None:
        self._case = not_understood(self._case, name, workflow.now(), code)

    def _answer(self, command: Command) -> Receipt:
        self._hear(command)
        return receipt(self._case, command.message_id) or Receipt(
            message_id=command.message_id,
            name=type(command).__name__,
            at=workflow.now(),
            version=self._case.version,
        )

    def _validate(self, command: Command) -> None:
        """Refuses what the rules refuse, before anything is written; a repeated command is answered again.

        Raises:
            ApplicationError: `type` is the refusal's code; the details are account and moment, if known.
        """
        if command.message_id in self._case.seen:
            return
        refusal = refuse(self._case, command, workflow.now())
        if refusal:
            raise ApplicationError(
                SENTENCES[refusal.code],
                refusal.account,
                refusal.moment.isoformat() if refusal.moment else "",
                type=refusal.code,
                non_retryable=True,
            )

    @workflow.query(name=SNAPSHOT_QUERY)
    def snapshot(self) -> Snapshot:
        """The case as it is, its exact future, and what each role may do."""
        return snapshot(self._case, workflow.now())
