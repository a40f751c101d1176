"""What reviewers and support ask of a case: permission first, then the workflow decides and answers.

Every function takes the id of the form it came from, so that pressing a button twice is one command. All
raise what the gateway raises: `Refused`, `Finished`, `NotFound` or `Unavailable`.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from allauth.account.models import EmailAddress

from onboarding import clock, roles
from onboarding.domain.actions import roles_for
from onboarding.domain.case import Receipt
from onboarding.domain.deadlines import is_over
from onboarding.domain.messages import (
    Actor,
    Claim,
    Command,
    Decide,
    Extend,
    ItemReasons,
    Pause,
    Release,
    Reopen,
    ResendNotice,
    Resume,
)
from onboarding.domain.reasons import ReasonKind
from onboarding.domain.refusals import Refusal, RefusalCode
from onboarding.domain.review import ASSIGNED_TO
from onboarding.domain.status import Action, CaseStatus, EventKind, Outcome
from onboarding.domain.transition import receipt, refuse
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.records import queries
from onboarding.records import reasons as catalogue
from onboarding.usecases import applicant
from temporal_app import gateway

TAKE_NEXT_TRIES = 10
TAKE_NEXT_SECONDS = 3.0
"""No further try begins after this: the page has to answer within five seconds."""


def decision(
    user: User,
    case: Case,
    *,
    submission: int,
    outcome: Outcome,
    reasons: tuple[str, ...] = (),
    items: tuple[ItemReasons, ...] = (),
    extra_attempt: bool = False,
    key: str,
) -> Decide:
    """The command for a decision about one submission: the one that was looked at, and no newer one.

    The outcome is part of its id: who sends a form again with another outcome, because the first try was not
    answered, is told what was decided instead of being taken for a repetition.

    Args:
        reasons: to refuse: codes of the catalogue, or citations (`code@version`) of what was looked at.
        items: to ask again, with their reasons in the same form. What belongs to another outcome is left out.

    Raises:
        gateway.Refused: this account may not decide this case, or a reason isn't in the catalogue.
    """
    return Decide(
        message_id=_key(case, f"decide:{submission}:{outcome}", key),
        actor=actor_of(user, case, Action.DECIDE),
        submission=submission,
        outcome=outcome,
        reasons=_cited(reasons, ReasonKind.REFUSAL) if outcome is Outcome.REFUSE else (),
        items=tuple(replace(each, reasons=_cited(each.reasons, ReasonKind.ITEM)) for each in items)
        if outcome is Outcome.ASK_AGAIN
        else (),
        extra_attempt=extra_attempt,
    )


def _cited(reasons_given: tuple[str, ...], kind: ReasonKind) -> tuple[str, ...]:
    try:
        return catalogue.current(reasons_given, kind)
    except catalogue.NotInCatalogue as error:
        raise gateway.Refused(Refusal(RefusalCode.REASON_UNKNOWN)) from error
    except catalogue.WordsChanged as error:
        raise gateway.Refused(Refusal(RefusalCode.REASON_CHANGED)) from error


def decide(case: Case, order: Decide) -> Receipt:
    """Has the workflow carry the decision out, and answers with its receipt."""
    return _carried_out(case, order)


def decide_by_signal(case: Case, order: Decide) -> None:
    """The same decision as the signal `review_decided`: what became of it stands in the case's receipts."""
    gateway.send_decision(str(case.id), order)


def claim(user: User, case: Case, *, key: str) -> Receipt:
    """Takes the case, or renews one's own claim."""
    return _command(user, case, Action.CLAIM, key, lambda id_, actor: Claim(message_id=id_, actor=actor))


def release(user: User, case: Case, *, key: str) -> Receipt:
    """Gives the case back to the queue."""
    return _command(user, case, Action.RELEASE, key, lambda id_, actor: Release(message_id=id_, actor=actor))


def assign(user: User, case: Case, *, to: User, key: str) -> Receipt:
    """Gives the case to a reviewer, for the whole time of a claim; also one that a colleague has claimed."""
    holder = roles.actor_for(to, ASSIGNED_TO)
    if holder is None:
        raise gateway.Refused(Refusal(RefusalCode.NOT_ALLOWED))

    def make(id_: str, actor: Actor) -> Command:
        return Claim(message_id=id_, actor=actor, holder=holder)

    return _command(user, case, Action.CLAIM, f"assign:{to.pk}:{key}", make)


def take_next(user: User, *, key: str) -> Case | None:
    """Claims what came back to this reviewer, else the most urgent case that nobody has; None without one.

    The workflow grants each claim, so two reviewers who ask at the same time get two cases. One reviewer who
    asks twice with the same key gets the same case twice.
    """
    _role_for(user, Action.CLAIM)
    for mine in Case.objects.filter(claimed_by=user, status=CaseStatus.IN_REVIEW):
        taken = AuditEvent.objects.filter(case=mine, kind=EventKind.CLAIMED)
        if taken.filter(cause=_key(mine, Action.CLAIM, key)).exists():
            return mine
    give_up_at = time.monotonic() + TAKE_NEXT_SECONDS
    for case in islice(queries.waiting_for(user.pk), TAKE_NEXT_TRIES):
        if time.monotonic() > give_up_at:
            raise gateway.Unavailable("the cases answer too slowly")
        try:
            claim(user, case, key=key)
        except (gateway.Refused, gateway.Finished, gateway.NotFound):
            continue  # somebody was faster, and the row has not heard of it yet
        return case
    return None


def extend(user: User, case: Case, *, seconds: int, reason: str, key: str) -> Receipt:
    """Moves the deadline of what the applicant owes, and the last reminder with it."""
    return _command(
        user,
        case,
        Action.EXTEND,
        key,
        lambda id_, actor: Extend(message_id=id_, actor=actor, seconds=seconds, reason=reason),
    )


def pause(user: User, case: Case, *, reason: str, key: str) -> Receipt:
    """Stops the clock of the case."""
    return _command(
        user,
        case,
        Action.PAUSE,
        key,
        lambda id_, actor: Pause(message_id=id_, actor=actor, reason=reason),
    )


def resume(user: User, case: Case, *, reason: str, key: str) -> Receipt:
    """Lets the clock run again from where it stood."""
    return _command(
        user,
        case,
        Action.RESUME,
        key,
        lambda id_, actor: Resume(message_id=id_, actor=actor, reason=reason),
    )


def reopen(user: User, case: Case, *, reason: str, key: str) -> Receipt:
    """Brings an expired or withdrawn case back to where it stopped."""
    return _command(
        user,
        case,
        Action.REOPEN,
        key,
        lambda id_, actor: Reopen(message_id=id_, actor=actor, reason=reason),
    )


def resend(user: User, case: Case, *, reason: str, key: str) -> Receipt:
    """Sends the e-mail of the present status again."""
    return _command(
        user,
        case,
        Action.RESEND_NOTICE,
        key,
        lambda id_, actor: ResendNotice(message_id=id_, actor=actor, reason=reason),
    )


def withdraw(user: User, case: Case, *, reason: str, key: str) -> None:
    """Stops the application for its applicant. Committed first, like all that goes through the outbox."""
    actor = actor_of(user, case, Action.WITHDRAW)
    if not reason.strip():
        raise gateway.Refused(Refusal(RefusalCode.REASON_MISSING))
    try:
        applicant.withdraw(case, key=key, by=actor, reason=reason)
    except applicant.TurnedAway as error:
        raise gateway.Refused(error.refusal) from error


def vouch_for_address(user: User) -> None:
    """Counts the address of a staff account as confirmed: a colleague has typed it in and stands for it."""
    EmailAddress.objects.filter(user=user, primary=True).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def _command(
    user: User, case: Case, action: Action, key: str, make: Callable[[str, Actor], Command]
) -> Receipt:
    actor = actor_of(user, case, action)
    return _carried_out(case, make(_key(case, action, key), actor))


def _carried_out(case: Case, order: Command) -> Receipt:
    """The workflow's answer; the row's, where the workflow has ended and hears nothing any more.

    A refusal, for one, ends the workflow. What it recorded last still tells a repeated command that it was
    done, and a second reviewer who was faster.
    """
    try:
        return gateway.command(str(case.id), order)
    except (gateway.Finished, gateway.NotFound):
        state = queries.recorded_state(Case.objects.get(pk=case.pk))
        if not is_over(state):
            raise
        done = receipt(state, order.message_id)
        refusal = refuse(state, order, clock.case_now(case))
        if done and not done.code:
            return done
        raise gateway.Refused(refusal or Refusal(RefusalCode.FINISHED)) from None


def actor_of(user: User, case: Case, action: Action) -> Actor:
    """The account in a role that may do this. The workflow asks the same questions again.

    Raises:
        gateway.Refused: there is no such role, or the case is their own.
    """
    actor = _role_for(user, action)
    if case.applicant_id == user.pk:
        raise gateway.Refused(Refusal(RefusalCode.OWN_CASE))
    return actor


def _role_for(user: User, action: Action) -> Actor:
    actor = roles.actor_for(user, roles_for(action))
    if actor is None:
        raise gateway.Refused(Refusal(RefusalCode.NOT_ALLOWED))
    return actor


def _key(case: Case, what: str, key: str) -> str:
    return str(uuid.uuid5(case.id, f"{what}:{key}"))
