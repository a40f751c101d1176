"""Many cases as rows, for looking at the desk: written in bulk into a database that nothing else needs.

The workflows of these cases don't exist: the pages that are measured read rows.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

from onboarding.domain import timers
from onboarding.domain.case import Case as CaseState
from onboarding.domain.case import birth
from onboarding.domain.messages import (
    Actor,
    ChecksFinished,
    Decide,
    EmailVerified,
    IdUploaded,
    ProfileCompleted,
    Submitted,
)
from onboarding.domain.policy import Policy
from onboarding.domain.status import DocumentType, Outcome, Role, Slot
from onboarding.domain.transition import hear
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case, Profile
from onboarding.models.people import User
from onboarding.models.references import ALPHABET
from onboarding.models.search import SearchTerm
from onboarding.models.terms import terms_of
from onboarding.records import projections

BATCH = 1000
LIVES = 40
"""Different lives in one batch."""
SPREAD_DAYS = 120
IN_REVIEW_SHARE, OWING_SHARE = 0.01, 0.04
"""The rest is approved: an old service is mostly memory."""
GIVEN = (
    "Ana",
    "Bruno",
    "Carla",
    "Diego",
    "Elena",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Karin",
    "Luca",
    "Maria",
    "Nadia",
    "Omar",
    "Petra",
    "Quim",
)
FAMILY = (
    "García",
    "Ruiz",
    "Müller",
    "Rossi",
    "Novák",
    "Kowalski",
    "Silva",
    "Haddad",
    "Berg",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Gómez",
)


def seed(count: int, now: datetime, first: int = 0) -> None:
    """Adds cases: reproducible, in batches of one transaction each.

    Args:
        first: number of the first, so that more can be added later.
    """
    chance = random.Random(first)
    for start in range(first, first + count, BATCH):
        _batch(range(start, min(start + BATCH, first + count)), now, chance)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def reference_of(number: int) -> str:
    """The reference of a seeded case: different for each, spread over the alphabet."""
    number = number * 7_368_787 % len(ALPHABET) ** 8
    signs = []
    for _ in range(8):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"


def name_of(number: int) -> tuple[str, str]:
    return GIVEN[number % len(GIVEN)], f"{FAMILY[number // 7 % len(FAMILY)]} {_syllables(number)}"


def address_of(number: int) -> str:
    return f"{_syllables(number).lower()}.{number}@mail{number % 50}.example"


def _syllables(number: int) -> str:
    parts = ("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "ru")
    return "".join(parts[int(digit)] for digit in f"{number * 48271 % 1_000_003:06}").capitalize()


def _batch(numbers: Sequence[int], now: datetime, chance: random.Random) -> None:
    lives = [_Life(now, chance) for _ in range(LIVES)]
    with transaction.atomic():
        users = _create(User, (User(email=address_of(n), password="!") for n in numbers))
        led = [chance.choice(lives) for _ in numbers]
        cases = _create(Case, (life.row(u, n) for u, n, life in zip(users, numbers, led, strict=True)))
        _create(Profile, (_profile(case, n) for case, n in zip(cases, numbers, strict=True)))
        _create(AuditEvent, (e for case, life in zip(cases, led, strict=True) for e in life.events(case)))
        _create(
            SearchTerm, (t for c, u, n in zip(cases, users, numbers, strict=True) for t in _terms(c, u, n))
        )


def _create(model: type[models.Model], rows: Iterator[Any]) -> Any:
    return model._default_manager.bulk_create(list(rows), batch_size=BATCH)


class _Life:
    """A life by the rules, shared by several cases: what differs is who they are."""

    def __init__(self, now: datetime, chance: random.Random) -> None:
        self._state = _state(now, chance)
        self._columns = projections.columns(self._state) | {"last_reviewer_id": None}

    def row(self, user: User, number: int) -> Case:
        case_id = uuid.UUID(int=number * 2**64 + 1)
        state = {**self._columns["state"], "case_id": str(case_id), "applicant": str(user.pk)}
        return Case(
            id=case_id,
            reference=reference_of(number),
            applicant=user,
            policy=state["policy"],
            born_at=self._state.born_at,
            **{**self._columns, "state": state},
        )

    def events(self, case: Case) -> Iterator[AuditEvent]:
        for event in self._state.history:
            yield AuditEvent(
                case=case,
                version=event.version,
                at=event.at,
                kind=event.kind,
                actor_role=event.actor.role,
                status=event.status,
                came_from=event.came_from or "",
                reason=event.reason,
                number=event.number,
                hash="0" * 64,
            )


def _state(now: datetime, chance: random.Random) -> CaseState:
    """Told what happened, by the rules, like every case."""
    kind = chance.random()
    owes = IN_REVIEW_SHARE <= kind < IN_REVIEW_SHARE + OWING_SHARE
    days = 13 if owes else 1.2 if kind < IN_REVIEW_SHARE else SPREAD_DAYS
    at = (now - timedelta(days=chance.uniform(0.1, days))).astimezone(UTC)
    state = birth("", "", Policy(), at)

    def told(state: CaseState, fact: Any, **more: Any) -> CaseState:
        return hear(state, fact(message_id=f"m{len(state.seen)}", occurred_at=at, **more), at)

    state = told(state, EmailVerified)
    state = told(state, ProfileCompleted, document_type=DocumentType.PASSPORT)
    if owes:
        return _rung(state, now)
    state = told(state, IdUploaded, document_id="d", slot=Slot.PASSPORT, sha256="0" * 64)
    state = told(state, Submitted)
    state = told(state, ChecksFinished, submission=state.submission)
    return _rung(state, now) if kind < IN_REVIEW_SHARE else _approved(state, at + timedelta(hours=2))


def _rung(state: CaseState, now: datetime) -> CaseState:
    while (after := timers.ring(state, now)) is not state:
        state = after
    return state


def _approved(state: CaseState, at: datetime) -> CaseState:
    reviewer = Actor(Role.REVIEWER, "1")
    order = Decide(message_id="a", actor=reviewer, submission=state.submission, outcome=Outcome.APPROVE)
    return hear(state, order, at)


def _profile(case: Case, number: int) -> Profile:
    given, family = name_of(number)
    return Profile(
        case=case,
        given_name=given,
        family_name=family,
        birth_date=date(1990, 1, 1),
        country="ES",
        document_type=DocumentType.PASSPORT,
        changed_at=case.born_at,
    )


def _terms(case: Case, user: User, number: int) -> Iterator[SearchTerm]:
    for value, kind in terms_of(case.reference, user.email, name_of(number)).items():
        yield SearchTerm(case=case, kind=kind, value=value)
