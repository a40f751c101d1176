"""What the vault needs now and then, done by the worker process beside its work."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import close_old_connections

from onboarding import clock
from onboarding.documents import quarantine, vault
from onboarding.models.documents import Document, Scan

logger = logging.getLogger(__name__)

GRACE = timedelta(hours=2)
"""No upload takes this long, so whatever is older and unknown is an orphan."""
SWEEP_EVERY_SECONDS = 6 * 3600.0
PAUSE_SECONDS = 20.0
"""Between two looks for documents that wait for the virus scanner."""


def sweep() -> int:
    """Removes files that nothing points to and that are older than the grace; returns how many.

    An upload that died between the vault and the database leaves such behind.
    """
    stored = Document.objects.exclude(scan=Scan.INFECTED).values_list("pages", "original").iterator()
    known = {name for pages, original in stored for name in (original, *(page["name"] for page in pages))}
    return len(vault.sweep(known, now=clock.now(), grace=GRACE))


def seal_clear(stop: threading.Event) -> int:
    """Encrypts what the first release stored in the clear; returns how many documents.

    Safe to repeat, to interrupt and to run at the same time: the row changes to the new files at once, and
    whatever is left over is swept.
    """
    sealed = 0
    for document in Document.objects.filter(sealed=False).select_related("case").iterator():
        if stop.is_set():
            break
        try:
            sealed += _seal(document)
        except vault.VaultError as error:
            logger.warning("document %s rests in the clear: %s", document.pk, error)
    if sealed:
        logger.info("%d documents of an earlier release are encrypted now", sealed)
    return sealed


def _seal(document: Document) -> bool:
    pages = [
        {**page, "name": vault.store(vault.read(document, number), document.case, document.pk, number)}
        for number, page in enumerate(document.pages, start=1)
    ]
    in_clear = Document.objects.filter(pk=document.pk, sealed=False)
    won = bool(in_clear.update(pages=pages, sealed=True))
    for page in document.pages if won else pages:
        vault.delete(page["name"])
    return won


def run(stop: threading.Event) -> None:
    """Keeps house until told to stop; a fault is logged and the next round tries again."""
    sweep_at = time.monotonic()
    while not stop.is_set():
        _carefully(lambda: quarantine.work_off(stop))
        if time.monotonic() >= sweep_at:
            sweep_at = time.monotonic() + SWEEP_EVERY_SECONDS
            _carefully(lambda: seal_clear(stop))
            _carefully(sweep)
        stop.wait(PAUSE_SECONDS)


def _carefully(work: Callable[[], int]) -> None:
    try:
        close_old_connections()
        work()
    except Exception:
        logger.exception("the vault could not be looked after")
    finally:
        close_old_connections()
