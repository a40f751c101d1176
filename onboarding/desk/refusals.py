"""Refusals for staff: who was faster, what they did, and when."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from onboarding.desk.words import Moment, Names
from onboarding.domain.refusals import SENTENCES, Refusal, RefusalCode
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import Outcome
from onboarding.models.people import User

OUTCOMES = {
    Outcome.APPROVE: _("approved"),
    Outcome.ASK_AGAIN: _("sent back"),
    Outcome.REFUSE: _("refused"),
}


def sentence(refusal: Refusal, snapshot: Snapshot | None, user: User, now: datetime) -> str:
    """Why nothing was changed, in one or two sentences with names and moments.

    Args:
        snapshot: to look up what was decided; None where only the refusal is known.
        now: the case's own clock.
    """
    own = gettext(SENTENCES[refusal.code])
    if refusal.code is RefusalCode.OTHER_SUBMISSION:
        return gettext(
            "The applicant has sent something newer than what you looked at. The page shows it now: look "
            "again before you decide. Nothing was changed."
        )
    if refusal.moment is None:
        return own
    when = Moment.of(refusal.moment, now).text
    mine = refusal.account == str(user.pk)
    who = gettext("you") if mine else Names([refusal.account]).of(refusal.account)
    if refusal.code is RefusalCode.ALREADY_DECIDED:
        did = _decided(refusal, snapshot)
        text = gettext("This submission was already {did} by {who} at {when}. Nothing was changed.")
        return text.format(did=gettext(did), who=who, when=when)
    if refusal.code is RefusalCode.CLAIMED_BY_OTHER:
        return gettext("{who} is working on this case until {when}. Nothing was changed.").format(
            who=who, when=when
        )
    return f"{own} ({when})"


def _decided(refusal: Refusal, snapshot: Snapshot | None) -> str:
    decisions = snapshot.case.decisions if snapshot else ()
    outcome = next((each.outcome for each in decisions if each.at == refusal.moment), None)
    return OUTCOMES[outcome] if outcome else _("decided")
