"""What a case answers when it is asked: itself, its future, and who may do what."""

from dataclasses import dataclass, replace
from datetime import datetime

from onboarding.domain.actions import BY_ROLE, allowed_actions
from onboarding.domain.case import Case
from onboarding.domain.deadlines import Wakeup, closes_at, is_over
from onboarding.domain.status import Action, Role
from onboarding.domain.timers import future


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`now` is the case's own clock when it answered; `future` is what happens if nobody acts."""

    case: Case
    now: datetime
    future: tuple[Wakeup, ...]
    closes_at: datetime | None
    over: bool
    actions: dict[Role, tuple[Action, ...]]

    def may(self, role: Role, action: Action) -> bool:
        return action in self.actions.get(role, ())


def snapshot(case: Case, now: datetime) -> Snapshot:
    """Everything a page shows of one case, from the case alone. The ids of old messages stay behind."""
    return Snapshot(
        case=replace(case, seen=()),
        now=now,
        future=future(case, now),
        closes_at=closes_at(case),
        over=is_over(case),
        actions={role: allowed_actions(case, role) for role in BY_ROLE},
    )
