"""System checks: what settings alone can't refuse."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from onboarding.records.policies import policy_in_force


@register("onboarding")
def policy_can_work(**_: Any) -> list[CheckMessage]:
    try:
        policy_in_force()
    except ValueError as error:
        return [Error(str(error), id="onboarding.E001")]
    return []
