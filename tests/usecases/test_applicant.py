"""What an applicant does is committed first, once, and only where the rules take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from onboarding import clock
from onboarding.documents import intake, vault
from onboarding.domain.case import birth
from onboarding.domain.messages import Actor
from onboarding.domain.policy import Policy
from onboarding.domain.refusals import RefusalCode
from onboarding.domain.status import CaseStatus, DocumentType, Role, Slot
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case, Profile
from onboarding.models.documents import Document
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.records import audit, projections, queries
from onboarding.serial import to_json
from onboarding.usecases import applicant
from temporal_app import gateway
from tests.live import in_threads
from tests.people import give_details, hand_in, make_applicant, picture

pytestmark = pytest.mark.database


@pytest.fixture
def case(db: None) -> Case:
    return make_applicant()


@pytest.fixture
def collecting(case: Case) -> Case:
    """Confirmed, with details, and a passport owed."""
    applicant.confirm_email(case.applicant)
    give_details(case)
    return case


def names(case: Case) -> list[str]:
    return list(OutboxMessage.objects.filter(case=case).order_by("sequence").values_list("name", flat=True))


def status(case: Case) -> CaseStatus:
    return queries.current_state(case).status


def sign_up_was(case: Case, ago: timedelta, policy: Policy) -> None:
    """Makes the row that of somebody who signed up so long ago, under this policy."""
    state = birth(str(case.pk), str(case.applicant_id), policy, clock.now() - ago)
    columns = projections.columns(state) | {"policy": to_json(policy), "born_at": state.born_at}
    Case.objects.filter(pk=case.pk).update(**columns)


def test_sign_up_is_one_transaction(transactional_db: None) -> None:
    """I1: account, case, audit and outbox stand or fall together; row and audit show the birth already.

    Mutants seen red: `sign_up` commits on its own; `columns` left out of the row.
    """

    class Trouble(Exception):
        pass

    def falls() -> None:
        with transaction.atomic():
            applicant.sign_up(User.objects.create_user("a@example.org"))
            raise Trouble

    with pytest.raises(Trouble):
        falls()
    counts = [model.objects.count() for model in (User, Case, AuditEvent, OutboxMessage)]  # type: ignore[attr-defined]
    assert counts == [0, 0, 0, 0]
    case = make_applicant()
    assert (case.version, status(case), names(case)) == (1, CaseStatus.EMAIL_PENDING, ["start"])
    assert case.closes_at == case.born_at + timedelta(days=7)
    assert audit.verify(case) == []


def test_everything_can_be_handed_in_while_temporal_is_away(case: Case, settings: Any, tmp_path: Any) -> None:
    """And the page already shows what will have come of it."""
    settings.DOCUMENT_DIR = tmp_path
    hand_in(case)
    assert names(case) == ["start", "email_verified", "profile_completed", "id_uploaded", "submitted"]
    assert status(case) is CaseStatus.CHECKING
    case.refresh_from_db()
    assert case.version == 1


def test_the_same_form_sent_again_is_one_message(collecting: Case, settings: Any, tmp_path: Any) -> None:
    """Mutant seen red: message ids are made anew for every call."""
    settings.DOCUMENT_DIR = tmp_path
    data = picture()
    first = applicant.upload(collecting, Slot.PASSPORT, data, key="same")
    assert applicant.upload(collecting, Slot.PASSPORT, data, key="same") == first
    for _ in range(2):
        applicant.confirm_email(collecting.applicant)
        give_details(collecting)
        applicant.submit(collecting, key="same")
    assert names(collecting) == ["start", "email_verified", "profile_completed", "id_uploaded", "submitted"]
    assert Document.objects.filter(case=collecting).count() == 1


def test_the_same_form_sent_five_times_at_once_is_one_message(
    transactional_db: None, settings: Any, tmp_path: Any
) -> None:
    """Double clicks on both databases. Mutant seen red: the row of the case isn't locked."""
    settings.DOCUMENT_DIR = tmp_path
    case = make_applicant()
    applicant.confirm_email(case.applicant)
    give_details(case)
    data = picture()
    uploads = in_threads(*[partial(applicant.upload, case, Slot.PASSPORT, data, key="u")] * 3)
    assert not [each for each in uploads if isinstance(each, BaseException)], uploads
    answers = in_threads(*[partial(applicant.submit, case, key="s")] * 5)
    assert answers == [None] * 5
    assert names(case).count("id_uploaded") == names(case).count("submitted") == 1
    (document,) = Document.objects.filter(case=case)
    assert vault.read(document, 1)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == len(document.pages)


def refusal(call: Any) -> RefusalCode:
    with pytest.raises(applicant.TurnedAway) as caught:
        call()
    return caught.value.refusal.code


def test_what_is_out_of_turn_is_turned_away_and_nothing_is_written(case: Case) -> None:
    """Mutant seen red: `_hand_in` doesn't ask the rules."""
    before = names(case)
    assert refusal(partial(applicant.submit, case, key="s")) is RefusalCode.OUT_OF_TURN
    assert refusal(partial(give_details, case)) is RefusalCode.OUT_OF_TURN
    assert refusal(partial(applicant.upload, case, Slot.PASSPORT, b"x", key="u")) is RefusalCode.OUT_OF_TURN
    assert names(case) == before
    assert not Profile.objects.filter(case=case).exists()


def test_a_picture_that_nobody_asked_for_costs_no_decoder(
    collecting: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant seen red: the file is decoded before the rules are asked."""

    def decodes(*_: object, **__: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(intake, "take_in", decodes)
    asked = partial(applicant.upload, collecting, Slot.SELFIE, b"x", key="u")
    assert refusal(asked) is RefusalCode.SLOT_NOT_OPEN


def test_what_is_missing_is_named_before_anything_is_submitted(collecting: Case) -> None:
    assert refusal(partial(applicant.submit, collecting, key="s")) is RefusalCode.STILL_OWED
    assert status(collecting) is CaseStatus.COLLECTING


def test_after_the_deadline_it_is_too_late_also_while_temporal_is_away(case: Case) -> None:
    """The page refuses what the workflow would refuse. Mutant seen red: `refuse` gets the birth for now."""
    sign_up_was(case, timedelta(days=8), replace(Policy(), email_reminders_seconds=()))
    applicant.confirm_email(case.applicant)  # a late click is no error
    assert names(case) == ["start"]


def test_reminders_that_we_never_sent_hold_the_deadline_open(case: Case) -> None:
    """Our lateness refuses nobody."""
    sign_up_was(case, timedelta(days=8), Policy())
    applicant.confirm_email(case.applicant)
    assert status(case) is CaseStatus.COLLECTING


def test_a_fact_is_stamped_with_the_clock_of_its_case(case: Case) -> None:
    """The demo clock. Mutant seen red: `_hand_in` reads the wall clock."""
    Case.objects.filter(pk=case.pk).update(clock_offset_seconds=3600)
    applicant.confirm_email(case.applicant)
    fact = OutboxMessage.objects.get(case=case, name="email_verified")
    assert fact.occurred_at - clock.now() > timedelta(minutes=59)


def test_staff_without_a_case_can_confirm_their_address(db: None) -> None:
    applicant.confirm_email(User.objects.create_user("staff@example.org", is_staff=True))
    assert not OutboxMessage.objects.exists()


def test_withdrawing_twice_is_refused_the_second_time(case: Case) -> None:
    applicant.withdraw(case, key="a")
    assert status(case) is CaseStatus.WITHDRAWN
    applicant.withdraw(case, key="a")
    assert refusal(partial(applicant.withdraw, case, key="b")) is RefusalCode.FINISHED


def test_support_may_not_withdraw_for_somebody(case: Case) -> None:
    by = Actor(Role.SUPPORT, "41")
    assert refusal(partial(applicant.withdraw, case, key="a", by=by)) is RefusalCode.NOT_ALLOWED


def test_details_can_be_corrected_until_they_are_submitted(collecting: Case) -> None:
    applicant.complete_profile(
        collecting,
        given_name="Eva",
        family_name="Other",
        birth_date=date(1980, 2, 2),
        country="PT",
        document_type=DocumentType.ID_CARD,
        key="second",
    )
    profile = Profile.objects.get(case=collecting)
    assert (profile.given_name, profile.document_type) == ("Eva", "id_card")
    slots = [document.slot for document in queries.current_state(collecting).documents]
    assert slots == [Slot.ID_FRONT, Slot.ID_BACK]


def test_reopening_is_answered_by_the_workflow_itself(case: Case) -> None:
    """Nobody can tell while it is away, and says so."""
    with pytest.raises(gateway.Unavailable):
        applicant.reopen(case, key="r")


def test_no_fact_carries_personal_data(case: Case, settings: Any, tmp_path: Any) -> None:
    """I11. Mutant seen red: the family name in the profile's fact."""
    settings.DOCUMENT_DIR = tmp_path
    hand_in(case)
    for row in OutboxMessage.objects.filter(case=case):
        assert "Canary" not in str(row.payload)
        assert case.applicant.email not in str(row.payload)
