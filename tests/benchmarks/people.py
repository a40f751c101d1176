"""Cases in the state that a benchmark needs, made through the same use cases as real ones."""

from __future__ import annotations

import io
import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from django.contrib.auth.models import Group
from django.db import connections, transaction
from PIL import Image

from onboarding.domain.status import CaseStatus, DocumentType, Slot
from onboarding.models import User
from onboarding.models.cases import Case
from onboarding.models.outbox import OutboxMessage
from onboarding.usecases import applicant
from tests.benchmarks.bed import until

STEP_SECONDS = 60.0
_numbers = itertools.count(1)


def make_user(kind: str = "applicant") -> User:
    return User.objects.create_user(f"{kind}{next(_numbers)}-{uuid.uuid4().hex[:8]}@example.org")


def make_reviewer() -> User:
    reviewer = User.objects.create_user(f"reviewer{next(_numbers)}@example.org", is_staff=True)
    reviewer.groups.add(Group.objects.get_or_create(name="reviewer")[0])
    return reviewer


def sign_up() -> Case:
    """A case that was just signed up for; its start is delivered on commit."""
    with transaction.atomic():
        return applicant.sign_up(make_user())


def confirm(case: Case) -> None:
    applicant.confirm_email(case.applicant)


def complete_profile(case: Case) -> None:
    applicant.complete_profile(
        case,
        given_name="Ana",
        family_name="García",
        birth_date=date(1990, 1, 1),
        country="ES",
        document_type=DocumentType.PASSPORT,
        key="1",
    )


def upload(case: Case, picture: bytes) -> None:
    applicant.upload(case, Slot.PASSPORT, picture, key="1")


def submit(case: Case) -> None:
    applicant.submit(case, key="1")


def passport() -> bytes:
    """A picture that passes the checks."""
    out = io.BytesIO()
    Image.effect_noise((900, 700), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def wait_for(case: Case, status: CaseStatus) -> None:
    """Until the row says so."""

    def there() -> bool:
        return Case.objects.filter(pk=case.pk, status=status).exists()

    until(there, STEP_SECONDS, f"a case does not come to {status}")


def idle_cases(count: int, threads: int = 4) -> None:
    """Cases that wait for their e-mail to be confirmed; returns when each has been recorded."""

    def some(share: int) -> None:
        try:
            for _ in range(share):
                sign_up()
        finally:
            connections.close_all()

    shares = [count // threads + (number < count % threads) for number in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(some, shares))
    until(
        lambda: not OutboxMessage.objects.filter(delivered_at=None).exists(),
        STEP_SECONDS + count / 20,
        "cases are not started",
        pause=0.2,
    )


def cases_in_review(count: int) -> list[Case]:
    """Cases that wait for a reviewer, with one picture each."""
    picture = passport()
    cases = [sign_up() for _ in range(count)]
    for case in cases:
        confirm(case)
        complete_profile(case)
        upload(case, picture)
        submit(case)
    for case in cases:
        wait_for(case, CaseStatus.IN_REVIEW)
    return cases
