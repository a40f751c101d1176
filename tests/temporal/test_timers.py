"""I13: a promised moment is the moment it fires, for every timer of the policy, on the real server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from onboarding.domain.deadlines import WakeupKind
from onboarding.domain.policy import DAY, HOUR, MINUTE, Policy
from onboarding.domain.status import CaseStatus, EventKind
from tests.domain.builders import approve, ask_again, claim, extend, pause, refuse_it, resume, withdrawn
from tests.temporal.conftest import MakeLife
from tests.temporal.fake_activities import RecordingActivities
from tests.temporal.life import Life, assert_kept

pytestmark = pytest.mark.temporal

FIRED = {
    WakeupKind.REMINDER: EventKind.REMINDED,
    WakeupKind.EXPIRY: EventKind.EXPIRED,
    WakeupKind.CHECKS_MISSED: EventKind.CHECKS_MISSED,
    WakeupKind.REVIEW_DUE_SOON: EventKind.REVIEW_DUE_SOON,
    WakeupKind.ESCALATION: EventKind.ESCALATED,
    WakeupKind.LEASE_END: EventKind.LEASE_ENDED,
    WakeupKind.PAUSE_END: EventKind.PAUSE_ENDED,
    WakeupKind.FOLLOW_UP: EventKind.FOLLOWED_UP,
    WakeupKind.REOPENING_END: EventKind.REOPENING_ENDED,
}


def _new(life: Life) -> None:
    life.begin()


def _collecting(life: Life) -> None:
    life.collecting()


def _extended(life: Life) -> None:
    life.collecting().order(extend(timedelta(days=5)))


def _in_review(life: Life) -> None:
    life.in_review()


def _claimed(life: Life) -> None:
    life.in_review().order(claim())


def _resubmission(life: Life) -> None:
    life.in_review().order(ask_again(life.case, "passport"))


def _paused(life: Life) -> None:
    life.collecting().order(pause())


def _resumed(life: Life) -> None:
    _paused(life)
    life.forward(timedelta(days=3))
    life.order(resume())


def _approved(life: Life) -> None:
    life.in_review().order(approve(life.case))


def _rejected(life: Life) -> None:
    life.in_review().order(refuse_it(life.case))


def _withdrawn(life: Life) -> None:
    life.collecting()
    life.tell(withdrawn(life.now))


LIVES: dict[str, tuple[Callable[[Life], None], set[WakeupKind]]] = {
    "T1": (_new, {WakeupKind.REMINDER, WakeupKind.EXPIRY, WakeupKind.REOPENING_END}),
    "T2 and T3": (_collecting, {WakeupKind.REMINDER, WakeupKind.EXPIRY, WakeupKind.REOPENING_END}),
    "T3 extended": (_extended, {WakeupKind.REMINDER, WakeupKind.EXPIRY}),
    "T4 and T5": (_in_review, {WakeupKind.REVIEW_DUE_SOON, WakeupKind.ESCALATION}),
    "T6": (_claimed, {WakeupKind.LEASE_END, WakeupKind.ESCALATION}),
    "T7": (_resubmission, {WakeupKind.REMINDER, WakeupKind.EXPIRY}),
    "T13": (_paused, {WakeupKind.PAUSE_END, WakeupKind.REMINDER, WakeupKind.EXPIRY}),
    "T13 resumed": (_resumed, {WakeupKind.REMINDER, WakeupKind.EXPIRY}),
    "T14": (_approved, {WakeupKind.FOLLOW_UP}),
    "refused": (_rejected, set()),
    "withdrawn": (_withdrawn, {WakeupKind.REOPENING_END}),
}


@pytest.mark.parametrize("name", LIVES)
def test_every_promised_moment_is_the_moment_it_fires(name: str, make_life: MakeLife) -> None:
    """Mutants seen red: `_sleep` waits two seconds longer; `_ring` skipped when the timeout fires; `ring`
    given the wakeup's moment plus an hour."""
    go, kinds = LIVES[name]
    life = make_life()
    go(life)
    before = life.ask()
    promised = before.future
    assert kinds <= {each.kind for each in promised}
    if promised:
        life.forward(promised[-1].at - before.now + timedelta(minutes=1))
    fired = life.events(before.case.version)
    assert [each.kind for each in fired] == [FIRED[each.kind] for each in promised]
    assert_kept(promised, fired, life)


def test_a_review_without_an_answer_never_ends_the_case(life: Life) -> None:
    """Our lateness escalates; it refuses nobody. Mutant seen red: level 2 ends the case."""
    life.in_review()
    life.forward(timedelta(days=60))
    case = life.recorded()
    assert case.status is CaseStatus.IN_REVIEW
    assert case.escalation_level == 2


def test_checks_that_hang_are_left_behind_by_their_own_timer(
    make_life: MakeLife, port: RecordingActivities
) -> None:
    """T8. Mutant seen red: the loop awaits the checks."""
    hang = threading.Event()

    def checks(request: object) -> object:
        hang.wait(30)
        raise OSError("the parser hangs")

    port.checks = checks  # type: ignore[assignment]
    life = make_life(Policy(check_timeout_seconds=2)).collecting().handed_in()
    (promise, *_) = life.ask().future
    assert promise.kind is WakeupKind.CHECKS_MISSED
    case = life.until(CaseStatus.IN_REVIEW)
    hang.set()
    assert not case.checked
    (missed,) = [event for event in life.events() if event.kind is EventKind.CHECKS_MISSED]
    assert_kept([promise], [missed], life)


def test_a_policy_of_its_own_moves_its_own_timers(make_life: MakeLife) -> None:
    """Timers are data. Mutant seen red: `birth` ignores the policy it is given."""
    policy = Policy(
        email_reminders_seconds=(2 * HOUR,),
        email_deadline_seconds=5 * HOUR,
        reminder_grace_seconds=HOUR,
        reminder_quiet_seconds=HOUR,
        reminder_delivery_seconds=10 * MINUTE,
        reopen_window_seconds=DAY,
    )
    life = make_life(policy).begin()
    promised = life.ask().future
    assert [each.at - life.start.born_at for each in promised] == [
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=29),
    ]
    life.forward(timedelta(days=2))
    assert life.ask().over
