"""The one way in: a case hears a message and is another case. Nothing here raises, whatever comes."""

from dataclasses import replace
from datetime import datetime

from onboarding.domain import commands, facts
from onboarding.domain.case import RECEIPTS_CARRIED, Case, Receipt
from onboarding.domain.commands import reopened
from onboarding.domain.messages import SYSTEM, Command, Fact, Message, storable
from onboarding.domain.refusals import Refusal, RefusalCode
from onboarding.domain.texts import gettext_noop as _

LATE_FACT = _("handed in before the deadline")
"""The reason of a reopening that nobody asked for."""


def hear(case: Case, message: Message, at: datetime) -> Case:
    """The case after a fact or a command, with a receipt that says what became of it.

    A message whose id was heard before changes nothing. A refused one changes nothing but the receipts.
    A fact that was handed in before the deadline and arrives after it reopens the case first.

    Args:
        case: the case as it is.
        message: any fact or command of `messages`.
        at: the workflow's own now; an edge that predicts uses the case's clock.
    """
    if message.message_id in case.seen:
        return case
    if isinstance(message, Fact):
        message = _on_the_clock(case, message, at)
    refusal = refuse(case, message, at)
    if isinstance(message, Fact):
        if refusal and facts.beat_the_deadline(case, message):
            case, refusal = _reopened_by(case, message, at)
        if refusal is None:
            case = facts.apply(case, message, at)
    elif refusal is None:
        case = commands.apply(case, message, at)
    return _with_receipt(case, message, at, refusal)


def refuse(case: Case, message: Message, at: datetime) -> Refusal | None:
    """Why `hear` would refuse this message now, or None. Validators and pages ask before they send."""
    if not storable(message):
        return Refusal(RefusalCode.MALFORMED)
    if isinstance(message, Command):
        return commands.refusal(case, message, at)
    return facts.refusal(case, _on_the_clock(case, message, at))


def receipt(case: Case, message_id: str) -> Receipt | None:
    """What became of a message, if the case still carries its receipt."""
    return next((each for each in case.receipts if each.message_id == message_id), None)


def not_understood(case: Case, name: str, at: datetime, code: RefusalCode) -> Case:
    """The case after a message that has no rule or no readable form: a receipt, nothing else."""
    return replace(
        case,
        receipts=(
            *case.receipts,
            Receipt(message_id="", name=name[:100], at=at, version=case.version, code=code),
        )[-RECEIPTS_CARRIED:],
    )


def _on_the_clock(case: Case, fact: Fact, at: datetime) -> Fact:
    """Nothing is handed in before the sign-up or after it arrived: a wrong clock refuses nobody."""
    return replace(fact, occurred_at=min(max(fact.occurred_at, case.born_at), at))


def _reopened_by(case: Case, fact: Fact, at: datetime) -> tuple[Case, Refusal | None]:
    """Nobody is refused for our lateness: the case goes back to where it was and the fact is heard there."""
    again = reopened(
        case,
        at,
        SYSTEM,
        LATE_FACT,
        fact.message_id,
        handed_in_at=fact.occurred_at,
    )
    refusal = refuse(again, fact, at)
    return (case, refusal) if refusal else (again, None)


def _with_receipt(case: Case, message: Message, at: datetime, refusal: Refusal | None) -> Case:
    note = Receipt(
        message_id=message.message_id,
        name=type(message).__name__,
        at=at,
        version=case.version,
        code=refusal.code if refusal else "",
        account=refusal.account if refusal else "",
        moment=refusal.moment if refusal else None,
    )
    return replace(
        case,
        receipts=(*case.receipts, note)[-RECEIPTS_CARRIED:],
        seen=(*case.seen, message.message_id),
    )
