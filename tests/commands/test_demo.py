"""`manage.py demo`: people to sign in as, and cases in every state."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import CommandError

from onboarding import roles
from onboarding.demo import lives, people, seed
from onboarding.demo.lives import LIVES, Life
from onboarding.domain.status import CaseStatus, Role
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.records import audit
from tests.commands.conftest import Run

pytestmark = pytest.mark.database


def test_people_are_printed_for_people_and_for_programs(run: Run):
    text, listed = run("demo", "people"), json.loads(run("demo", "people", "--json"))
    for person in listed:
        assert person["email"] in text
        assert person["password"] in text
    assert [each["email"] for each in listed][:2] == ["rita@demo.example", "ruben@demo.example"]


@pytest.mark.parametrize("what", ["people", "seed"])
def test_there_is_no_demo_where_it_is_off(what: str, run: Run, settings: Any):
    """Mutant: the guard only at `people`."""
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        run("demo", what)
    with pytest.raises(seed.CannotSeed, match="DEMO=1"):
        seed.seed(print)


def test_without_temporal_it_waits_and_then_says_so(groups: None):
    said: list[str] = []
    with pytest.raises(seed.CannotSeed, match="Temporal or its worker was away for 1 s"):
        seed.seed(said.append, patience=1)
    assert said == ["Waiting for Temporal and its worker."]


def test_every_colleague_has_their_role_and_can_sign_in(groups: None):
    made = people.make_colleagues()
    assert people.make_colleagues() == made
    found = {name: roles.roles_of(user) for name, user in made.items()}
    assert found["rita"] == (Role.REVIEWER,)
    assert found["sam"] == (Role.SENIOR,)
    assert found["sue"] == (Role.SUPPORT,)
    assert found["otto"] == (Role.OPERATOR,)
    assert made["admin"].is_superuser
    assert all(user.check_password(people.STAFF_PASSWORD) for user in made.values())


def test_lives_have_names_of_their_own():
    assert len({life.name for life in LIVES}) == len(LIVES) >= 40


@pytest.mark.temporal
@pytest.mark.django_db(transaction=True)
class TestSeeding:
    """With a real workflow behind every life."""

    @pytest.fixture(autouse=True)
    def _there(self, worker: object, groups: None, monkeypatch: pytest.MonkeyPatch) -> None:
        # The worker under test beats no heartbeat; that it polls is what counts here.
        monkeypatch.setattr(seed, "_worker_is_there", lambda: True)

    def test_the_lives_lead_where_they_say_and_are_lived_once(self):
        """Every status and overlay in one go. Mutant: a life that stops early."""
        reached = seed.seed(print)
        assert reached == len(LIVES)
        rows = Case.objects.all()
        assert {row.status for row in rows} == set(CaseStatus)
        assert {row.escalation_level for row in rows} == {0, 1, 2}
        for overlay in ("paused", "due_soon", "unchecked"):
            assert {getattr(row, overlay) for row in rows} == {True, False}, overlay
        assert {row.claimed_by.first_name for row in rows if row.claimed_by} == {"Rita", "Ruben"}
        assert max(row.resubmissions for row in rows) == 3
        events = set(AuditEvent.objects.values_list("kind", flat=True))
        assert {"extended", "resumed", "released", "reopened", "retake_requested", "notice_resent"} <= events
        assert [problem for row in rows for problem in audit.verify(row)] == []
        assert User.objects.filter(is_staff=True).count() == len(people.COLLEAGUES)
        assert seed.seed(print) == 0
        assert Case.objects.count() == len(LIVES)

    def test_a_life_that_goes_wrong_costs_no_other(self):
        """Mutant: the exception ends the pool."""
        bad = Life("zoe", "goes wrong", lambda walk: walk.approve())
        good = Life("zora", "goes well", lives.ID_CARD)
        with pytest.raises(seed.CannotSeed, match=r"1 demo cases went wrong: zoe"):
            seed.seed(print, [bad, good])
        assert Case.objects.get(applicant__email=people.address("zora")).status == CaseStatus.COLLECTING
