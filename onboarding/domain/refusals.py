"""Why a message was not applied: stable codes, and the sentence that says what to do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from onboarding.domain.texts import gettext_noop as _


class RefusalCode(StrEnum):
    OUT_OF_TURN = "out_of_turn"
    DEADLINE_PASSED = "deadline_passed"
    FINISHED = "finished"
    NOT_ALLOWED = "not_allowed"
    OWN_CASE = "own_case"
    OTHER_SUBMISSION = "other_submission"
    ALREADY_DECIDED = "already_decided"
    CLAIMED_BY_OTHER = "claimed_by_other"
    NOT_CLAIMED = "not_claimed"
    LEASE_USED_UP = "lease_used_up"
    CASE_PAUSED = "case_paused"
    ATTEMPTS_USED_UP = "attempts_used_up"
    SLOT_NOT_OPEN = "slot_not_open"
    STILL_OWED = "still_owed"
    REASON_MISSING = "reason_missing"
    REASON_UNKNOWN = "reason_unknown"
    REASON_CHANGED = "reason_changed"
    STAGE_OVER = "stage_over"
    BAD_POLICY = "bad_policy"
    BAD_DURATION = "bad_duration"
    UNKNOWN_MESSAGE = "unknown_message"
    MALFORMED = "malformed"


FORBIDDEN = frozenset({RefusalCode.NOT_ALLOWED, RefusalCode.OWN_CASE})
"""Refused because of who asks, whatever the case is like: 403 at the edges, the others are 409."""

SENTENCES = {
    RefusalCode.OUT_OF_TURN: _(
        "The case is not at this step any more. Reload the page to see where it stands."
    ),
    RefusalCode.DEADLINE_PASSED: _("The deadline has passed. Ask support to reopen the case."),
    RefusalCode.FINISHED: _("The case is closed, so nothing was changed."),
    RefusalCode.NOT_ALLOWED: _("Your role may not do this. Ask a colleague who may."),
    RefusalCode.OWN_CASE: _("This is your own case. A colleague has to look after it."),
    RefusalCode.OTHER_SUBMISSION: _(
        "There is a newer submission than the one you looked at. Reload the page."
    ),
    RefusalCode.ALREADY_DECIDED: _("Somebody else has already decided this submission. Reload the page."),
    RefusalCode.CLAIMED_BY_OTHER: _("A colleague is working on this case. Wait until the claim ends."),
    RefusalCode.NOT_CLAIMED: _("Nobody has claimed this case, so there is nothing to release."),
    RefusalCode.LEASE_USED_UP: _(
        "Your claim has lasted as long as a claim may. Decide, or release the case."
    ),
    RefusalCode.CASE_PAUSED: _("The case is paused. Resume it first."),
    RefusalCode.ATTEMPTS_USED_UP: _("All attempts are used up. Approve, refuse, or grant one more attempt."),
    RefusalCode.SLOT_NOT_OPEN: _("This picture is not asked for. Send only what the page names."),
    RefusalCode.STILL_OWED: _("Some pictures are still missing. Add them, then submit."),
    RefusalCode.REASON_MISSING: _("Give a reason."),
    RefusalCode.REASON_UNKNOWN: _("Choose reasons from the list."),
    RefusalCode.REASON_CHANGED: _("A reason has new words. Read the e-mail again before you decide."),
    RefusalCode.STAGE_OVER: _("That step of the case is over."),
    RefusalCode.BAD_POLICY: _("The policy cannot work; `manage.py check` says why."),
    RefusalCode.BAD_DURATION: _("Give a duration between one minute and 90 days."),
    RefusalCode.UNKNOWN_MESSAGE: _("The case does not know this message."),
    RefusalCode.MALFORMED: _("The message does not have the form that the contract gives it."),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """`account` and `moment` say who was faster and when (or until when it holds), where that applies."""

    code: RefusalCode
    account: str = ""
    moment: datetime | None = None
