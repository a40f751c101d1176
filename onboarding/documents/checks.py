"""The automated checks of one submission, as the workflow asks for them."""

from __future__ import annotations

from onboarding import clock
from onboarding.documents import quality, quarantine, vault
from onboarding.domain.messages import ChecksFinished, Retake
from onboarding.domain.status import Slot
from onboarding.models.cases import Case
from onboarding.models.documents import Document, Scan
from onboarding.records.queries import current_state


def check_submission(case_id: str, submission: int) -> ChecksFinished:
    """Looks at the pictures that were handed in with this submission.

    A document of several pages has to be taken again only when every page is unusable, and one in which the
    virus scanner finds something always.

    Raises:
        Case.DoesNotExist: there is no such case.
        scanner.NotScanned: not yet; the virus scanner has not looked at everything.
        vault.VaultError: a picture can't be had.
        quality.sandbox.DecoderBusy: nothing was found out; try again.
    """
    row = Case.objects.get(pk=case_id)
    # Compared as texts: a forged message may name anything.
    newest = {document.document_id for document in current_state(row).documents}
    uploads = Document.objects.filter(case=row, superseded_at=None).select_related("case").order_by("slot")
    rows = [document for document in uploads if str(document.pk) in newest]
    infected = [document for document in rows if quarantine.settle(document) == Scan.INFECTED]
    retakes = [Retake(slot=Slot(document.slot), reason="infected") for document in infected]
    rows = [document for document in rows if document not in infected]
    pages = [
        (document, vault.read(document, number))
        for document in rows
        for number in range(1, len(document.pages) + 1)
    ]
    findings = quality.examine([data for _, data in pages])
    flags: list[str] = []
    for document in rows:
        numbers = [number for number, (owner, _) in enumerate(pages) if owner.pk == document.pk]
        mine = [finding for finding in findings if finding.page in numbers]
        unusable = {finding.page for finding in mine if finding.unusable}
        flags += [f"{document.slot}:{finding.code}" for finding in mine if not finding.unusable]
        if numbers and unusable == set(numbers):
            reason = next(finding.code for finding in mine if finding.unusable)
            retakes.append(Retake(slot=Slot(document.slot), reason=reason))
    return ChecksFinished(
        message_id=f"{case_id}:checks:{submission}",
        occurred_at=clock.now(),
        submission=submission,
        retakes=tuple(retakes),
        flags=tuple(dict.fromkeys(flags)),
    )
