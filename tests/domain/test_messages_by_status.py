"""Every place a case can be, times every message: what becomes of it. A missing cell fails."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from onboarding.domain.case import Case
from onboarding.domain.messages import (
    ApplyPolicy,
    Command,
    Extend,
    Fact,
    Message,
    Reopen,
    ResendNotice,
    Resume,
)
from onboarding.domain.policy import Policy
from onboarding.domain.refusals import RefusalCode
from onboarding.domain.status import EDGES, CaseStatus, Slot
from onboarding.domain.transition import hear, refuse

from .builders import (
    APPLICANT,
    MINUTE,
    OPERATOR,
    PLACES,
    SECOND,
    SUPPORT,
    approve,
    checked,
    claim,
    code,
    delivered,
    make_case,
    new_id,
    pause,
    profiled,
    release,
    submitted,
    uploaded,
    verified,
    withdrawn,
)


def _staff(kind: type[Command], **fields: object) -> Command:
    return kind(message_id=new_id(), actor=SUPPORT, reason="asked by phone", **fields)


def _reopen(_: Case) -> Message:
    return Reopen(message_id=new_id(), actor=APPLICANT, reason="")


def _apply_policy(_: Case) -> Message:
    policy = replace(Policy(), review_sla_seconds=7200)
    return ApplyPolicy(message_id=new_id(), actor=OPERATOR, policy=policy, reason="slower week")


def _soon(case: Case) -> datetime:
    return case.changed_at + SECOND


def _wanted(case: Case) -> Slot:
    """The slot that the place is about: the one asked for again, else the first."""
    return Slot.ID_BACK if case.status is CaseStatus.RESUBMISSION_REQUESTED else Slot.ID_FRONT


MESSAGES: dict[str, Callable[[Case], Message]] = {
    "EmailVerified": lambda case: verified(_soon(case)),
    "ProfileCompleted": lambda case: profiled(_soon(case)),
    "IdUploaded": lambda case: uploaded(_soon(case), _wanted(case)),
    "Submitted": lambda case: submitted(_soon(case)),
    "Withdrawn": lambda case: withdrawn(_soon(case)),
    "ReminderDelivered": lambda case: delivered(case, _soon(case)),
    "ChecksFinished": lambda case: checked(case, _soon(case)),
    "Decide": approve,
    "Claim": lambda _: claim(),
    "Release": lambda _: release(),
    "Extend": lambda _: _staff(Extend, seconds=3600),
    "Pause": lambda _: pause(),
    "Resume": lambda _: _staff(Resume),
    "Reopen": _reopen,
    "ResendNotice": lambda _: _staff(ResendNotice),
    "ApplyPolicy": _apply_policy,
}


WORDS = {
    "turn": RefusalCode.OUT_OF_TURN,
    "done": RefusalCode.FINISHED,
    "over": RefusalCode.STAGE_OVER,
    "owed": RefusalCode.STILL_OWED,
    "paused": RefusalCode.CASE_PAUSED,
    "free": RefusalCode.NOT_CLAIMED,
    "held": RefusalCode.CLAIMED_BY_OTHER,
    "decided": RefusalCode.ALREADY_DECIDED,
}
STATUSES = {
    "collect": CaseStatus.COLLECTING,
    "check": CaseStatus.CHECKING,
    "review": CaseStatus.IN_REVIEW,
    "approve": CaseStatus.APPROVED,
    "expire": CaseStatus.EXPIRED,
    "withdraw": CaseStatus.WITHDRAWN,
}

# A cell is "yes" (applied, same status), ">status" (applied, new status) or a word of WORDS (refused).
FACTS = """
                       EmailVerified ProfileCompleted IdUploaded Submitted Withdrawn ReminderDelivered Checks
email_pending          >collect      turn             turn       turn      >withdraw yes               over
new                    turn          yes              turn       turn      >withdraw yes               over
collecting             turn          yes              yes        owed      >withdraw yes               over
complete               turn          yes              yes        >check    >withdraw yes               over
checking               turn          turn             turn       turn      >withdraw over              >review
in_review              turn          turn             turn       turn      >withdraw over              over
claimed                turn          turn             turn       turn      >withdraw over              over
resubmission           turn          turn             yes        owed      >withdraw yes               over
resubmission_complete  turn          turn             yes        >check    >withdraw yes               over
approved               done          done             done       done      done      over              over
rejected               done          done             done       done      done      over              over
expired                done          done             done       done      done      over              over
over                   done          done             done       done      done      over              over
withdrawn              done          done             done       done      done      over              over
email_pending,~paused  >collect      turn             turn       turn      >withdraw yes               over
new,~paused            turn          yes              turn       turn      >withdraw yes               over
collecting,~paused     turn          yes              yes        owed      >withdraw yes               over
complete,~paused       turn          yes              yes        >check    >withdraw yes               over
checking,~paused       turn          turn             turn       turn      >withdraw over              >review
in_review,~paused      turn          turn             turn       turn      >withdraw over              over
claimed,~paused        turn          turn             turn       turn      >withdraw over              over
resubmission,~paused   turn          turn             yes        owed      >withdraw yes               over
resubmission_complete,~paused turn   turn             yes        >check    >withdraw yes               over
"""
COMMANDS = """
                       Decide   Claim  Release Extend Pause  Resume Reopen   ResendNotice ApplyPolicy
email_pending          turn     turn   turn    yes    yes    turn   turn     yes          yes
new                    turn     turn   turn    yes    yes    turn   turn     yes          yes
collecting             turn     turn   turn    yes    yes    turn   turn     yes          yes
complete               turn     turn   turn    yes    yes    turn   turn     yes          yes
checking               turn     turn   turn    turn   yes    turn   turn     yes          yes
in_review              >approve yes    free    turn   yes    turn   turn     yes          yes
claimed                held     held   held    turn   yes    turn   turn     yes          yes
resubmission           decided  turn   turn    yes    yes    turn   turn     yes          yes
resubmission_complete  decided  turn   turn    yes    yes    turn   turn     yes          yes
approved               decided  done   done    done   done   done   done     done         done
rejected               decided  done   done    done   done   done   done     done         done
expired                done     done   done    done   done   done   >collect done         done
over                   done     done   done    done   done   done   done     done         done
withdrawn              done     done   done    done   done   done   >collect done         done
email_pending,~paused  paused   paused turn    paused paused yes    turn     yes          yes
new,~paused            paused   paused turn    paused paused yes    turn     yes          yes
collecting,~paused     paused   paused turn    paused paused yes    turn     yes          yes
complete,~paused       paused   paused turn    paused paused yes    turn     yes          yes
checking,~paused       paused   paused turn    paused paused yes    turn     yes          yes
in_review,~paused      paused   paused free    paused paused yes    turn     yes          yes
claimed,~paused        paused   paused free    paused paused yes    turn     yes          yes
resubmission,~paused   decided  paused turn    paused paused yes    turn     yes          yes
resubmission_complete,~paused decided paused turn paused paused yes turn     yes          yes
"""


def _cells(grid: str) -> dict[tuple[str, str], str]:
    head, *rows = grid.strip("\n").splitlines()
    columns = head.split()
    cells = {}
    for row in rows:
        place, *words = row.split()
        assert len(words) == len(columns), row
        cells |= {(place.replace("~", " "), name): word for name, word in zip(columns, words, strict=True)}
    return cells


EXPECTED = _cells(FACTS.replace("Checks\n", "ChecksFinished\n")) | _cells(COMMANDS)


def _leaves(base: type[Message]) -> set[str]:
    return {kind.__name__ for kind in base.__subclasses__()}


def test_no_cell_is_missing() -> None:
    """Red when a status, a place or a kind of message is added without a row or column."""
    assert {make_case(place).status for place in PLACES} == set(CaseStatus)
    assert set(MESSAGES) == _leaves(Fact) | _leaves(Command)
    assert set(EXPECTED) == {(place, name) for place in PLACES for name in MESSAGES}


@pytest.mark.parametrize(("place", "name"), EXPECTED)
def test_a_case_does_with_a_message_what_the_table_says(place: str, name: str) -> None:
    """Mutants seen red: no withdrawal while paused; a refused message that changes the version."""
    case, word = make_case(place), EXPECTED[place, name]
    message = MESSAGES[name](case)
    at = case.changed_at + MINUTE
    refusal = refuse(case, message, at)
    after = hear(case, message, at)
    if word == "yes" or word.startswith(">"):
        assert refusal is None
        assert code(after, message) == ""
        assert after.status is (STATUSES[word[1:]] if word.startswith(">") else case.status)
        assert after.version == case.version + 1
    else:
        assert refusal is not None
        assert code(after, message) == refusal.code == WORDS[word]
        assert replace(after, receipts=case.receipts, seen=case.seen) == case


@pytest.mark.parametrize("place", PLACES)
def test_a_status_changes_only_along_the_edges(place: str) -> None:
    case = make_case(place)
    for make in MESSAGES.values():
        after = hear(case, make(case), case.changed_at + MINUTE)
        assert after.status is case.status or (case.status, after.status) in EDGES
