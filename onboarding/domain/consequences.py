"""What a command would move, before it is given: the future with it beside the future without it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from onboarding.domain.case import Case
from onboarding.domain.deadlines import Wakeup, WakeupKind
from onboarding.domain.messages import Message
from onboarding.domain.notices import NoticeKind
from onboarding.domain.refusals import Refusal
from onboarding.domain.status import CaseStatus
from onboarding.domain.timers import future
from onboarding.domain.transition import hear, refuse


@dataclass(frozen=True, slots=True)
class Move:
    """One planned moment, without the command and with it; None where it does not come.

    `number` and `of` say which reminder or level it is, as on `Wakeup`.
    """

    kind: WakeupKind
    number: int
    of: int
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Consequences:
    """What would change: planned moments in their new order, the status, and the e-mails owed at once."""

    moves: tuple[Move, ...]
    status: CaseStatus | None
    """The new one; None when it stays."""
    notices: tuple[NoticeKind, ...]
    """To the applicant."""


def consequences(case: Case, message: Message, at: datetime) -> Consequences | Refusal:
    """Hears the message on a copy and compares, or says why the case would refuse it. Nothing is changed.

    Args:
        case: as its snapshot has it.
        at: the case's own now.
    """
    refusal = refuse(case, message, at)
    if refusal:
        return refusal
    after = hear(case, message, at)
    news = [event for event in after.history if event.version > case.version]
    return Consequences(
        moves=_moves(future(case, at), future(after, at)),
        status=after.status if after.status is not case.status else None,
        notices=tuple(notice.kind for event in news for notice in event.notices if not notice.account),
    )


def _moves(before: tuple[Wakeup, ...], after: tuple[Wakeup, ...]) -> tuple[Move, ...]:
    """Each planned moment beside its counterpart: the same kind and number, the first with the first.

    What stays where it is is left out.
    """
    old, new = _by_name(before), _by_name(after)
    moves: list[Move] = []
    for name in dict.fromkeys([*old, *new]):
        pairs = max(len(old[name]), len(new[name]))
        for was, becomes in zip(_filled(old[name], pairs), _filled(new[name], pairs), strict=True):
            if was != becomes:
                moves.append(Move(*name, before=was, after=becomes))
    return tuple(sorted(moves, key=lambda move: (move.after or move.before, move.kind)))


def _by_name(wakeups: tuple[Wakeup, ...]) -> dict[tuple[WakeupKind, int, int], list[datetime]]:
    named: dict[tuple[WakeupKind, int, int], list[datetime]] = defaultdict(list)
    for each in wakeups:
        named[each.kind, each.number, each.of].append(each.at)
    return named


def _filled(moments: list[datetime], length: int) -> list[datetime | None]:
    return [*moments, *[None] * (length - len(moments))]
