"""Which policy a new case is born with: the settings, and over them the newest version that has begun."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from onboarding import clock
from onboarding.domain.policy import DAY, Policy
from onboarding.models.policies import PolicyVersion
from onboarding.records import policies, queries
from onboarding.serial import from_json
from tests.people import make_applicant, make_staff

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def put(days: int, *, begins: timedelta = timedelta(), seen: int | None = None, key=None) -> PolicyVersion:
    last = policies.newest()
    return policies.put_into_force(
        replace(Policy(), collection_deadline_seconds=days * DAY),
        by=make_staff("operator"),
        reason="trial",
        effective_at=clock.now() + begins,
        seen=(last.pk if last else 0) if seen is None else seen,
        key=key or uuid.uuid4(),
    )


def days_of(policy: Policy) -> int:
    return policy.collection_deadline_seconds // DAY


def test_new_cases_take_the_policy_in_force_and_running_ones_keep_theirs(settings):
    """Mutant: `policy_in_force` gives the settings' one."""
    settings.POLICY = {"collection_deadline_seconds": 16 * DAY}
    before = make_applicant()
    put(20)
    after = make_applicant()
    assert days_of(from_json(before.policy, Policy)) == 16
    assert days_of(from_json(after.policy, Policy)) == 20
    before.refresh_from_db()
    assert days_of(queries.recorded_state(before).policy) == 16


def test_of_the_sign_ups_of_one_second_the_first_looks_the_policy_up(django_assert_num_queries):
    """Mutants seen red: no memory; a memory without an end; our own change is not seen at once."""
    with time_machine.travel(clock.now(), tick=False) as time:
        put(20)
        with django_assert_num_queries(1):
            assert days_of(policies.policy_of_newcomers()) == 20
            assert days_of(policies.policy_of_newcomers()) == 20
        put(30)
        assert days_of(policies.policy_of_newcomers()) == 30
        elsewhere = PolicyVersion.objects.order_by("-id")[:1]
        PolicyVersion.objects.filter(pk__in=elsewhere).delete()
        assert days_of(policies.policy_of_newcomers()) == 30
        time.shift(1)
        assert days_of(policies.policy_of_newcomers()) == 20


def test_a_version_of_the_future_waits_for_its_moment():
    """Mutant: no look at `effective_at`."""
    put(20)
    put(30, begins=timedelta(days=3))
    assert days_of(policies.policy_in_force()) == 20
    assert days_of(policies.policy_in_force(clock.now() + timedelta(days=4))) == 30


def test_of_two_versions_for_the_same_moment_the_later_written_holds():
    moment = timedelta(days=1)
    put(20, begins=moment)
    at = policies.newest().effective_at
    put(25)
    PolicyVersion.objects.update(effective_at=at)
    assert days_of(policies.policy_in_force(at)) == 25


def test_the_same_form_twice_is_one_version():
    key = uuid.uuid4()
    assert put(20, key=key).pk == put(20, key=key, seen=0).pk
    assert PolicyVersion.objects.count() == 1


def test_who_has_not_seen_the_newest_version_changes_nothing():
    """Mutant seen red: no comparison with `seen`."""
    put(20)
    with pytest.raises(policies.Changed):
        put(30, seen=0)
    assert days_of(policies.policy_in_force()) == 20


def test_nonsense_is_refused_with_a_sentence_and_nothing_is_written():
    with pytest.raises(ValueError, match="ends too close"):
        put(5)
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize("values", [{"lease_seconds": "x"}, {"review_warning_percent": 400}])
def test_a_stored_version_that_cannot_work_any_more_keeps_nobody_from_signing_up(values, caplog):
    """Mutant: no look at `complaints` of what is stored."""
    version = put(20)
    PolicyVersion.objects.filter(pk=version.pk).update(values=values)
    assert policies.policy_in_force() == Policy()
    assert "the settings hold instead" in caplog.text


def test_a_version_written_before_a_value_existed_takes_it_from_the_settings(settings):
    settings.POLICY = {"lease_seconds": 1200}
    version = put(20)
    values = {name: value for name, value in version.values.items() if name != "lease_seconds"}
    PolicyVersion.objects.filter(pk=version.pk).update(values=values)
    found = policies.policy_in_force()
    assert (found.lease_seconds, days_of(found)) == (1200, 20)
