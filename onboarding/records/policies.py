"""The policy in force for new cases."""

from __future__ import annotations

from django.conf import settings

from onboarding.domain.policy import Policy, complaints
from onboarding.records.serial import from_json


def policy_in_force() -> Policy:
    """The policy that the next case is born with: the defaults, changed by the setting POLICY.

    Raises:
        ValueError: the setting names something unknown or cannot work; the text says what.
    """
    unknown = set(settings.POLICY) - set(Policy.__dataclass_fields__)
    if unknown:
        raise ValueError(f"POLICY knows no {', '.join(sorted(unknown))}.")
    try:
        policy = from_json(settings.POLICY, Policy)
    except Exception as error:
        raise ValueError("POLICY holds values of the wrong kind: durations are whole seconds.") from error
    found = complaints(policy)
    if found:
        raise ValueError("POLICY cannot work: " + " ".join(found))
    return policy
