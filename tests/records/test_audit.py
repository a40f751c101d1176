"""The trail says what was done to it: I7."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

import pytest

from onboarding.domain.transition import hear
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.records import audit, projections, queries
from tests.domain.builders import verified, withdrawn
from tests.records.test_projections import life_of

pytestmark = pytest.mark.database


@pytest.fixture
def trail(case: Case) -> Case:
    """A case with nine events."""
    projections.record(life_of(case)[-1])
    case.refresh_from_db()
    assert audit.verify(case) == []
    return case


@pytest.mark.parametrize(
    "change",
    [
        {"actor_account": "8"},
        {"actor_role": "senior"},
        {"reason": "because"},
        {"status": "approved"},
        {"came_from": ""},
        {"kind": "approved"},
        {"number": 7},
        {"subject": "selfie"},
        {"cause": "another"},
        {"hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("version", [1, 8, 9])
def test_an_edited_event_is_found(trail: Case, change: dict[str, Any], version: int) -> None:
    """Mutant seen red: each column in turn left out of `COVERED`."""
    before = AuditEvent.objects.filter(case=trail, version=version)
    if before.values(*change).get() == change:
        change = dict.fromkeys(change, "other")
    before.update(**change)
    assert audit.verify(trail) == [f"event {version} does not fit the events before it"]


def test_an_edited_moment_is_found(trail: Case) -> None:
    row = AuditEvent.objects.get(case=trail, version=3)
    AuditEvent.objects.filter(pk=row.pk).update(at=row.at - timedelta(microseconds=1))
    assert audit.verify(trail) == ["event 3 does not fit the events before it"]


@pytest.mark.parametrize("version", range(1, 10))
def test_a_deleted_event_is_found(trail: Case, version: int) -> None:
    """Also the last one. Mutant seen red: `verify` doesn't ask the row how long the trail must be."""
    AuditEvent.objects.filter(case=trail, version=version).delete()
    assert audit.verify(trail) == [f"event {version} is missing"]


def test_moments_from_any_time_zone_verify(case: Case) -> None:
    """Mutant seen red: the hash covers the offset that the message came with, which no database keeps."""
    state = queries.recorded_state(case)
    zoned = verified(case.born_at).occurred_at.astimezone(timezone(timedelta(hours=9)))
    state = hear(state, verified(zoned), case.born_at + timedelta(hours=1))
    assert state.history[-1].handed_in_at is not None
    projections.record(state)
    case.refresh_from_db()
    assert audit.verify(case) == []


def test_a_new_case_has_a_trail_of_one(case: Case) -> None:
    """Sign-up itself is audited, before Temporal has heard of it."""
    (event,) = AuditEvent.objects.filter(case=case)
    assert (event.kind, event.actor_account) == ("signed_up", str(case.applicant_id))
    assert audit.verify(case) == []
    projections.record(hear(queries.recorded_state(case), withdrawn(case.born_at), case.born_at))
    case.refresh_from_db()
    assert audit.verify(case) == []
