"""A preview of a command says what the command then does, and changes nothing itself."""

from __future__ import annotations

import pytest

from onboarding.domain.case import birth
from onboarding.domain.consequences import Consequences, Move, consequences
from onboarding.domain.deadlines import WakeupKind
from onboarding.domain.messages import Pause, Release, ResendNotice
from onboarding.domain.notices import NoticeKind
from onboarding.domain.policy import Policy
from onboarding.domain.refusals import Refusal, RefusalCode
from onboarding.domain.status import CaseStatus
from onboarding.domain.timers import future
from onboarding.domain.transition import hear
from tests.domain.builders import (
    DAY,
    HOUR,
    REVIEWER,
    SUPPORT,
    T0,
    extend,
    heard,
    new_id,
    reopen,
    verified,
    withdrawn,
)


def collecting():
    return heard(birth("c", "7", Policy(), T0), verified(T0), T0)


def look(case, message, at):
    found = consequences(case, message, at)
    assert isinstance(found, Consequences)
    return found


def test_an_extension_moves_the_deadline_and_the_last_reminder():
    """Mutants seen red: `future(case, at)` on both sides; a counterpart sought by kind alone."""
    case, now = collecting(), T0 + HOUR
    found = look(case, extend(7 * DAY), now)
    assert Move(WakeupKind.EXPIRY, 0, 0, T0 + 14 * DAY, T0 + 21 * DAY) in found.moves
    assert Move(WakeupKind.REMINDER, 4, 4, T0 + 12 * DAY, T0 + 19 * DAY) in found.moves
    assert [move.number for move in found.moves if move.kind is WakeupKind.REMINDER] == [4]
    assert found.status is None
    assert found.notices == (NoticeKind.EXTENDED,)


def test_a_pause_moves_everything_and_adds_its_own_end():
    case, now = collecting(), T0 + HOUR
    pause = Pause(message_id=new_id(), actor=SUPPORT, reason="ill")
    found = look(case, pause, now)
    added = [move for move in found.moves if move.before is None]
    assert [move.kind for move in added] == [WakeupKind.PAUSE_END]
    moved = [move for move in found.moves if move.before and move.after]
    assert {move.after - move.before for move in moved} == {added[0].after - now}
    assert WakeupKind.EXPIRY in {move.kind for move in moved}


def test_a_withdrawal_takes_the_reminders_away():
    """Mutant seen red: moments that are gone left out."""
    found = look(collecting(), withdrawn(T0 + HOUR), T0 + HOUR)
    gone = {move.kind for move in found.moves if move.after is None}
    assert gone == {WakeupKind.REMINDER, WakeupKind.EXPIRY}
    assert found.status is CaseStatus.WITHDRAWN


def test_reopening_names_the_status_to_which_the_case_returns():
    case = heard(collecting(), withdrawn(T0 + HOUR), T0 + HOUR)
    found = look(case, reopen(), T0 + 2 * HOUR)
    assert found.status is CaseStatus.COLLECTING
    assert Move(WakeupKind.EXPIRY, 0, 0, None, T0 + 2 * HOUR + 14 * DAY) in found.moves


def test_an_email_that_is_sent_again_moves_nothing_but_says_which():
    again = ResendNotice(message_id=new_id(), actor=SUPPORT, reason="not arrived")
    found = look(collecting(), again, T0 + HOUR)
    assert found.moves == ()
    assert found.notices == (NoticeKind.COLLECTION_REMINDER,)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (Release(message_id="r", actor=REVIEWER), RefusalCode.OUT_OF_TURN),
        (Pause(message_id="p", actor=SUPPORT, reason=" "), RefusalCode.REASON_MISSING),
        (extend(400 * DAY), RefusalCode.BAD_DURATION),
    ],
)
def test_what_would_be_refused_is_refused_in_the_preview(message, code: RefusalCode):
    """Mutant seen red: no question to `refuse`."""
    found = consequences(collecting(), message, T0 + HOUR)
    assert isinstance(found, Refusal)
    assert found.code is code


def test_the_moments_promised_by_a_preview_are_those_of_the_future_afterwards():
    case, now = collecting(), T0 + 5 * DAY
    order = extend(3 * DAY)
    promised = {move.after for move in look(case, order, now).moves if move.after}
    assert promised <= {wakeup.at for wakeup in future(hear(case, order, now), now)}
