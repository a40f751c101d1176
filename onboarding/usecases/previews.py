"""The message that an order of support would send, made to be looked at and never sent."""

from __future__ import annotations

import uuid

from onboarding import clock
from onboarding.domain.messages import (
    Extend,
    Message,
    Pause,
    Reopen,
    ResendNotice,
    Resume,
    Withdrawn,
)
from onboarding.domain.status import Action
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.usecases.staff import actor_of

REASONED = {
    Action.PAUSE: Pause,
    Action.RESUME: Resume,
    Action.REOPEN: Reopen,
    Action.RESEND_NOTICE: ResendNotice,
}


def message(user: User, case: Case, action: Action, *, reason: str, seconds: int = 0) -> Message:
    """What `usecases.staff` would send for this account.

    Args:
        seconds: by how much a deadline is extended.

    Raises:
        gateway.Refused: this account may not do it.
    """
    actor = actor_of(user, case, action)
    number = str(uuid.uuid4())
    if action is Action.EXTEND:
        return Extend(message_id=number, actor=actor, seconds=seconds, reason=reason)
    if action is Action.WITHDRAW:
        now = clock.case_now(case)
        return Withdrawn(message_id=number, occurred_at=now, by=actor, reason=reason)
    return REASONED[action](message_id=number, actor=actor, reason=reason)
