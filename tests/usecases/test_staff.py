"""What staff command, as use cases: roles, keys, and answers from a case that is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from onboarding.domain.refusals import RefusalCode
from onboarding.domain.status import CaseStatus, Outcome
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.records import queries
from onboarding.usecases import staff
from temporal_app import gateway
from tests.desk.cases import actor, claimed, make_row, paused, recorded, returned
from tests.domain.builders import heard, refuse_it

pytestmark = pytest.mark.database


@pytest.fixture
def granted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of cases in the order in which they were commanded; every command is granted."""
    asked: list[str] = []

    def command(case_id: str, order: object) -> object:
        asked.append(case_id)
        return object()

    monkeypatch.setattr(gateway, "command", command)
    return asked


def refuse(user: User, row: Case, key: str = "one", outcome: Outcome = Outcome.REFUSE) -> object:
    order = staff.decision(user, row, submission=1, outcome=outcome, reasons=("data_mismatch",), key=key)
    return staff.decide(row, order)


@pytest.mark.parametrize("key", ["one", "two"])
def test_the_key_makes_the_command(key: str, rita: User):
    """Mutants: the key, the case or the outcome left out of the id."""
    row = make_row()
    first = staff.decision(rita, row, submission=1, outcome=Outcome.APPROVE, key="one")
    again = staff.decision(rita, row, submission=1, outcome=Outcome.APPROVE, key=key)
    assert (first.message_id == again.message_id) is (key == "one")
    other = staff.decision(rita, row, submission=1, outcome=Outcome.REFUSE, key="one")
    elsewhere = staff.decision(rita, make_row(), submission=1, outcome=Outcome.APPROVE, key="one")
    assert len({first.message_id, other.message_id, elsewhere.message_id}) == 3


def test_roles_are_asked_before_the_workflow(sue: User, otto: User, rita: User, granted: list[str]):
    """Mutant: `_actor` that takes any role."""
    row = make_row()
    for refused in (
        lambda: staff.claim(sue, row, key="1"),
        lambda: staff.claim(otto, row, key="1"),
        lambda: staff.take_next(sue, key="1"),
        lambda: staff.pause(rita, row, reason="ill", key="1"),
        lambda: staff.reopen(otto, row, reason="ill", key="1"),
        lambda: staff.withdraw(sue, row, reason="asked", key="1"),
    ):
        with pytest.raises(gateway.Refused) as error:
            refused()
        assert error.value.refusal.code is RefusalCode.NOT_ALLOWED
    assert granted == []


def test_ones_own_case_is_left_to_colleagues(rita: User, granted: list[str]):
    """Not offered by take next, either. Mutant: dropping the check."""
    row = make_row(user=rita)
    with pytest.raises(gateway.Refused) as error:
        staff.claim(rita, row, key="1")
    assert error.value.refusal.code is RefusalCode.OWN_CASE
    assert staff.take_next(rita, key="2") is None


def test_take_next_leaves_out_what_nobody_should_take(rita: User, ruben: User, sue: User, granted: list[str]):
    claimed(make_row(), ruben)
    paused(make_row(), sue)
    make_row(place="collecting")
    free = make_row()
    assert staff.take_next(rita, key="1") == free
    assert granted == [str(free.pk)]


def test_take_next_goes_on_when_a_colleague_was_faster(rita: User, monkeypatch: pytest.MonkeyPatch):
    """Mutant: a refusal of the first case ends the search."""
    first, second = make_row(), make_row()

    def command(case_id: str, order: object) -> object:
        if case_id == str(first.pk):
            raise gateway.Finished
        return object()

    monkeypatch.setattr(gateway, "command", command)
    assert staff.take_next(rita, key="1") == second


def over(row: Case, by: User) -> Case:
    """Refused, which ends the workflow."""
    state = queries.recorded_state(row)
    return recorded(row, heard(state, refuse_it(state, actor=actor(by)), state.changed_at))


def test_a_case_that_is_over_tells_who_decided(rita: User, ruben: User, monkeypatch: pytest.MonkeyPatch):
    """The workflow has ended with the decision. Mutant: `Finished` goes through."""
    row = over(make_row(), rita)
    assert row.status == CaseStatus.REJECTED
    for gone in (gateway.Finished, gateway.NotFound):
        monkeypatch.setattr(gateway, "command", lambda *_, gone=gone: (_ for _ in ()).throw(gone()))
        with pytest.raises(gateway.Refused) as error:
            refuse(ruben, row)
        refusal = error.value.refusal
        assert (refusal.code, refusal.account) == (RefusalCode.ALREADY_DECIDED, str(rita.pk))
        assert refusal.moment == row.changed_at


def test_a_case_that_has_not_begun_is_not_taken_for_over(rita: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gateway, "command", lambda *_: (_ for _ in ()).throw(gateway.NotFound()))
    with pytest.raises(gateway.NotFound):
        refuse(rita, make_row())


def test_an_address_is_vouched_for_once(rita: User):
    for email in (rita.email, "new@staff.example", "new@staff.example"):
        rita.email = email
        rita.save()
        staff.vouch_for_address(rita)
    address = EmailAddress.objects.get(user=rita)
    assert (address.email, address.verified, address.primary) == ("new@staff.example", True, True)


def test_take_next_prefers_what_came_back_and_leaves_to_colleagues_what_came_back_to_them(
    rita: User, ruben: User, granted: list[str]
):
    """Mutants: by urgency alone; what came back to a colleague is never taken."""
    old = make_row(age=timedelta(hours=10))
    back_to_ruben = returned(make_row(age=timedelta(hours=9)), ruben)
    back_to_rita = returned(make_row(age=timedelta(hours=1)), rita)
    rows = list(queries.waiting_for(rita.pk))
    assert rows == [back_to_rita, old, back_to_ruben]
    assert staff.take_next(rita, key="1") == back_to_rita


def test_what_is_overdue_waits_for_nobody(rita: User, ruben: User):
    """Mutant: an escalated case is kept for the colleague to whom it came back."""
    fresh = make_row()
    overdue = returned(make_row(), ruben)
    Case.objects.filter(pk=overdue.pk).update(escalation_level=1)
    assert list(queries.waiting_for(rita.pk)) == [overdue, fresh]


def test_ones_own_case_is_never_offered(rita: User):
    """Mutant: the applicant is not excluded."""
    make_row(user=rita)
    assert list(queries.waiting_for(rita.pk)) == []
