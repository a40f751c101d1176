"""The policy: every duration and limit of a case, as data that is snapshotted into the case at birth."""

from collections.abc import Iterator
from dataclasses import Field, dataclass, fields
from typing import Any

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


def complaints(policy: Policy) -> tuple[str, ...]:
    """Everything that keeps this policy from working, one sentence each; empty when it is sound."""
    wrong = tuple(sentence for field in fields(policy) for sentence in _wrong_value(policy, field))
    if wrong:
        return wrong
    ladders = (sentence for names in LADDERS for sentence in _wrong_ladder(policy, *names))
    return (*ladders, *_wrong_limits(policy))


def _wrong_value(policy: Policy, field: Field[Any]) -> Iterator[str]:
    value = getattr(policy, field.name)
    if field.type is bool:
        if not isinstance(value, bool):
            yield f"{field.name} must be true or false."
        return
    if (field.type is not int) is not isinstance(value, tuple):
        kind = "a whole number" if field.type is int else "a list of whole numbers"
        yield f"{field.name} must be {kind}."
        return
    for number in value if isinstance(value, tuple) else (value,):
        if not isinstance(number, int) or isinstance(number, bool):
            yield f"{field.name} must be a whole number."
        elif field.name.endswith("_seconds") and not 1 <= number <= LONGEST_SECONDS:
            yield f"{field.name} must lie between 1 second and 366 days."


def _wrong_ladder(policy: Policy, reminders: str, deadline: str) -> Iterator[str]:
    rungs, end = getattr(policy, reminders), getattr(policy, deadline)
    keep_clear = max(policy.reminder_grace_seconds, policy.reminder_quiet_seconds)
    if list(rungs) != sorted(set(rungs)):
        yield f"{reminders} must grow from one reminder to the next."
    if len(rungs) > LONGEST_LADDER:
        yield f"{reminders} must not have more than {LONGEST_LADDER} reminders."
    if rungs and min(rungs) < policy.reminder_quiet_seconds:
        yield f"{reminders} starts within reminder_quiet_seconds of the beginning."
    if rungs and max(rungs) > end - keep_clear:
        yield f"{reminders} ends too close to {deadline}: leave the grace and the quiet time after it."


def _wrong_limits(policy: Policy) -> Iterator[str]:
    if not 1 <= policy.review_warning_percent <= 99:
        yield "review_warning_percent must lie between 1 and 99."
    if policy.lease_limit_seconds < policy.lease_seconds:
        yield "lease_limit_seconds must not be shorter than lease_seconds."
    if policy.reminder_delivery_seconds >= policy.reminder_grace_seconds:
        yield "reminder_delivery_seconds must be shorter than reminder_grace_seconds."
    if not 0 <= policy.resubmission_limit <= 20:
        yield "resubmission_limit must lie between 0 and 20."
