"""The policy in the admin: units people use, sentences beside their fields, and a history that stays."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from django.utils import translation

from onboarding import clock
from onboarding.desk import policies as page
from onboarding.desk.durations import LadderField, read, spoken
from onboarding.domain.policy import DAY, HOUR, Policy
from onboarding.models.people import User
from onboarding.models.policies import PolicyVersion
from onboarding.records.policies import policy_in_force
from tests.desk.conftest import Desk

pytestmark = [pytest.mark.database, pytest.mark.django_db]
POLICY = reverse("admin:desk_policy")


def typed(**changed: object) -> dict[str, object]:
    """The form as it is shown first, with changes."""
    form = page.PolicyForm()
    values = {name: form.fields[name].prepare_value(getattr(Policy(), name)) for name in page.LABELS}
    values = {name: value for name, value in values.items() if value is not False}
    last = PolicyVersion.objects.order_by("-id").first()
    always = {"key": str(uuid.uuid4()), "seen": last.pk if last else 0, "reason": "trial"}
    return {**values, **always, **changed}


@pytest.fixture
def ottos(otto: User, desk: Desk) -> Client:
    return desk(otto)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7 days", 7 * DAY),
        ("1 day", DAY),
        ("36 hours", 36 * HOUR),
        ("36h", 36 * HOUR),
        (" 15 Minutes ", 900),
        ("90 min", 5400),
        ("1 second", 1),
    ],
)
def test_lengths_are_read_as_people_write_them(text: str, seconds: int):
    assert read(text) == seconds
    assert read(spoken(seconds)) == seconds


@pytest.mark.parametrize(
    "text", ["", "7", "days", "-1 day", "7 dogs", "0 days", "367 days", "1.5 days", "9" * 30 + " d"]
)
def test_what_is_no_length_is_refused_with_what_to_write(text: str):
    """Mutant: no bound in `read`."""
    with pytest.raises(forms.ValidationError, match="Write "):
        read(text)


def test_a_ladder_has_an_end():
    with pytest.raises(forms.ValidationError, match="At most 12"):
        LadderField().clean(", ".join(["1 day"] * 13))


def test_a_new_policy_holds_at_once_and_says_what_changed(ottos: Client, otto: User):
    """Mutant: a form that writes nothing."""
    answer = ottos.post(
        POLICY,
        typed(collection_deadline_seconds="20 days", selfie_required="on", reason="long holidays"),
        follow=True,
    )
    assert answer.redirect_chain
    assert policy_in_force().collection_deadline_seconds == 20 * DAY
    text = answer.content.decode()
    assert "Deadline to send the documents: 14 days → 20 days" in text
    assert "A picture of oneself is required: no → yes" in text
    assert "long holidays" in text
    assert "Otto Ortiz" in text


def test_a_policy_for_later_is_announced_and_waits(ottos: Client):
    later = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    text = ottos.post(
        POLICY, typed(lease_seconds="20 minutes", effective_at=later), follow=True
    ).content.decode()
    assert "to come" in text
    assert policy_in_force() == Policy()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"effective_at": "2020-01-01T00:00"}, "Choose a moment that is still to come"),
        ({"effective_at": "soon"}, "Write a date and a time"),
        ({"reason": " "}, "Give a reason."),
        ({"lease_seconds": "soon"}, "Write a number and a unit"),
        (
            {"collection_deadline_seconds": "5 days"},
            "“Reminders to send the documents, after” ends too close",
        ),
        ({"review_warning_percent": 100}, "must lie between 1 and 99"),
        ({"lease_limit_seconds": "1 minute"}, "“A claim that is renewed lasts at most” must not be shorter"),
        ({"resubmission_limit": 21}, "must lie between 0 and 20"),
        ({"key": "x"}, "Something does not fit"),
        ({"lease_seconds": "1\0 day"}, "Something does not fit"),
    ],
)
def test_nonsense_is_refused_beside_its_field_and_everything_typed_stays(changed, sentence, ottos: Client):
    """Mutant: no look at `complaints`."""
    answer = ottos.post(POLICY, typed(**{"reason": "because of rain", **changed}))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in text
    assert changed.get("reason") or "because of rain" in text
    assert not PolicyVersion.objects.exists()


def test_two_operators_at_once_the_second_is_told_and_loses_nothing(ottos: Client):
    """Mutant: the id that is shown again stays the old one."""
    old = typed(lease_seconds="20 minutes", reason="mine")
    ottos.post(POLICY, typed(lease_seconds="30 minutes", reason="theirs"))
    answer = ottos.post(POLICY, old)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "A colleague has changed the policy meanwhile" in text
    assert "20 minutes" in text
    seen = text.partition('name="seen" value="')[2].partition('"')[0]
    assert ottos.post(POLICY, {**old, "seen": seen}).status_code == 302
    assert policy_in_force().lease_seconds == 1200


def test_pressing_twice_is_one_version(ottos: Client):
    form = typed(lease_seconds="20 minutes")
    assert [ottos.post(POLICY, form).status_code for _ in range(2)] == [302, 302]
    assert PolicyVersion.objects.count() == 1


def test_every_value_of_the_policy_has_a_field():
    assert set(page.LABELS) == set(Policy.__dataclass_fields__)


@pytest.mark.parametrize("text", ["7 días", "7 DIAS", "7 dias", "168 horas", "7 days", "7 d"])
def test_lengths_are_read_as_the_reader_s_language_writes_them(text: str) -> None:
    """Mutant: the word is known with its accent only."""
    with translation.override("es"):
        assert read(text) == 7 * DAY
        assert spoken(7 * DAY) == "7 días"
