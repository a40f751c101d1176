"""One demo case on its way: every step goes through the use case that a person would use."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from onboarding import clock
from onboarding.demo import people, pictures
from onboarding.domain.messages import ItemReasons
from onboarding.domain.status import CaseStatus, DocumentType, Outcome, Slot
from onboarding.models.cases import Case
from onboarding.models.documents import Document
from onboarding.models.people import User
from onboarding.usecases import applicant, demo, staff
from temporal_app import gateway

PATIENCE_SECONDS = 45.0
NOWHERE = f"00/{'0' * 62}"
"""A name in the vault that nothing has."""

TITLES = {
    Slot.PASSPORT: "PASSPORT  ·  UTOPIA",
    Slot.ID_FRONT: "IDENTITY CARD  ·  UTOPIA",
    Slot.ID_BACK: "IDENTITY CARD  ·  REVERSE",
}


class TooSlow(Exception):
    """A case did not come to where its life leads in time. The text says which and where it stands."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """The applicant of a demo case."""

    name: str
    given_name: str
    family_name: str
    birth_date: date


class Walk:
    """Leads one case through its life. Keys count the steps, so that each message has an id of its own."""

    def __init__(self, who: Somebody, colleagues: dict[str, User], password: str) -> None:
        self.who = who
        self._colleagues = colleagues
        self._steps = 0
        with transaction.atomic():
            self.user = User.objects.create(
                email=people.address(who.name),
                first_name=who.given_name,
                last_name=who.family_name,
                password=password,
            )
            EmailAddress.objects.create(user=self.user, email=self.user.email, primary=True)
            self.case = applicant.sign_up(self.user)

    def key(self) -> str:
        self._steps += 1
        return f"demo-{self._steps}"

    # --- what the applicant does -----------------------------------------------------------------

    def confirm(self) -> None:
        EmailAddress.objects.filter(user=self.user).update(verified=True)
        applicant.confirm_email(self.user)

    def details(self, document_type: DocumentType) -> None:
        applicant.complete_profile(
            self.case,
            given_name=self.who.given_name,
            family_name=self.who.family_name,
            birth_date=self.who.birth_date,
            country="ES",
            document_type=document_type,
            key=self.key(),
        )

    def upload(self, *slots: Slot, width: int = pictures.WIDTH) -> None:
        for slot in slots:
            lines = (
                self.who.family_name.upper(),
                self.who.given_name,
                f"{self.who.birth_date:%d %m %Y}",
                f"No. {self.case.reference}",
                f"Copy {self._steps}",
            )
            data = pictures.document(TITLES[slot], lines, portrait=slot is not Slot.ID_BACK, width=width)
            applicant.upload(self.case, slot, data, key=self.key())

    def upload_blank(self, slot: Slot) -> None:
        applicant.upload(self.case, slot, pictures.blank(), key=self.key())

    def submit(self) -> None:
        applicant.submit(self.case, key=self.key())

    def hand_in(
        self, document_type: DocumentType = DocumentType.PASSPORT, width: int = pictures.WIDTH
    ) -> None:
        """From the sign-up to the queue of the reviewers."""
        self.confirm()
        self.details(document_type)
        passport = document_type is DocumentType.PASSPORT
        self.upload(*([Slot.PASSPORT] if passport else [Slot.ID_FRONT, Slot.ID_BACK]), width=width)
        self.submit()
        self.until(CaseStatus.IN_REVIEW)

    def send_again(self, *slots: Slot) -> None:
        """From a request for other pictures back to the queue."""
        self.until(CaseStatus.RESUBMISSION_REQUESTED)
        self.upload(*slots)
        self.submit()
        self.until(CaseStatus.IN_REVIEW)

    def withdraw(self) -> None:
        applicant.withdraw(self.case, key=self.key())

    def reopen(self) -> None:
        applicant.reopen(self.case, key=self.key())

    # --- what staff do ---------------------------------------------------------------------------

    def claim(self, colleague: str) -> None:
        staff.claim(self._colleagues[colleague], self.case, key=self.key())

    def release(self, colleague: str) -> None:
        staff.release(self._colleagues[colleague], self.case, key=self.key())

    def approve(self, colleague: str = "rita") -> None:
        self._decide(colleague, Outcome.APPROVE)

    def refuse(self, *reasons: str, colleague: str = "rita") -> None:
        self._decide(colleague, Outcome.REFUSE, reasons=reasons)

    def ask_again(self, slot: Slot, *reasons: str, colleague: str = "rita") -> None:
        self._decide(colleague, Outcome.ASK_AGAIN, items=(ItemReasons(slot=slot, reasons=reasons),))

    def _decide(
        self,
        colleague: str,
        outcome: Outcome,
        reasons: tuple[str, ...] = (),
        items: tuple[ItemReasons, ...] = (),
    ) -> None:
        self.case.refresh_from_db()
        order = staff.decision(
            self._colleagues[colleague],
            self.case,
            submission=self.case.submission,
            outcome=outcome,
            reasons=reasons,
            items=items,
            key=self.key(),
        )
        staff.decide(self.case, order)

    def extend(self, days: int, reason: str) -> None:
        staff.extend(self._colleagues["sue"], self.case, seconds=days * 86_400, reason=reason, key=self.key())

    def pause(self, reason: str) -> None:
        staff.pause(self._colleagues["sue"], self.case, reason=reason, key=self.key())

    def resume(self, reason: str) -> None:
        staff.resume(self._colleagues["sue"], self.case, reason=reason, key=self.key())

    def reopened_by_support(self, reason: str) -> None:
        staff.reopen(self._colleagues["sue"], self.case, reason=reason, key=self.key())

    def sent_again_by_support(self, reason: str) -> None:
        staff.resend(self._colleagues["sue"], self.case, reason=reason, key=self.key())

    def withdrawn_by_operator(self, reason: str) -> None:
        staff.withdraw(self._colleagues["otto"], self.case, reason=reason, key=self.key())

    # --- time ------------------------------------------------------------------------------------

    def later(self, *, days: int = 0, hours: int = 0, minutes: int = 0) -> None:
        """Moves the demo clock and waits until everything that was due then is recorded."""
        self.settle()  # the workflow must have heard what was handed in before its clock moves
        demo.fast_forward(self.case, timedelta(days=days, hours=hours, minutes=minutes))
        self._wait(self._nothing_is_due, "to catch up with its clock")

    def until(self, status: CaseStatus) -> None:
        self._wait(lambda: self.case.status == status, f"to become {status}")

    def settle(self) -> None:
        """Waits until the workflow has heard everything and the row says what the workflow says."""
        self._wait(lambda: not self._owes_messages(), "to be told everything")
        live = gateway.snapshot(str(self.case.pk)).case.version
        self._wait(lambda: self.case.version >= live, "to be recorded")

    @contextmanager
    def stuck_checks(self) -> Iterator[None]:
        """For the length of the block the pictures can't be read, so the checks find nothing out."""
        kept = [(each, each.pages) for each in Document.objects.filter(case=self.case)]
        for document, pages in kept:
            lost = [{**page, "name": NOWHERE} for page in pages]
            Document.objects.filter(pk=document.pk).update(pages=lost)
        try:
            yield
        finally:
            for document, pages in kept:
                Document.objects.filter(pk=document.pk).update(pages=pages)

    def _owes_messages(self) -> bool:
        return self.case.outbox.filter(delivered_at=None).exists()

    def _nothing_is_due(self) -> bool:
        return self.case.next_action_at is None or self.case.next_action_at > clock.case_now(self.case)

    def _wait(self, probe: Callable[[], bool], what: str) -> None:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            self.case = Case.objects.get(pk=self.case.pk)
            if probe():
                return
            if time.monotonic() > give_up_at:
                raise TooSlow(f"{self.user.email} waited too long {what}; the case is {self.case.status}.")
            time.sleep(0.05)
