"""A policy that cannot work is refused, one sentence for each thing that is wrong."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.deadlines import closes_at
from onboarding.domain.policy import DAY, LADDERS, Policy
from onboarding.domain.policy import complaints as found
from onboarding.domain.timers import FORECAST_LIMIT, future
from onboarding.domain.transition import hear

from .builders import T0, apply_policy, code, make_case
from .strategies import POLICIES

WHOLE = "{} must be a whole number."
RANGE = "{} must lie between 1 second and 366 days."


def complaints(policy: Policy) -> tuple[str, ...]:
    return tuple(map(str, found(policy)))


def test_the_default_policy_works() -> None:
    assert complaints(Policy()) == ()
    assert [complaints(policy) for policy in POLICIES.values()] == [()] * len(POLICIES)


DURATIONS = [field.name for field in fields(Policy) if field.name.endswith("_seconds")]
LISTS = [names[0] for names in LADDERS]
NUMBERS = [field.name for field in fields(Policy) if field.type is int]


@pytest.mark.parametrize("name", DURATIONS)
@pytest.mark.parametrize("seconds", [0, -1, 366 * DAY + 1, 10**30])
def test_a_duration_out_of_range_is_named(name: str, seconds: int) -> None:
    value: Any = (seconds,) if name in LISTS else seconds
    assert complaints(replace(Policy(), **{name: value})) == (RANGE.format(name),)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [None, "60", 1.5, float("nan"), True, (60,), [60]])
def test_a_number_that_is_none_is_named(name: str, value: Any) -> None:
    """Mutant seen red: True is a number."""
    assert complaints(replace(Policy(), **{name: value})) == (WHOLE.format(name),)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("value", [None, 60, "60", [86400]])
def test_a_ladder_that_is_no_list_is_named(name: str, value: Any) -> None:
    """Mutant seen red: a number instead of a list raises."""
    assert complaints(replace(Policy(), **{name: value})) == (f"{name} must be a list of whole numbers.",)


@pytest.mark.parametrize("name", LISTS)
def test_a_rung_that_is_no_number_is_named(name: str) -> None:
    assert complaints(replace(Policy(), **{name: (86400, "late", True)})) == (WHOLE.format(name),) * 2


@pytest.mark.parametrize("name", ["selfie_required", "proof_of_address_required"])
@pytest.mark.parametrize("value", ["yes", 1, None])
def test_a_switch_is_true_or_false(name: str, value: Any) -> None:
    assert complaints(replace(Policy(), **{name: value})) == (f"{name} must be true or false.",)


@pytest.mark.parametrize(("reminders", "deadline"), LADDERS)
def test_a_ladder_that_contradicts_its_deadline_is_named(reminders: str, deadline: str) -> None:
    """Mutants seen red: the grace, or the quiet time, is not asked."""

    def said(rungs: tuple[int, ...], **more: int) -> tuple[str, ...]:
        return complaints(replace(Policy(), **{reminders: rungs, deadline: 7 * DAY}, **more))

    too_close = f"{reminders} ends too close to {deadline}: leave the grace and the quiet time after it."
    too_early = f"{reminders} starts within reminder_quiet_seconds of the beginning."
    grows = f"{reminders} must grow from one reminder to the next."
    assert said(()) == said((DAY,)) == said((DAY, 5 * DAY)) == ()
    assert said((DAY, 5 * DAY + 1)) == (too_close,)
    assert too_close in said((3 * DAY, 4 * DAY + 1), reminder_quiet_seconds=3 * DAY)
    assert said((DAY - 1, 3 * DAY)) == (too_early,)
    assert said((3 * DAY, 2 * DAY)) == said((2 * DAY, 2 * DAY)) == (grows,)
    assert said((3 * DAY, 60)) == (grows, too_early)
    thirteen = tuple(DAY + number for number in range(13))
    assert said(thirteen) == (f"{reminders} must not have more than 12 reminders.",)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"review_warning_percent": 0}, "review_warning_percent must lie between 1 and 99."),
        ({"review_warning_percent": 100}, "review_warning_percent must lie between 1 and 99."),
        ({"lease_limit_seconds": 899}, "lease_limit_seconds must not be shorter than lease_seconds."),
        (
            {"reminder_delivery_seconds": 2 * DAY},
            "reminder_delivery_seconds must be shorter than reminder_grace_seconds.",
        ),
        ({"resubmission_limit": -1}, "resubmission_limit must lie between 0 and 20."),
        ({"resubmission_limit": 21}, "resubmission_limit must lie between 0 and 20."),
    ],
)
def test_limits_that_make_no_sense_are_named(change: dict[str, int], sentence: str) -> None:
    assert complaints(replace(Policy(), **change)) == (sentence,)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = replace(Policy(), review_warning_percent=0, resubmission_limit=-1, lease_limit_seconds=1)
    assert len(complaints(wrong)) == 3


def test_nonsense_is_not_applied_to_a_case() -> None:
    """Mutant seen red: `ApplyPolicy` is believed."""
    message = apply_policy(replace(Policy(), review_sla_seconds=0))
    case = make_case("collecting")
    after = hear(case, message, T0)
    assert code(after, message) == "bad_policy"
    assert after.policy == case.policy


ANYTHING = st.one_of(
    st.integers(-10, 400 * DAY), st.none(), st.text(max_size=3), st.lists(st.integers(0, 20 * DAY)).map(tuple)
)


@given(st.dictionaries(st.sampled_from([field.name for field in fields(Policy)]), ANYTHING, max_size=4))
def test_a_policy_is_refused_or_works(values: dict[str, Any]) -> None:
    """Whatever it holds: a sentence, or lives that end, with no reminder after its deadline."""
    policy = replace(Policy(), **values)
    if complaints(policy):
        return
    for place in ("email_pending", "collecting, paused", "checking", "resubmission", "claimed"):
        case = make_case(place, policy)
        coming = future(case)
        assert 0 < len(coming) < FORECAST_LIMIT
        end = closes_at(case)
        assert end is None or all(wakeup.at < end for wakeup in coming if wakeup.kind == "reminder")
