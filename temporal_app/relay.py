"""Delivers what the outbox owes: at once when a request commits, else by a sweep in the worker process.

A row is delivered at least once and in the order of its case; the workflow knows every message it has
heard. So any number of relays may run, and any of them may die.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections

from onboarding.domain.policy import Policy
from onboarding.models.outbox import OutboxMessage
from onboarding.records import outbox
from onboarding.records.serial import fact_from_json, from_json
from temporal_app import gateway
from temporal_app.contracts import CaseStart

logger = logging.getLogger(__name__)

REQUEST_BUDGET = timedelta(seconds=2)
SWEEP_BUDGET = timedelta(seconds=5)
SWEEP_BATCH = 200


def deliver(case_id: uuid.UUID, budget: timedelta = REQUEST_BUDGET) -> int:
    """Delivers what is owed to one case, in order, within the budget. Never raises.

    What is left over is the sweep's. Returns how many rows were acknowledged.
    """
    deadline = time.monotonic() + budget.total_seconds()
    done = 0
    for row in outbox.waiting(case_id):
        remaining = timedelta(seconds=deadline - time.monotonic())
        if remaining <= timedelta(0) or not _deliver_row(row, remaining):
            break
        done += 1
    return done


def _deliver_row(row: OutboxMessage, limit: timedelta) -> bool:
    """Delivers one row; False when the rest of its case has to wait."""
    try:
        start = start_of(row)
        if row.name == outbox.START:
            gateway.start_case(start, limit)
        else:
            gateway.tell(start, row.name, fact_from_json(row.name, row.payload), limit)
    except gateway.Finished:
        outbox.acknowledged(row, "finished")
        return True
    except gateway.GatewayError as error:
        logger.warning("message %s waits for Temporal: %s", row.message_id, error)
        outbox.service_away(row, str(error))
        return False
    except Exception as error:
        # A row that cannot be read must not hold up the others: it is tried again, then parked.
        logger.exception("message %s cannot be delivered", row.message_id)
        outbox.failed(row, f"{type(error).__name__}: it cannot be read as {row.name}")
        return False
    outbox.acknowledged(row, "delivered")
    return True


def start_of(row: OutboxMessage) -> CaseStart:
    """The start that belongs to the case of this row: a fact may be the first that Temporal hears of it."""
    case = row.case
    return CaseStart(
        case_id=str(case.id),
        applicant=str(case.applicant_id),
        policy=from_json(case.policy, Policy),
        born_at=case.born_at,
    )


def sweep(older_than: timedelta = REQUEST_BUDGET) -> int:
    """Delivers what requests left behind; returns how many rows were acknowledged."""
    done = 0
    for case_id in outbox.cases_waiting(older_than, SWEEP_BATCH):
        done += deliver(case_id, SWEEP_BUDGET)
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
