"""Many cases as rows, for looking at the desk: written in bulk into a database that nothing else needs.

The workflows of these cases don't exist: the pages that are measured read rows.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from onboarding.domain import timers
from onboarding.domain.case import Case as CaseState
from onboarding.domain.case import Event, birth
from onboarding.domain.messages import (
    Actor,
    ChecksFinished,
    Decide,
    EmailVerified,
    IdUploaded,
    ItemReasons,
    ProfileCompleted,
    Submitted,
)
from onboarding.domain.policy import Policy
from onboarding.domain.status import DocumentType, Outcome, Role, Slot
from onboarding.domain.transition import hear
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case, Profile
from onboarding.models.figures import CountedDay
from onboarding.models.people import User
from onboarding.models.references import ALPHABET
from onboarding.models.search import SearchTerm
from onboarding.models.terms import terms_of
from onboarding.records import projections
from tests.benchmarks.sheet import Row, Sheet

BATCH = 1000
LIVES = 40
"""Different lives in one batch."""
SPREAD_DAYS = 120
CASE_MARK, USER_MARK = "the-case", "the-account"
IN_REVIEW_SHARE, OWING_SHARE = 0.01, 0.04
"""The rest is decided: an old service is mostly memory."""
REFUSED_SHARE, ASKED_SHARE, LATE_SHARE = 0.05, 0.1, 0.05
"""Of the decided ones. Who is asked again hands in once more and is approved."""
PROMPT, LATE = timedelta(hours=2), timedelta(hours=30)
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
    CountedDay.objects.all().delete()  # these events were written past `records.audit`
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
    led = [(number, chance.choice(lives)) for number in numbers]
    with transaction.atomic():
        USERS.write({**_USER, "id": _user(n), "email": address_of(n)} for n, _ in led)
        CASES.write(life.row(n) for n, life in led)
        PROFILES.write(_profile(n, life.case) for n, life in led)
        EVENTS.write(event for n, life in led for event in life.events(n))
        TERMS.write(term for n, _ in led for term in _terms(n))


USERS, CASES, PROFILES, EVENTS, TERMS = map(Sheet, (User, Case, Profile, AuditEvent, SearchTerm))
_USER = USERS.template(User(id=1, password="!"))
_TERM = TERMS.template(SearchTerm())


def case_id(number: int) -> uuid.UUID:
    return uuid.UUID(int=number * 2**64 + 1)


def _case(number: int) -> Any:
    return CASES.prepared("id", case_id(number))


def _user(number: int) -> int:
    """Far from those of whoever else is there."""
    return 10**9 + number


class _Life:
    """A life by the rules, shared by several cases: what differs is who they are."""

    def __init__(self, now: datetime, chance: random.Random) -> None:
        state = _state(now, chance)
        columns = projections.columns(state) | {"last_reviewer_id": None}
        told = {**columns["state"], "case_id": CASE_MARK, "applicant": USER_MARK}
        self.case = Case(policy=told["policy"], born_at=state.born_at, **{**columns, "state": told})
        self._row = CASES.template(self.case)
        self._events = [EVENTS.template(_event(each)) for each in state.history]

    def row(self, number: int) -> Row:
        state = self._row["state"].replace(CASE_MARK, str(case_id(number)))
        return self._row | {
            "id": _case(number),
            "reference": reference_of(number),
            "applicant_id": _user(number),
            "state": state.replace(USER_MARK, str(_user(number))),
        }

    def events(self, number: int) -> Iterator[Row]:
        mine = _case(number)
        for event in self._events:
            yield event | {"case_id": mine}


def _event(event: Event) -> AuditEvent:
    return AuditEvent(
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

    state = _told(state, at, EmailVerified)
    state = _told(state, at, ProfileCompleted, document_type=DocumentType.PASSPORT)
    if owes:
        return _rung(state, now)
    state = _handed_in(state, at)
    return _rung(state, now) if kind < IN_REVIEW_SHARE else _decided(state, at, now, chance)


def _told(state: CaseState, at: datetime, fact: Any, **more: Any) -> CaseState:
    return hear(state, fact(message_id=f"m{len(state.seen)}", occurred_at=at, **more), at)


def _handed_in(state: CaseState, at: datetime) -> CaseState:
    state = _told(state, at, IdUploaded, document_id="d", slot=Slot.PASSPORT, sha256="0" * 64)
    state = _told(state, at, Submitted)
    return _told(state, at, ChecksFinished, submission=state.submission)


def _rung(state: CaseState, now: datetime) -> CaseState:
    while (after := timers.ring(state, now)) is not state:
        state = after
    return state


def _decided(state: CaseState, at: datetime, now: datetime, chance: random.Random) -> CaseState:
    """Mostly approved, mostly in time."""
    kind, wait = chance.random(), LATE if chance.random() < LATE_SHARE else PROMPT
    decided_at = at + wait if at + wait < now else at + PROMPT
    state = _rung(state, decided_at)
    if kind < REFUSED_SHARE:
        return _told_to(state, decided_at, Outcome.REFUSE, reasons=("data_mismatch",))
    if kind < REFUSED_SHARE + ASKED_SHARE:
        items = (ItemReasons(slot=Slot.PASSPORT, reasons=("blurred", "glare")),)
        state = _told_to(state, decided_at, Outcome.ASK_AGAIN, items=items)
        state = _handed_in(state, decided_at)
    return _told_to(state, decided_at, Outcome.APPROVE)


def _told_to(state: CaseState, at: datetime, outcome: Outcome, **why: Any) -> CaseState:
    actor = Actor(Role.REVIEWER, "1")
    order = Decide(
        message_id=f"m{len(state.seen)}", actor=actor, submission=state.submission, outcome=outcome, **why
    )
    return hear(state, order, at)


def _profile(number: int, case: Case) -> Row:
    given, family = name_of(number)
    profile = Profile(
        case_id=case_id(number),
        given_name=given,
        family_name=family,
        birth_date=date(1990, 1, 1),
        country="ES",
        document_type=DocumentType.PASSPORT,
        changed_at=case.born_at,
    )
    return PROFILES.template(profile)


def _terms(number: int) -> Iterator[Row]:
    mine = _case(number)
    for value, kind in terms_of(reference_of(number), address_of(number), name_of(number)).items():
        yield _TERM | {"case_id": mine, "kind": kind, "value": value}
