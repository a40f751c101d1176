"""The automated checks of one submission, as the workflow asks for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from onboarding import clock
from onboarding.documents import lookalikes, quality, quarantine, vault
from onboarding.documents.lookalikes import Examined
from onboarding.domain import declared
from onboarding.domain.case import Case as CaseState
from onboarding.domain.findings import ORDER, Check, Finding, Light, flags, goes_back
from onboarding.domain.messages import ChecksFinished, Retake
from onboarding.domain.status import CaseStatus, DocumentState, Slot
from onboarding.models.cases import Case
from onboarding.models.documents import Document, Scan
from onboarding.records import details, findings
from onboarding.records.queries import current_state

WITHOUT_PRINT = frozenset({Slot.SELFIE})


def check_submission(case_id: str, submission: int) -> ChecksFinished:
    """Looks at the pictures that were handed in with this submission, and at the details as they are now.

    A document of several pages has to be taken again only when every page is unusable, and one in which the
    virus scanner finds something always. The findings are rows; what goes to the workflow are codes.

    Idempotency: the report of a submission and the prints of its pages are written once, or once more the
    same.

    Raises:
        Case.DoesNotExist: there is no such case.
        scanner.NotScanned: not yet; the virus scanner has not looked at everything.
        vault.VaultError: a picture can't be had.
        quality.sandbox.DecoderBusy: nothing was found out; try again.
    """
    row, state = _case_of(case_id)
    return _check(row, state, submission, _uploads(row, state))


def check_measured(case_id: str, submission: int) -> ChecksFinished | None:
    """The same, if every picture was measured when it came in, and the virus scanner has seen it; else None.

    None as well where the rows know nothing of this submission yet: it was handed in past them.

    Idempotency: as `check_submission`. Opens no picture and waits for no scanner.

    Raises:
        Case.DoesNotExist: there is no such case.
        vault.VaultError: a picture can't be had.
    """
    row, state = _case_of(case_id)
    if state.status is not CaseStatus.CHECKING or state.submission != submission:
        return None
    uploads = _uploads(row, state)
    if not all(upload.scan == Scan.CLEAN and _is_measured(upload) for upload in uploads):
        return None
    return _check(row, state, submission, uploads)


def _case_of(case_id: str) -> tuple[Case, CaseState]:
    row = Case.objects.select_related("applicant").get(pk=case_id)
    return row, current_state(row)


def _uploads(row: Case, state: CaseState) -> list[Document]:
    """What the case counts on, in the order of slots."""
    # Compared as texts: a forged message may name anything.
    newest = {item.document_id for item in state.documents}
    present = Document.objects.filter(case=row, superseded_at=None).order_by("slot")
    uploads = [upload for upload in present if str(upload.pk) in newest]
    for upload in uploads:
        upload.case = row  # whoever opens them need not ask for it
    return uploads


def _is_measured(upload: Document) -> bool:
    return all(quality.is_measured(page.get("measures")) for page in upload.pages)


def _check(row: Case, state: CaseState, submission: int, uploads: Sequence[Document]) -> ChecksFinished:
    handed_in = {item.slot for item in state.documents if item.state is DocumentState.CHECKING}
    infected = [upload for upload in uploads if quarantine.settle(upload) == Scan.INFECTED]
    pages = [page for upload in uploads if upload not in infected for page in _examined(upload)]
    lookalikes.remember(pages)
    before = Counter(findings.retakes_before(row, submission))
    found: list[Finding] = []
    retakes = [Retake(slot=Slot(upload.slot), reason="infected") for upload in infected]
    for slot in Slot:
        mine = [page for page in pages if page.document.slot == slot]
        if not mine:
            continue
        results = list(_quality(slot, mine))
        unusable = _unusable(mine)
        twin = _two_sides(slot, mine, pages)
        if twin and twin.light is Light.BAD:
            unusable = unusable or twin.code
        if slot in handed_in and goes_back(unusable, before[slot]):
            retakes.append(Retake(slot=slot, reason=unusable))
        found += [*results, *([twin] if twin else []), *_elsewhere(row, slot, mine, pages)]
    profile = details.declared_of(row)
    if profile:
        found += declared.findings(profile, details.today_of(row))
    again = {item.slot for item in retakes}
    findings.save(row, submission, found, again)
    return ChecksFinished(
        message_id=f"{row.pk}:checks:{submission}",
        occurred_at=clock.now(),
        submission=submission,
        retakes=tuple(retakes),
        flags=flags(finding for finding in found if finding.slot not in again),
    )


def _examined(upload: Document) -> Iterator[Examined]:
    is_print = Slot(upload.slot) not in WITHOUT_PRINT
    for number, kept in enumerate(upload.pages, start=1):
        stored = vault.read(upload, number)
        page = quality.examine(stored, is_print=is_print, measured=kept.get("measures"))
        yield Examined(upload, number, page)


def _unusable(pages: Sequence[Examined]) -> str:
    """Why a document cannot be used: the first reason, where no page of it can. Empty where one can."""
    reasons = [[each.code for each in page.page.judgements if each.unusable] for page in pages]
    return reasons[0][0] if all(reasons) else ""


def _quality(slot: Slot, pages: Sequence[Examined]) -> Iterator[Finding]:
    """One finding for each check, of the page that needs looking at most."""
    one_is_enough = not _unusable(pages)
    for check in Check:
        found = [
            (each, page.number) for page in pages for each in page.page.judgements if each.check is check
        ]
        if not found:
            continue
        judgement, number = min(found, key=lambda pair: ORDER[pair[0].light])
        light = Light.WARN if judgement.unusable and one_is_enough else judgement.light
        params = judgement.params | ({"page": str(number)} if len(pages) > 1 else {})
        yield Finding(check, light, slot, judgement.code, params)


def _two_sides(slot: Slot, mine: Sequence[Examined], everything: Sequence[Examined]) -> Finding | None:
    """Whether an earlier item of this submission is the same picture. The first of a pair is not to blame."""
    earlier = [
        each for each in everything if list(Slot).index(Slot(each.document.slot)) < list(Slot).index(slot)
    ]
    if not earlier:
        return None
    seen = [_alike(page, other) for page in mine for other in earlier]
    if all(any(_alike(page, other) for other in earlier) for page in mine):
        return Finding(Check.TWO_SIDES, Light.BAD, slot, "same_picture")
    if any(alike is not None for alike in seen):
        return Finding(Check.TWO_SIDES, Light.WARN, slot, "looks_alike")
    return Finding(Check.TWO_SIDES, Light.GOOD, slot)


def _alike(one: Examined, other: Examined) -> bool | None:
    """True for the same picture, False for one that was worked on, None for another one."""
    if one.page.sha256 == other.page.sha256:
        return True
    return lookalikes.likeness(one.page, other.page.turns[0]) if other.page.turns else None


def _elsewhere(
    row: Case, slot: Slot, mine: Sequence[Examined], everything: Sequence[Examined]
) -> Iterator[Finding]:
    """Whether the picture was seen before: in this case, where it is a note, or in another one."""
    present = list({each.document.pk for each in everything})
    twins = [
        twin for page in mine if page.page.turns for twin in lookalikes.twins(page.page, besides=present)
    ]
    own = [twin for twin in twins if twin.document.case_id == row.pk and twin.document.slot == slot]
    if any(twin.is_same for twin in own):
        yield Finding(Check.SENT_AGAIN, Light.WARN, slot, "sent_again")
    others = [twin for twin in twins if twin.document.case_id != row.pk]
    if others:
        same = {twin.document.case_id for twin in others if twin.is_same}
        cases = same or {twin.document.case_id for twin in others}
        code = "same_picture_elsewhere" if same else "similar_picture_elsewhere"
        params = {"case": _reference(cases), "cases": str(len(cases))}
        yield Finding(Check.ELSEWHERE, Light.BAD if same else Light.WARN, slot, code, params)
    else:
        yield Finding(Check.ELSEWHERE, Light.GOOD, slot)


def _reference(cases: Iterable[object]) -> str:
    """The oldest of these cases."""
    return Case.objects.filter(pk__in=list(cases)).order_by("born_at").values_list("reference", flat=True)[0]
