"""Documents that arrived while the virus scanner could not look: kept, shown to nobody, scanned again here.

Only re-encoded pixels are ever shown, in which no scanner would find anything. So what waits and is scanned
is the upload as it was sent; it is deleted with the verdict.
"""

from __future__ import annotations

import logging
import threading

from onboarding.documents import scanner, vault
from onboarding.models.documents import Document, Scan

logger = logging.getLogger(__name__)

SCAN_SECONDS = 10.0
"""Nobody waits for it, but a worker that is asked to end does."""


def settle(document: Document) -> Scan:
    """The scanner's verdict on a document; asks for it if there is none yet, and keeps it.

    Safe to repeat and to run at the same time: the first verdict counts.

    Raises:
        scanner.NotScanned: still none.
        vault.VaultError: the file can't be had.
    """
    if document.scan == Scan.WAITING:
        try:
            verdict = _verdict(document)
        except vault.DocumentMissing:
            document.refresh_from_db(fields=["scan", "original"])
            if document.scan == Scan.WAITING:
                raise
            return Scan(document.scan)  # somebody else was faster, and has deleted the original
        waiting = Document.objects.filter(pk=document.pk, scan=Scan.WAITING)
        if waiting.update(scan=verdict, original=""):
            _delete_files(document, verdict)
        document.refresh_from_db(fields=["scan", "original"])
    return Scan(document.scan)


def work_off(stop: threading.Event) -> int:
    """Settles everything that waits, the oldest first, as long as somebody answers; returns how many."""
    settled = 0
    waiting = Document.objects.filter(scan=Scan.WAITING).select_related("case").order_by("uploaded_at")
    for document in waiting.iterator():
        if stop.is_set():
            break
        try:
            settle(document)
            settled += 1
        except scanner.ScannerAway as away:
            logger.warning("documents wait for the virus scanner: %s", away)
            break
        except (scanner.NotScanned, vault.VaultError) as error:
            logger.warning("document %s still waits for the virus scanner: %s", document.pk, error)
    return settled


def _verdict(document: Document) -> Scan:
    try:
        scanner.scan(vault.read_original(document), seconds=SCAN_SECONDS)
    except scanner.Infected as virus:
        logger.warning("the virus scanner found %s in document %s", virus, document.pk)
        return Scan.INFECTED
    return Scan.CLEAN


def _delete_files(document: Document, verdict: Scan) -> None:
    """What nobody needs any more. Whatever stays behind, the sweep takes."""
    names = [document.original]
    if verdict == Scan.INFECTED:
        names += [page["name"] for page in document.pages]
    try:
        for name in names:
            vault.delete(name)
    except vault.VaultUnavailable as error:
        logger.warning("files of document %s are left for the sweep: %s", document.pk, error)
