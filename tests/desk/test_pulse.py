"""An open page is told what has changed, who is here, and how long the claim holds."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from onboarding import clock
from onboarding.desk import presence
from onboarding.domain.messages import Decide, ItemReasons
from onboarding.domain.status import Outcome, Slot
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.desk import Presence
from onboarding.models.people import User
from onboarding.records import queries
from tests.desk.cases import actor, address, claimed, handed_in, make_row, paused, recorded
from tests.desk.conftest import Desk
from tests.desk.live import in_review
from tests.domain.builders import heard
from tests.live import RunningWorker, eventually


def pulse(client: Client, row: Case, shown: Case, **more: str) -> dict[str, Any]:
    """What the page is told that shows the case as `shown` was."""
    seen = {"version": shown.version, "submission": shown.submission, **more}
    answer = client.post(address(row, "pulse"), seen)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def asked_again(row: Case, by: User) -> Case:
    state = queries.recorded_state(row)
    order = Decide(
        message_id=str(uuid.uuid4()),
        actor=actor(by),
        submission=state.submission,
        outcome=Outcome.ASK_AGAIN,
        items=(ItemReasons(slot=Slot.PASSPORT, reasons=("blurred",)),),
    )
    return recorded(row, heard(state, order, clock.now()))


def as_shown(row: Case) -> Case:
    return Case.objects.get(pk=row.pk)


@pytest.mark.database
def test_nothing_new_is_no_news(rita: User, desk: Desk):
    row = make_row()
    told = pulse(desk(rita), row, row)
    assert told == {"news": "", "blocks": False, "claim": {}, "others": ""}


@pytest.mark.database
def test_a_colleagues_decision_is_told_with_name_and_moment(rita: User, ruben: User, desk: Desk):
    """Mutant seen red: only the version is compared and nobody is named."""
    shown = as_shown(make_row())
    told = pulse(desk(rita), asked_again(as_shown(shown), ruben), shown)
    assert told["blocks"] is True
    assert told["news"].startswith("Asked again for passport: Ruben Ruiz, ")


@pytest.mark.database
def test_ones_own_decision_in_another_tab_is_told_too(rita: User, desk: Desk):
    shown = as_shown(make_row())
    told = pulse(desk(rita), asked_again(as_shown(shown), rita), shown)
    assert told["blocks"] is True
    assert "Rita Romero" in told["news"]


@pytest.mark.database
def test_a_newer_upload_is_told(rita: User, desk: Desk):
    """The page shows submission 1 after its decision. Mutant seen red: the submission is not compared."""
    row = asked_again(make_row(), rita)
    shown = as_shown(row)
    state = queries.recorded_state(row)
    row = recorded(row, handed_in(state, state.changed_at))
    told = pulse(desk(rita), row, shown)
    assert told["blocks"] is True
    assert "newer than what is on the screen" in told["news"]


@pytest.mark.database
def test_a_claim_that_ran_out_is_told_to_who_held_it(rita: User, desk: Desk):
    """Mutant seen red: what an account did is never news to it."""
    row = claimed(make_row(), rita)
    shown = as_shown(row)
    recorded(row, queries.recorded_state(row), clock.now() + timedelta(minutes=16))
    told = pulse(desk(rita), row, shown)
    assert told["news"].startswith("Your claim ran out (")
    assert (told["blocks"], told["claim"]) == (False, {})


@pytest.mark.database
def test_a_colleagues_claim_blocks(rita: User, ruben: User, desk: Desk):
    shown = as_shown(make_row())
    told = pulse(desk(rita), claimed(as_shown(shown), ruben), shown)
    assert told["blocks"] is True
    assert told["news"].startswith("Claimed: Ruben Ruiz, ")
    claim = told["claim"]
    assert (claim["mine"], claim["text"]) == (False, "Claimed by Ruben Ruiz")
    assert 890 <= claim["seconds"] <= 900


@pytest.mark.database
def test_a_pause_is_told(rita: User, sue: User, desk: Desk):
    shown = as_shown(make_row())
    told = pulse(desk(rita), paused(as_shown(shown), sue), shown)
    assert told["blocks"] is True
    assert told["news"].startswith("Paused: Sue Sanz, ")


@pytest.mark.database
def test_colleagues_see_each_other_for_a_few_seconds(rita: User, ruben: User, desk: Desk):
    """Mutant seen red: oneself is named."""
    row = make_row()
    assert pulse(desk(rita), row, row)["others"] == ""
    assert pulse(desk(ruben), row, row)["others"] == "Rita Romero is looking at this case too."
    assert "Ruben Ruiz is looking at this case too." in desk(rita).get(address(row)).content.decode()
    Presence.objects.update(seen_at=clock.now() - presence.COUNTS_FOR)
    assert pulse(desk(ruben), row, row)["others"] == ""
    assert Presence.objects.filter(case=row).count() == 2


@pytest.mark.database
def test_looking_at_ones_own_case_leaves_no_sign_and_names_nobody(rita: User, ruben: User, desk: Desk):
    row = make_row(user=rita)
    pulse(desk(ruben), row, row)
    assert pulse(desk(rita), row, row)["others"] == ""
    assert not Presence.objects.filter(viewer=rita).exists()


@pytest.mark.database
@pytest.mark.parametrize("nonsense", ["", "-1", "1e9", "9" * 400, "²", "\0"])
def test_nonsense_numbers_are_no_error(nonsense: str, rita: User, desk: Desk):
    row = make_row()
    answer = desk(rita).post(address(row, "pulse"), {"version": nonsense, "submission": nonsense})
    assert answer.status_code == 200
    assert desk(rita).get(address(row, "pulse")).status_code == 405


@pytest.mark.temporal
@pytest.mark.django_db(transaction=True)
def test_a_claim_is_renewed_only_while_somebody_looks_and_half_of_it_is_over(
    rita: User, desk: Desk, worker: RunningWorker, settings: Any
):
    """Half an hour of claim, renewed at the first active sign after a quarter.

    Mutants: renewed without `active`; renewed at every sign; the limit of the policy not asked.
    """
    settings.POLICY = {"lease_seconds": 1800, "lease_limit_seconds": 2400}
    walk = in_review(rita=rita)
    walk.claim("rita")
    walk.settle()
    client = desk(rita)
    renewals = AuditEvent.objects.filter(case=walk.case, kind="claim_renewed")
    pulse(client, walk.case, walk.case, active="1")
    walk.settle()
    assert renewals.count() == 0
    walk.later(minutes=16)
    pulse(client, walk.case, walk.case)
    walk.settle()
    assert renewals.count() == 0
    told = pulse(client, walk.case, walk.case, active="1")
    assert told["news"] == ""
    eventually(lambda: renewals.count() == 1, of="the renewal")
    walk.settle()
    before = walk.case.claimed_until
    walk.later(minutes=10)
    pulse(client, walk.case, walk.case, active="1")
    walk.settle()
    assert (renewals.count(), walk.case.claimed_until) == (1, before)
