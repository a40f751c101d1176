"""What settings alone can't refuse, because it needs the rules of the domain."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from onboarding.records.policies import policy_of_settings


def refuse_unworkable_policy() -> None:
    """Called when a process starts, so that a policy that can't work never meets a sign-up.

    Raises:
        ImproperlyConfigured: with a sentence about what is wrong with POLICY.
    """
    try:
        policy_of_settings()
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from error
