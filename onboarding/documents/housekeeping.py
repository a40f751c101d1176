"""Bytes that nothing points to: an upload that died between the vault and the database leaves them behind."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from django.db import close_old_connections

from onboarding import clock
from onboarding.documents import vault
from onboarding.models.documents import Document

logger = logging.getLogger(__name__)

GRACE = timedelta(hours=2)
"""No upload takes this long, so whatever is older and unknown is an orphan."""
EVERY_SECONDS = 6 * 3600.0


def sweep() -> int:
    """Removes orphaned files older than the grace; returns how many."""
    pages = Document.objects.values_list("pages", flat=True).iterator()
    known = {page["name"] for stored in pages for page in stored}
    return len(vault.sweep(known, now=clock.now(), grace=GRACE))


def run(stop: threading.Event) -> None:
    """Sweeps now and then until told to stop; a fault is logged and the next round tries again."""
    while not stop.is_set():
        try:
            close_old_connections()
            sweep()
        except Exception:
            logger.exception("orphaned documents could not be swept")
        finally:
            close_old_connections()
        stop.wait(EVERY_SECONDS)
