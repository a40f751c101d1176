"""Delivers what the outbox owes: at once when a request commits, else by a sweep in the worker process.

A row is delivered at least once and in the order of its case; the workflow knows every message it has
heard. So any number of relays may run, and any of them may die.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections

from onboarding.domain.policy import Policy
from onboarding.models.outbox import OutboxMessage
from onboarding.records import outbox
from onboarding.serial import fact_from_json, from_json
from temporal_app import acknowledgements, gateway
from temporal_app.contracts import CaseStart

logger = logging.getLogger(__name__)

REQUEST_BUDGET = timedelta(seconds=2)
LEFT_TO_REQUESTS = REQUEST_BUDGET + timedelta(seconds=1)
"""So old is what no request delivers or acknowledges any more."""
SWEEP_BUDGET = timedelta(seconds=5)
SWEEP_BATCH = 200
AT_SIGN_UP = 1
"""The version of a case that its sign-up records."""
AWAY_ENOUGH = 3
"""So many unreachable cases say that Temporal is away; one alone may have a trouble of its own."""


def deliver(case_id: uuid.UUID, budget: timedelta = REQUEST_BUDGET) -> int:
    """Delivers what is owed to one case, in order, within the budget; Temporal being away is no error.

    What is left over is the sweep's. Returns how many rows were delivered; they are acknowledged a moment
    later, together with others: nobody waits for a second transaction.
    """
    owed = [row for row in outbox.waiting(case_id) if not acknowledgements.owes(row)]
    return _deliver(owed, budget, acknowledgements.soon).delivered


def deliver_start(start: OutboxMessage, budget: timedelta = REQUEST_BUDGET) -> None:
    """Starts the workflow of a case that was signed up for just now; Temporal being away is no error."""
    try:
        gateway.start_case(start_of(start), budget)
    except gateway.GatewayError as error:
        _away(start, error)
    else:
        acknowledgements.soon(start)


@dataclass(slots=True)
class Delivered:
    """`away`: Temporal did not take a row, and is not likely to take those of other cases."""

    delivered: int = 0
    away: bool = False


def _deliver(
    rows: Iterable[OutboxMessage], budget: timedelta, acknowledge: Callable[[OutboxMessage], None]
) -> Delivered:
    deadline = time.monotonic() + budget.total_seconds()
    done = Delivered()
    for row in rows:
        remaining = timedelta(seconds=deadline - time.monotonic())
        if remaining <= timedelta(0):
            break
        try:
            if not _deliver_row(row, remaining, acknowledge):
                break
        except gateway.GatewayError as error:
            _away(row, error)
            done.away = True
            break
        done.delivered += 1
    return done


def _acknowledge(row: OutboxMessage) -> None:
    outbox.acknowledged([row], outbox.DELIVERED)


def _away(row: OutboxMessage, error: gateway.GatewayError) -> None:
    logger.warning("message %s waits for Temporal: %s", row.message_id, error)
    outbox.service_away(row, str(error))


def _deliver_row(row: OutboxMessage, limit: timedelta, acknowledge: Callable[[OutboxMessage], None]) -> bool:
    """Delivers one row; False when it cannot be read and the rest of its case has to wait.

    Raises:
        gateway.GatewayError: Temporal did not take it.
    """
    try:
        start = start_of(row)
        if row.name == outbox.START:
            gateway.start_case(start, limit)
        else:
            gateway.tell(start, row.name, fact_from_json(row.name, row.payload), limit)
    except gateway.Finished:
        outbox.acknowledged([row], "finished")
        return True
    except gateway.GatewayError:
        raise
    except Exception as error:
        # A row that cannot be read must not hold up the others: it is tried again, then parked.
        logger.exception("message %s cannot be delivered", row.message_id)
        outbox.failed(row, f"{type(error).__name__}: it cannot be read as {row.name}")
        return False
    acknowledge(row)
    return True


def start_of(row: OutboxMessage) -> CaseStart:
    """The start that belongs to the case of this row: a fact may be the first that Temporal hears of it."""
    case = row.case
    return CaseStart(
        case_id=str(case.id),
        applicant=str(case.applicant_id),
        policy=from_json(case.policy, Policy),
        born_at=case.born_at,
        recorded=min(case.version, AT_SIGN_UP),
    )


def sweep(older_than: timedelta = LEFT_TO_REQUESTS) -> int:
    """Delivers and acknowledges what requests left behind; returns how many rows.

    It gives up early when Temporal is away: the next sweep is near, and a worker that is asked to stop should
    not have to wait for hundreds of calls to fail.
    """
    done = away = 0
    for case_id in outbox.cases_waiting(older_than, SWEEP_BATCH):
        case = _deliver(outbox.waiting(case_id), SWEEP_BUDGET, _acknowledge)
        done += case.delivered
        away += case.away
        if away == AWAY_ENOUGH:
            break
    return done


def run(stop: threading.Event) -> None:
    """Sweeps until told to stop; a fault is logged and the next sweep tries again."""
    while not stop.is_set():
        try:
            close_old_connections()
            sweep()
        except Exception:
            logger.exception("the relay could not sweep")
        finally:
            close_old_connections()
        stop.wait(settings.RELAY_SWEEP_SECONDS)
