"""Writes down a moment later what was delivered, for many rows at once.

A request would wait for a second transaction otherwise, only to note that its first one is done. Who dies
before it is noted leaves the row to the sweep, which delivers it again; that does no harm.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from queue import Empty, SimpleQueue

from django.db import close_old_connections

from onboarding.models.outbox import OutboxMessage
from onboarding.records import outbox

logger = logging.getLogger(__name__)

GATHERING_SECONDS = 0.25
"""Long enough that whoever waits for the case has seen it move: on SQLite only one may write at a time."""
MOST = 200

_delivered: SimpleQueue[OutboxMessage] = SimpleQueue()
_owed: set[int] = set()
"""The keys of the rows that are delivered and not written down yet."""
_lock = threading.Lock()
_thread: threading.Thread | None = None


def soon(row: OutboxMessage) -> None:
    """Has this row acknowledged as delivered, within a fraction of a second."""
    global _thread
    _owed.add(row.pk)
    _delivered.put(row)
    with _lock:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_serve, name="acknowledgements", daemon=True)
            _thread.start()


def owes(row: OutboxMessage) -> bool:
    """Whether this process has delivered this row a moment ago, and has yet to write it down."""
    return row.pk in _owed


def _serve() -> None:
    while True:
        rows = [_delivered.get()]
        time.sleep(GATHERING_SECONDS)
        with contextlib.suppress(Empty):
            while len(rows) < MOST:
                rows.append(_delivered.get_nowait())
        try:
            close_old_connections()
            outbox.acknowledged(rows, outbox.DELIVERED)
            close_old_connections()
        except Exception:
            logger.exception("%d deliveries could not be written down; they will be repeated", len(rows))
        finally:
            _owed.difference_update(row.pk for row in rows)


def _start_over_in_child() -> None:
    """The parent's thread writes down what the parent delivered; a child has none yet."""
    global _delivered, _lock, _thread
    _delivered, _lock, _thread = SimpleQueue(), threading.Lock(), None
    _owed.clear()


os.register_at_fork(after_in_child=_start_over_in_child)
