"""The policy: every duration and limit of a case, as data that is snapshotted into the case at birth."""

from collections.abc import Iterator
from dataclasses import Field, dataclass, fields
from typing import Any

from onboarding.domain.texts import gettext_noop as _

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Policy:
    """Durations are whole seconds. The comments name the timer of the product's table."""

    email_reminders_seconds: tuple[int, ...] = (1 * DAY, 3 * DAY)  # T1
    email_deadline_seconds: int = 7 * DAY  # T1
    collection_reminders_seconds: tuple[int, ...] = (1 * DAY, 3 * DAY, 7 * DAY, 12 * DAY)  # T2
    collection_deadline_seconds: int = 14 * DAY  # T3
    resubmission_reminders_seconds: tuple[int, ...] = (2 * DAY, 5 * DAY)  # T7
    resubmission_deadline_seconds: int = 7 * DAY  # T7
    reminder_grace_seconds: int = 2 * DAY
    """A deadline is never nearer than this after the last reminder."""
    reminder_quiet_seconds: int = 1 * DAY
    """No reminder in the first or the last of these seconds of a wait."""
    reminder_delivery_seconds: int = 15 * MINUTE
    """A reminder delivered within this time counts from the moment it was promised for."""
    check_timeout_seconds: int = 10 * MINUTE  # T8
    review_sla_seconds: int = 24 * HOUR  # T5
    review_warning_percent: int = 75  # T4
    review_escalation_seconds: int = 24 * HOUR  # T5, level 2
    lease_seconds: int = 15 * MINUTE  # T6
    lease_limit_seconds: int = 60 * MINUTE  # T6
    pause_limit_seconds: int = 30 * DAY  # T13
    reopen_window_seconds: int = 30 * DAY
    """How long an expired or withdrawn case can be reopened."""
    follow_up_seconds: int = 7 * DAY  # T14
    resubmission_limit: int = 3
    selfie_required: bool = False
    proof_of_address_required: bool = False


LADDERS = (
    ("email_reminders_seconds", "email_deadline_seconds"),
    ("collection_reminders_seconds", "collection_deadline_seconds"),
    ("resubmission_reminders_seconds", "resubmission_deadline_seconds"),
)
LONGEST_SECONDS = 366 * DAY


LONGEST_LADDER = 12
"""More reminders than this are a nuisance, and would not fit the forecast of a case."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What keeps a policy from working. `text` has gaps for names of fields and for a number."""

    text: str
    field: str
    other: str = ""
    most: int = 0

    def __str__(self) -> str:
        return self.text.format(field=self.field, other=self.other, most=self.most)


def complaints(policy: Policy) -> tuple[Complaint, ...]:
    """Everything that keeps this policy from working, one sentence each; empty when it is sound."""
    wrong = tuple(each for field in fields(policy) for each in _wrong_value(policy, field))
    if wrong:
        return wrong
    ladders = (each for names in LADDERS for each in _wrong_ladder(policy, *names))
    return (*ladders, *_wrong_limits(policy))


def _wrong_value(policy: Policy, field: Field[Any]) -> Iterator[Complaint]:
    value = getattr(policy, field.name)
    if field.type is bool:
        if not isinstance(value, bool):
            yield Complaint(_("{field} must be true or false."), field.name)
        return
    if (field.type is not int) is not isinstance(value, tuple):
        whole, listed = _("{field} must be a whole number."), _("{field} must be a list of whole numbers.")
        yield Complaint(whole if field.type is int else listed, field.name)
        return
    for number in value if isinstance(value, tuple) else (value,):
        if not isinstance(number, int) or isinstance(number, bool):
            yield Complaint(_("{field} must be a whole number."), field.name)
        elif field.name.endswith("_seconds") and not 1 <= number <= LONGEST_SECONDS:
            yield Complaint(_("{field} must lie between 1 second and 366 days."), field.name)


def _wrong_ladder(policy: Policy, reminders: str, deadline: str) -> Iterator[Complaint]:
    rungs, end = getattr(policy, reminders), getattr(policy, deadline)
    keep_clear = max(policy.reminder_grace_seconds, policy.reminder_quiet_seconds)
    if list(rungs) != sorted(set(rungs)):
        yield Complaint(_("{field} must grow from one reminder to the next."), reminders)
    if len(rungs) > LONGEST_LADDER:
        text = _("{field} must not have more than {most} reminders.")
        yield Complaint(text, reminders, most=LONGEST_LADDER)
    if rungs and min(rungs) < policy.reminder_quiet_seconds:
        yield Complaint(
            _("{field} starts within {other} of the beginning."), reminders, "reminder_quiet_seconds"
        )
    if rungs and max(rungs) > end - keep_clear:
        text = _("{field} ends too close to {other}: leave the grace and the quiet time after it.")
        yield Complaint(text, reminders, deadline)


def _wrong_limits(policy: Policy) -> Iterator[Complaint]:
    if not 1 <= policy.review_warning_percent <= 99:
        yield Complaint(_("{field} must lie between 1 and {most}."), "review_warning_percent", most=99)
    if policy.lease_limit_seconds < policy.lease_seconds:
        yield Complaint(
            _("{field} must not be shorter than {other}."), "lease_limit_seconds", "lease_seconds"
        )
    if policy.reminder_delivery_seconds >= policy.reminder_grace_seconds:
        text = _("{field} must be shorter than {other}.")
        yield Complaint(text, "reminder_delivery_seconds", "reminder_grace_seconds")
    if not 0 <= policy.resubmission_limit <= 20:
        yield Complaint(_("{field} must lie between 0 and {most}."), "resubmission_limit", most=20)
