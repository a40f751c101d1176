"""Why a message was not applied: stable codes, and the sentence that says what to do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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


SENTENCES = {
    RefusalCode.OUT_OF_TURN: "The case is not at this step any more. Reload the page to see where it stands.",
    RefusalCode.DEADLINE_PASSED: "The deadline has passed. Ask support to reopen the case.",
    RefusalCode.FINISHED: "The case is closed, so nothing was changed.",
    RefusalCode.NOT_ALLOWED: "Your role may not do this. Ask a colleague who may.",
    RefusalCode.OWN_CASE: "This is your own case. A colleague has to look after it.",
    RefusalCode.OTHER_SUBMISSION: "There is a newer submission than the one you looked at. Reload the page.",
    RefusalCode.ALREADY_DECIDED: "Somebody else has already decided this submission. Reload the page.",
    RefusalCode.CLAIMED_BY_OTHER: "A colleague is working on this case. Wait until the claim ends.",
    RefusalCode.NOT_CLAIMED: "Nobody has claimed this case, so there is nothing to release.",
    RefusalCode.LEASE_USED_UP: "Your claim has lasted as long as a claim may. Decide, or release the case.",
    RefusalCode.CASE_PAUSED: "The case is paused. Resume it first.",
    RefusalCode.ATTEMPTS_USED_UP: "All attempts are used up. Approve, refuse, or grant one more attempt.",
    RefusalCode.SLOT_NOT_OPEN: "This picture is not asked for. Send only what the page names.",
    RefusalCode.STILL_OWED: "Some pictures are still missing. Add them, then submit.",
    RefusalCode.REASON_MISSING: "Give a reason.",
    RefusalCode.REASON_UNKNOWN: "Choose reasons from the list.",
    RefusalCode.REASON_CHANGED: "A reason has new words. Read the e-mail again before you decide.",
    RefusalCode.STAGE_OVER: "That step of the case is over.",
    RefusalCode.BAD_POLICY: "The policy cannot work; `manage.py check` says why.",
    RefusalCode.BAD_DURATION: "Give a duration between one minute and 90 days.",
    RefusalCode.UNKNOWN_MESSAGE: "The case does not know this message.",
    RefusalCode.MALFORMED: "The message does not have the form that the contract gives it.",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """`account` and `moment` say who was faster and when (or until when it holds), where that applies."""

    code: RefusalCode
    account: str = ""
    moment: datetime | None = None
