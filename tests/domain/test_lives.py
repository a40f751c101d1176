"""Whole lives of cases: arbitrary messages, arbitrary sleeps, and what must be true all the time.

`HYPOTHESIS_PROFILE=long pytest tests/domain/test_lives.py` searches for minutes instead of seconds.
"""

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from temporalio.converter import DataConverter

from onboarding.domain.case import Case, birth
from onboarding.domain.deadlines import WakeupKind, closes_at, next_wakeup, wakeups
from onboarding.domain.explain import status_sentence, why
from onboarding.domain.facts import HANDED_IN
from onboarding.domain.messages import (
    ApplyPolicy,
    Command,
    Extend,
    Fact,
    Message,
    Pause,
    ReminderDelivered,
    Resume,
)
from onboarding.domain.snapshot import snapshot
from onboarding.domain.status import (
    APPLICANT_OWES,
    EDGES,
    REOPENABLE,
    CaseStatus,
    EventKind,
)
from onboarding.domain.timers import FORECAST_LIMIT, future, ring
from onboarding.domain.transition import hear, receipt, refuse

from . import builders, strategies
from .builders import APPLICANT, MICROSECOND, MINUTE, T0
from .compare import KINDS, remaining, without_receipts
from .gaps import unfilled

ANY = st.data()
DECISIONS = {EventKind.APPROVED, EventKind.REJECTED, EventKind.RESUBMISSION_REQUESTED}


class Lives(RuleBasedStateMachine):
    """One case and its own clock. `told` and `rang` are the only ways in, and hold every promise."""

    @initialize(policy=st.sampled_from(sorted(strategies.POLICIES)))
    def sign_up(self, policy: str) -> None:
        self.now: datetime = T0
        self.case: Case = birth("c", APPLICANT.account, strategies.POLICIES[policy], T0)
        self.reminded: list[datetime] = []
        """When this wait's reminders really went out or arrived."""
        self.heard: list[Message] = []

    # --- what comes in -----------------------------------------------------------------------------

    @rule(data=ANY)
    def a_fact_arrives(self, data: st.DataObject) -> None:
        self.told(data.draw(strategies.facts(self.case, self.now, builders.new_id())))

    @rule(data=ANY)
    def a_command_arrives(self, data: st.DataObject) -> None:
        self.told(data.draw(strategies.commands(self.case, builders.new_id())))

    @rule(data=ANY)
    @precondition(lambda self: self.case.status is CaseStatus.IN_REVIEW)
    def a_reviewer_decides(self, data: st.DataObject) -> None:
        actors = st.sampled_from([builders.REVIEWER, builders.COLLEAGUE, builders.SENIOR])
        self.told(data.draw(strategies.decisions(self.case, builders.new_id(), actors)))

    @rule()
    def the_obvious_next_step(self) -> None:
        message = strategies.next_step(self.case, self.now)
        if message:
            self.told(message)

    @rule()
    @precondition(lambda self: self.case.applicant_owes)
    def everything_goes_well(self) -> None:
        while self.case.is_open and (message := strategies.next_step(self.case, self.now)):
            version = self.case.version
            self.told(message)
            if self.case.version == version:
                return

    @rule(data=ANY)
    @precondition(lambda self: self.case.status is CaseStatus.IN_REVIEW)
    def a_reviewer_asks_again(self, data: st.DataObject) -> None:
        slot = data.draw(st.sampled_from([document.slot for document in self.case.documents]))
        self.told(builders.ask_again(self.case, slot, extra=True))

    @rule(data=ANY)
    def staff_do_their_work(self, data: st.DataObject) -> None:
        self.told(data.draw(strategies.staff_work(self.case)))

    @rule()
    @precondition(lambda self: self.case.applicant_owes and self.case.stage.rungs_passed)
    def the_mail_server_reports_a_reminder(self) -> None:
        self.told(builders.delivered(self.case, self.now))

    @rule(data=ANY)
    @precondition(lambda self: self.heard)
    def a_message_is_repeated(self, data: st.DataObject) -> None:
        """Mutant seen red: `hear` does not look into `seen`."""
        assert hear(self.case, data.draw(st.sampled_from(self.heard)), self.now) is self.case

    # --- time passes -------------------------------------------------------------------------------

    @rule(by=strategies.STEPS)
    def the_worker_is_away(self, by: timedelta) -> None:
        self.now += by

    @rule(after=st.sampled_from([-MICROSECOND, timedelta(0), MICROSECOND, MINUTE]))
    def it_is_about_time(self, after: timedelta) -> None:
        wakeup = next_wakeup(self.case)
        if wakeup:
            self.now = max(self.now, wakeup.at + after)

    @rule()
    def the_worker_is_back(self) -> None:
        while self.rang():
            pass

    @rule()
    def a_timer_rings(self) -> None:
        """I13: what is forecast is what rings. Mutants seen red: `future` a second late, or as planned."""
        coming = future(self.case, self.now)
        if not coming:
            return
        before, planned = self.case, next_wakeup(self.case)
        self.now = coming[0].at
        assert self.rang()
        assert KINDS[coming[0].kind] is self.case.history[-1].kind
        assert future(self.case, self.now) == coming[1:]
        on_time = planned is not None and planned.at == self.now
        if on_time and before.status is self.case.status and not before.paused:
            assert closes_at(self.case) == closes_at(before)

    # --- the two ways in ---------------------------------------------------------------------------

    def told(self, message: Message) -> None:
        before, expected = self.case, refuse(self.case, message, self.now)
        after = hear(before, message, self.now)
        note = receipt(after, message.message_id)
        assert note is not None
        assert hear(after, message, self.now) is after
        self.heard.append(message)
        if note.code:
            self.case = after
            assert without_receipts(after) == without_receipts(before)
            if isinstance(message, Fact):
                self.nobody_was_refused_for_our_lateness(message, note.code)
        else:
            self.came_to(after)
            assert after.version > before.version
        if isinstance(message, Command):
            assert note.code == (expected.code if expected else "")
        if not note.code:
            self.remaining_time_is_kept(before, message)
        if isinstance(message, ReminderDelivered) and not note.code:
            self.reminded.append(min(message.occurred_at, self.now))
        if isinstance(message, ApplyPolicy) and not note.code:
            self.reminded.clear()

    def rang(self) -> bool:
        before, wakeup = self.case, next_wakeup(self.case)
        after = ring(before, self.now)
        if wakeup is None or wakeup.at > self.now:
            assert after is before
            return False
        self.came_to(after)
        assert after.version == before.version + 1
        if after.history[-1].kind is EventKind.REMINDED:
            self.reminded.append(self.now)
        if wakeup.kind is WakeupKind.PAUSE_END:
            assert remaining(after, self.now) == remaining(before, self.now)
        if wakeup.kind is WakeupKind.EXPIRY:
            assert before.status in APPLICANT_OWES
        return True

    def came_to(self, after: Case) -> None:
        """I5, I7: edges only, one event a version. Mutant seen red: level 2 of an escalation refuses."""
        before, self.case = self.case, after
        news = after.history[len(before.history) :]
        assert after.history[: len(before.history)] == before.history
        assert [event.version for event in news] == list(range(before.version + 1, after.version + 1))
        status = before.status
        for event in news:
            assert event.at == self.now
            if event.came_from is None:
                assert event.status is status
            else:
                assert event.came_from is status
                assert (status, event.status) in EDGES
            status = event.status
        assert after.status is status
        keys = [notice.key for event in after.history for notice in event.notices]
        assert len(keys) == len(set(keys))
        if after.stage.number != before.stage.number:
            self.reminded.clear()

    def nobody_was_refused_for_our_lateness(self, fact: Fact, code: str) -> None:
        """Mutants seen red: no `beat_the_deadline`; a reminder that did not ring holds nothing open."""
        if code == "deadline_passed":
            promised = closes_at(self.case)
            assert promised is not None
            assert fact.occurred_at > promised
            assert next_wakeup(self.case).at == promised
        if code == "finished" and type(fact) in HANDED_IN and self.case.status is CaseStatus.EXPIRED:
            assert self.case.ended is not None
            assert self.case.ended.deadline_at is not None
            assert fact.occurred_at > self.case.ended.deadline_at

    def remaining_time_is_kept(self, before: Case, message: Message) -> None:
        """To the microsecond. Mutant seen red: `resumed` does not shift."""
        after = self.case
        match message:
            case Pause() | Resume():
                assert remaining(after, self.now) == remaining(before, self.now)
            case Extend():
                promised = closes_at(before)
                assert promised is not None
                assert closes_at(after) == promised + timedelta(seconds=message.seconds)
            case ApplyPolicy():
                pass
            case _ if before.stage.number == after.stage.number and closes_at(before):
                assert closes_at(after) >= closes_at(before)

    # --- what is true at every moment --------------------------------------------------------------

    @invariant()
    def at_most_one_decision_per_submission(self) -> None:
        """I3. Mutant seen red: nothing is `stale`."""
        decided = [decision.submission for decision in self.case.decisions]
        assert len(decided) == len(set(decided))
        assert all(0 < number <= self.case.submission for number in decided)
        events = sum(event.kind in DECISIONS for event in self.case.history)
        assert events == len(decided)

    @invariant()
    def reminders_never_contradict_the_deadline(self) -> None:
        """Mutant seen red: `closes_at` without the grace."""
        end = closes_at(self.case)
        if end is None:
            return
        policy, stage = self.case.policy, self.case.stage
        grace, quiet = (
            timedelta(seconds=number)
            for number in (policy.reminder_grace_seconds, policy.reminder_quiet_seconds)
        )
        for wakeup in wakeups(self.case):
            if wakeup.kind == "reminder":
                assert stage.clock_from + quiet <= wakeup.at <= end - max(grace, quiet)
        in_time = timedelta(seconds=policy.reminder_delivery_seconds)
        assert all(at + grace - in_time <= end for at in self.reminded)

    @invariant()
    def the_future_begins_with_the_next_wakeup(self) -> None:
        coming = future(self.case, self.now)
        planned = next_wakeup(self.case)
        assert bool(coming) is (planned is not None)
        assert planned is None or coming[0].at == max(planned.at, self.now)
        assert [wakeup.at for wakeup in coming] == sorted(wakeup.at for wakeup in coming)
        assert all(self.now <= wakeup.at for wakeup in coming)
        assert len(coming) < FORECAST_LIMIT

    @invariant()
    def the_parts_of_a_case_fit_together(self) -> None:
        """Mutants seen red: a claim that survives a pause; a claim that survives a decision."""
        case = self.case
        assert case.lease is None or (case.status is CaseStatus.IN_REVIEW and not case.paused)
        limit = timedelta(seconds=case.policy.lease_limit_seconds)
        changed = any(event.kind is EventKind.POLICY_APPLIED for event in case.history)
        assert case.lease is None or changed or case.lease.until - case.lease.since <= limit
        assert case.paused is None or case.is_open
        assert (case.ended is not None) is (case.status in REOPENABLE)
        assert len({document.slot for document in case.documents}) == len(case.documents)
        assert 0 <= case.escalation_level <= 2
        assert len(case.seen) == len(set(case.seen))

    @invariant()
    def every_state_explains_itself(self) -> None:
        """Mutant seen red: a kind of event without a cause."""
        causes = why(self.case)
        assert causes
        assert not [gap for each in (status_sentence(self.case), *causes) for gap in unfilled(each)]

    def teardown(self) -> None:
        """A case survives the journey through Temporal's payloads, and can be asked anything."""
        if not hasattr(self, "case"):
            return
        converter = DataConverter.default.payload_converter
        (back,) = converter.from_payloads(converter.to_payloads([self.case]), [Case])
        assert back == self.case
        assert snapshot(back, self.now) == snapshot(self.case, self.now)


TestLives = Lives.TestCase
