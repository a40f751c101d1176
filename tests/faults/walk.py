"""The load of a fault run, as a process of its own: people who sign up and walk through to a decision.

Signing up goes over HTTP through both web processes; the rest calls the use cases that the pages call. Two
reviewers decide each submission at the same moment, in opposite ways. Every operation leaves a ledger line.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()

from django.contrib.auth.models import Group
from django.db import close_old_connections, transaction
from django.urls import NoReverseMatch, reverse

from onboarding.domain.messages import Decide
from onboarding.domain.status import CaseStatus, DocumentType, Role, Slot
from onboarding.domain.status import Outcome as Verdict
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.usecases import applicant, staff
from temporal_app import gateway
from tests import pictures
from tests.faults.browser import NoAnswer, NotSent, Visit
from tests.faults.ledger import Entry, Ledger, Outcome
from tests.faults.topology import SITE

REVIEW_SECONDS = 90.0
DECISION_SECONDS = 60.0
TRIES = 40
PAUSE_SECONDS = 0.5
PASSWORD = "walk-through-7-gates"


class Walk:
    """What all people of one run share."""

    def __init__(self, ledger: Ledger, ports: list[int], seed: int) -> None:
        self._ledger, self._ports, self._seed = ledger, ports, seed
        try:
            self._form = reverse("account_signup")
        except NoReverseMatch:
            self._form = ""
        self._reviewers = [reviewer(number) for number in (1, 2)]

    def person(self, number: int) -> None:
        """One person from the sign-up to the decision; stops where something is refused."""
        close_old_connections()
        chance = random.Random(f"{self._seed}:{number}")
        address = f"person-{self._seed}-{number}@example.org"
        try:
            if self._sign_up(address, chance):
                self._hand_everything_in(address, number)
        finally:
            close_old_connections()

    def _sign_up(self, address: str, chance: random.Random) -> bool:
        """Like a person who tries again, perhaps at the other web process, until somebody answers."""
        for _ in range(TRIES):
            port = chance.choice(self._ports)
            began = time.monotonic()
            try:
                if self._form:
                    status = Visit(port, SITE).fill_in(
                        self._form, {"email": address, "password1": PASSWORD, "phone_number": ""}
                    )
                else:
                    status = sign_up_directly(address)
            except NotSent as error:
                outcome, detail = Outcome.FAIL, str(error)
            except NoAnswer as error:
                outcome, detail = Outcome.UNKNOWN, str(error)
            else:
                outcome, detail = (Outcome.OK if status == 302 else Outcome.FAIL), str(status)
            self._note("sign_up", address, outcome, began, f"web:{port}" if self._form else "usecase", detail)
            if detail.isdecimal():  # an answer, whichever: the same form would be answered the same again
                return outcome is Outcome.OK
            time.sleep(PAUSE_SECONDS)
        return False

    def _hand_everything_in(self, address: str, number: int) -> None:
        user = User.objects.get(email=address)
        case = Case.objects.get(applicant=user)
        key = f"walk-{number}"
        details = {
            "given_name": "Ana",
            "family_name": "García",
            "birth_date": date(1990, 1, 1),
            "country": "ES",
            "document_type": DocumentType.PASSPORT,
        }
        steps: list[tuple[str, Callable[[], object]]] = [
            ("confirm", lambda: applicant.confirm_email(user)),
            ("profile", lambda: applicant.complete_profile(case, key=key, **details)),
            ("upload", lambda: applicant.upload(case, Slot.PASSPORT, pictures.jpeg(number=number), key=key)),
            ("submit", lambda: applicant.submit(case, key=key)),
        ]
        for name, step in steps:
            if not self._attempt(name, address, step):
                return
        if self._in_review(case, address):
            self._decide(case, address, key)

    def _attempt(self, name: str, address: str, step: Callable[[], object]) -> bool:
        """One use case, tried again while only this machine is at fault."""
        for _ in range(TRIES):
            began = time.monotonic()
            try:
                step()
            except applicant.TurnedAway as error:
                self._note(name, address, Outcome.FAIL, began, "usecase", str(error))
                return False
            except Exception as error:  # noqa: BLE001  a busy decoder, a database that hiccups: try again
                self._note(name, address, Outcome.UNKNOWN, began, "usecase", type(error).__name__)
                time.sleep(PAUSE_SECONDS)
            else:
                self._note(name, address, Outcome.OK, began, "usecase")
                return True
        return False

    def _in_review(self, case: Case, address: str) -> bool:
        began = time.monotonic()
        while time.monotonic() - began < REVIEW_SECONDS:
            case.refresh_from_db()
            if case.status == CaseStatus.IN_REVIEW:
                self._note("review", address, Outcome.OK, began, "worker")
                return True
            time.sleep(0.1)
        self._note("review", address, Outcome.FAIL, began, "worker", case.status)
        return False

    def _decide(self, case: Case, address: str, key: str) -> None:
        """Two reviewers at the same moment, one for and one against."""
        orders = [
            staff.decision(who, case, submission=case.submission, outcome=verdict, reasons=reasons, key=key)
            for who, verdict, reasons in zip(
                self._reviewers, (Verdict.APPROVE, Verdict.REFUSE), ((), ("data_mismatch",)), strict=True
            )
        ]
        threads = [threading.Thread(target=self._press, args=(case, address, order)) for order in orders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _press(self, case: Case, address: str, order: Decide) -> None:
        """Presses the button until the case answers: the command id makes that safe."""
        try:
            give_up_at = time.monotonic() + DECISION_SECONDS
            while time.monotonic() < give_up_at:
                began = time.monotonic()
                note = partial(self._note, "decide", address, target=f"reviewer:{order.actor.account}")
                try:
                    staff.decide(case, order)
                except gateway.Unavailable as error:
                    note(Outcome.UNKNOWN, began, detail=f"{order.outcome}: {error}")
                    time.sleep(PAUSE_SECONDS)
                except gateway.GatewayError as error:
                    note(Outcome.FAIL, began, detail=f"{order.outcome}: {error}")
                    return
                else:
                    note(Outcome.OK, began, detail=order.outcome)
                    return
        finally:
            close_old_connections()

    def _note(
        self, operation: str, subject: str, outcome: Outcome, began: float, target: str, detail: str = ""
    ) -> None:
        seconds = round(time.monotonic() - began, 4)
        self._ledger.write(Entry(operation, subject, outcome, seconds, target, detail))


def sign_up_directly(address: str) -> int:
    """The transaction of the sign-up page, where there is no page yet; answers like the page."""
    with transaction.atomic():
        applicant.sign_up(User.objects.create_user(address, PASSWORD))
    return 302


def reviewer(number: int) -> User:
    address = f"reviewer-{number}@staff.example.org"
    user = User.objects.filter(email=address).first()
    if user is None:
        user = User.objects.create_user(address, PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get_or_create(name=Role.REVIEWER)[0])
    return user


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--ledger", type=Path, required=True)
    options.add_argument("--people", type=int, required=True)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--threads", type=int, default=6)
    options.add_argument("--port", type=int, action="append", required=True)
    chosen = options.parse_args()
    walk = Walk(Ledger(chosen.ledger), chosen.port, chosen.seed)
    with ThreadPoolExecutor(chosen.threads) as people:
        list(people.map(walk.person, range(chosen.people)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
