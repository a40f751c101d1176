"""What must be true after healing, as a process of its own: ledger, rows, workflows and mails compared.

The invariants are those of docs/testing.md. Prints one JSON object: `counts` and `violations`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()

from django.db.models import Count
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from onboarding.domain.case import Case as CaseState
from onboarding.domain.status import EventKind
from onboarding.domain.status import Outcome as Verdict
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.records import audit
from onboarding.serial import from_json
from temporal_app import gateway
from temporal_app.connection import EXIT_PAUSE_SECONDS, connect
from temporal_app.contracts import case_workflow_id
from tests.faults import ledger as ledgers
from tests.faults.ledger import Entry, Outcome
from tests.faults.mail_sink import transmissions

PAGE_SECONDS = 5.0
DECISIONS = {
    EventKind.APPROVED: Verdict.APPROVE,
    EventKind.REJECTED: Verdict.REFUSE,
    EventKind.RESUBMISSION_REQUESTED: Verdict.ASK_AGAIN,
}


@dataclass
class Workflows:
    """What Temporal says about one workflow id."""

    runs: int = 0
    failures: list[str] = field(default_factory=list)
    """Workflow tasks that failed: code that raised or did not replay."""


def healed() -> list[str]:
    """What is still under way; empty when nothing is owed any more."""
    owed = OutboxMessage.objects.filter(delivered_at=None).count()
    unsent = Email.objects.filter(sent_at=None, dropped_at=None).count()
    named = {"messages to cases": owed, "e-mails": unsent}
    return [f"I8: {count} {name} are still waiting" for name, count in named.items() if count]


def until_healed(seconds: float) -> tuple[list[str], float]:
    began = time.monotonic()
    while (left := healed()) and time.monotonic() - began < seconds:
        time.sleep(0.25)
    return left, time.monotonic() - began


async def read_workflows() -> dict[str, Workflows]:
    """Every workflow of the namespace with its runs and its failed tasks."""
    client = await connect()
    found: dict[str, Workflows] = {}
    async for execution in client.list_workflows():
        workflow = found.setdefault(execution.id, Workflows())
        workflow.runs += 1
        workflow.failures += [event async for event in _failures(client, execution.id, execution.run_id)]
    await asyncio.sleep(EXIT_PAUSE_SECONDS)
    return found


async def _failures(client: Client, workflow_id: str, run_id: str):  # type: ignore[no-untyped-def]
    handle = client.get_workflow_handle(workflow_id, run_id=run_id)
    async for event in handle.fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            yield event.workflow_task_failed_event_attributes.failure.message[:120]


def signed_up(entries: list[Entry], workflows: dict[str, Workflows]) -> Iterator[str]:
    """I1 and I2."""
    for address in sorted({each.subject for each in entries if each.operation == "sign_up" and _ok(each)}):
        users = User.objects.filter(email=address).count()
        cases = list(Case.objects.filter(applicant__email=address))
        if users != 1 or len(cases) != 1:
            yield f"I1: {address} was acknowledged and has {users} accounts and {len(cases)} cases"
            continue
        runs = workflows.get(case_workflow_id(str(cases[0].pk)), Workflows()).runs
        if runs != 1:
            yield f"I1: {address} was acknowledged and has {runs} workflows"
    without_case = User.objects.filter(is_staff=False, case=None).count()
    if without_case:
        yield f"I1: {without_case} accounts of applicants have no case"
    ids = {case_workflow_id(str(pk)) for pk in Case.objects.values_list("pk", flat=True)}
    yield from (f"I2: the workflow {name} has no case" for name in sorted(set(workflows) - ids))
    yield from (f"I1: the case of {name} has no workflow" for name in sorted(ids - set(workflows)))


def decided(entries: list[Entry]) -> Iterator[str]:
    """I3: workflow = rows = audit = mail = what the reviewers were told, at most one a submission."""
    told: dict[str, set[str]] = {}
    for each in entries:
        if each.operation == "decide" and _ok(each):
            told.setdefault(each.subject, set()).add(each.detail)
    for case in Case.objects.select_related("applicant").order_by("pk"):
        state = gateway.snapshot(str(case.pk)).case
        outcomes = [each.outcome for each in state.decisions]
        submissions = [each.submission for each in state.decisions]
        events = AuditEvent.objects.filter(case=case, kind__in=DECISIONS).order_by("version")
        audited = [DECISIONS[EventKind(event.kind)] for event in events]
        mails = Email.objects.filter(case=case, kind__in=[kind.value for kind in DECISIONS]).count()
        acknowledged = told.get(case.applicant.email, set())
        if len(set(submissions)) != len(submissions):
            yield f"I3: {case} has two decisions about one submission"
        if len(outcomes) != mails or audited != outcomes:
            yield f"I3: {case} decided {outcomes}, audited {audited}, owes {mails} e-mails about it"
        if not acknowledged <= set(outcomes) or len(acknowledged) > len(outcomes):
            yield f"I3: {case} decided {outcomes}, but its reviewers were told {sorted(acknowledged)}"
        yield from _as_recorded(case, state)


def _as_recorded(case: Case, state: CaseState) -> Iterator[str]:
    case.refresh_from_db()
    recorded = from_json(case.state, CaseState)
    if replace(recorded, seen=()) != state:
        yield f"I8: {case} is at version {state.version}, its row at {recorded.version}, and they differ"


def mailed(file: Path, kills: int) -> Iterator[str]:
    """I4: one Message-ID per owed e-mail; a repetition only where a worker was killed."""
    sent = Counter(identity.strip("<>").split("@")[0] for identity in transmissions(file))
    owed = {str(pk) for pk in Email.objects.filter(dropped_at=None).values_list("pk", flat=True)}
    strangers, missing = set(sent) - owed, owed - set(sent)
    if strangers or missing:
        yield f"I4: {len(strangers)} e-mails were sent that nobody owes, {len(missing)} owed ones were not"
    if sent.total() > len(owed) + kills:
        yield f"I4: {sent.total()} transmissions of {len(owed)} e-mails after {kills} kills of a worker"
    twice = Email.objects.values("case", "key", "recipient").exclude(case=None).annotate(rows=Count("pk"))
    if twice.filter(rows__gt=1).exists():
        yield "I4: the same e-mail is owed twice"


def audited() -> Iterator[str]:
    """I7: every chain verifies."""
    for case in Case.objects.order_by("pk"):
        yield from (f"I7: {case}: {wrong}" for wrong in audit.verify(case))


def answered(entries: list[Entry]) -> Iterator[str]:
    """I12: a page answers within five seconds, and never with a 5xx."""
    for each in entries:
        if not each.target.startswith("web:") or not each.detail.isdecimal():
            continue
        if each.detail.startswith("5"):
            yield f"I12: {each.operation} was answered {each.detail}"
        if each.seconds > 2 * PAGE_SECONDS:  # a form is two pages: open it, send it
            yield f"I12: {each.operation} took {each.seconds:.1f} s"


def _ok(entry: Entry) -> bool:
    return entry.outcome is Outcome.OK


def counts(entries: list[Entry], workflows: dict[str, Workflows], mails: Path) -> dict[str, int]:
    by_outcome = Counter(f"{each.operation} {each.outcome}" for each in entries)
    return {
        **dict(sorted(by_outcome.items())),
        "accounts of applicants": User.objects.filter(is_staff=False).count(),
        "cases": Case.objects.count(),
        "workflows": len(workflows),
        "cases decided": Case.objects.filter(audit__kind__in=DECISIONS).distinct().count(),
        "audit events": AuditEvent.objects.count(),
        "e-mails owed": Email.objects.filter(dropped_at=None).count(),
        "transmissions": len(list(transmissions(mails))),
        "messages to cases": OutboxMessage.objects.count(),
    }


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--ledger", type=Path, required=True)
    options.add_argument("--mails", type=Path, required=True)
    options.add_argument("--worker-kills", type=int, required=True)
    options.add_argument("--heal-seconds", type=float, default=90.0)
    chosen = options.parse_args()
    entries = list(ledgers.read(chosen.ledger))
    waiting, seconds = until_healed(chosen.heal_seconds)
    workflows = asyncio.run(read_workflows())
    checks: list[Callable[[], Iterator[str]]] = [
        lambda: signed_up(entries, workflows),
        lambda: decided(entries),
        lambda: mailed(chosen.mails, chosen.worker_kills),
        audited,
        lambda: answered(entries),
    ]
    violations = [*waiting, *(violation for check in checks for violation in check())]
    violations += [f"I8: {name}: {text}" for name, each in workflows.items() for text in each.failures]
    report = {
        "counts": counts(entries, workflows, chosen.mails),
        "healing_seconds": round(seconds, 1),
        "violations": violations,
    }
    sys.stdout.write(json.dumps(report) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
