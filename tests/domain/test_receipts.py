"""What a case remembers of messages, and what it forgets of a long history."""

from dataclasses import replace

import pytest

from onboarding.domain.case import HISTORY_CARRIED, RECEIPTS_CARRIED, Case, moved, trimmed
from onboarding.domain.explain import status_sentence, why
from onboarding.domain.messages import TIMER, ResendNotice
from onboarding.domain.policy import Policy
from onboarding.domain.refusals import SENTENCES, RefusalCode
from onboarding.domain.status import CaseStatus, EventKind
from onboarding.domain.timers import future, ring
from onboarding.domain.transition import hear, not_understood, receipt

from .builders import (
    DAY,
    HOUR,
    MINUTE,
    PLACES,
    SUPPORT,
    T0,
    apply_policy,
    claim,
    code,
    delivered,
    extend,
    heard,
    make_case,
    new_id,
    pause,
    release,
    reopen,
    resume,
    submitted,
    uploaded,
    verified,
    withdrawn,
)


@pytest.mark.parametrize("place", PLACES)
def test_a_message_repeated_changes_nothing_whatever_it_says_now(place: str) -> None:
    """Mutant seen red: `hear` does not look into `seen`."""
    case = make_case(place)
    message = uploaded(T0)
    case = hear(case, message, T0 + DAY)
    assert hear(case, message, T0 + 2 * DAY) is case
    assert hear(case, replace(claim(), message_id=message.message_id), T0 + 2 * DAY) is case


def test_a_message_is_remembered_longer_than_its_receipt() -> None:
    """Mutant seen red: `seen` is as short as the receipts."""
    case = make_case("collecting")
    first = submitted(T0)
    case = hear(case, first, T0)
    for _ in range(RECEIPTS_CARRIED):
        case = hear(case, submitted(T0), T0)
    assert receipt(case, first.message_id) is None
    assert hear(case, first, T0) is case
    assert len(case.receipts) == RECEIPTS_CARRIED


def test_a_receipt_says_what_was_applied_and_as_which_version() -> None:
    message = verified(T0)
    note = receipt(heard(make_case("email_pending"), message, T0 + HOUR), message.message_id)
    assert note is not None
    assert (note.name, note.at, note.version, note.code) == ("EmailVerified", T0 + HOUR, 2, "")


def test_what_cannot_be_understood_leaves_a_receipt_and_nothing_else() -> None:
    case = make_case("collecting")
    after = not_understood(case, "x" * 5000, T0 + HOUR, RefusalCode.UNKNOWN_MESSAGE)
    assert replace(after, receipts=case.receipts) == case
    assert (after.receipts[-1].name, after.receipts[-1].code) == ("x" * 100, "unknown_message")


def test_every_refusal_has_a_sentence() -> None:
    assert set(SENTENCES) == set(RefusalCode)
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


def test_an_edge_that_does_not_exist_is_a_programming_error() -> None:
    """Invariant I5. Mutant seen red: `moved` does not look into `EDGES`."""
    with pytest.raises(AssertionError, match="no edge from collecting to approved"):
        moved(make_case("collecting"), T0, EventKind.APPROVED, TIMER, to=CaseStatus.APPROVED)


@pytest.fixture
def busy() -> Case:
    """Overdue since yesterday, and since then taken and released more often than a case can carry."""
    case = make_case("in_review")
    for wakeup in future(case):
        case = ring(case, wakeup.at)
    for turn in range(HISTORY_CARRIED):
        at = T0 + 3 * DAY + turn * MINUTE
        case = heard(heard(case, claim(), at), release(), at)
    return case


def test_no_event_is_forgotten_before_somebody_says_that_all_are_recorded(busy: Case) -> None:
    """A burst of messages is audited whole. Mutant seen red: `moved` cuts the history."""
    assert [event.version for event in busy.history] == list(range(1, busy.version + 1))


def test_a_long_history_forgets_claims_first_and_still_explains_itself(busy: Case) -> None:
    """Mutant seen red: the oldest events go, so an overdue case says that all is well."""
    case = trimmed(busy)
    assert len(case.history) == HISTORY_CARRIED
    assert replace(case, history=busy.history) == busy
    assert case.history[-HISTORY_CARRIED // 2 :] == busy.history[-HISTORY_CARRIED // 2 :]
    assert status_sentence(case) == status_sentence(busy)
    assert why(case) == why(busy)
    assert trimmed(case) is case


def test_a_history_of_nothing_but_changes_of_status_is_trimmed_too() -> None:
    case = make_case("collecting")
    event = replace(case.history[1])
    long = replace(
        case, history=tuple(replace(event, version=version) for version in range(1, 3 * HISTORY_CARRIED))
    )
    assert len(trimmed(long).history) == HISTORY_CARRIED
    assert trimmed(long).history[-1] == long.history[-1]


def test_a_receipt_names_the_refusal() -> None:
    case = make_case("collecting")
    message = submitted(T0)
    assert code(hear(case, message, T0), message) == RefusalCode.STILL_OWED


@pytest.mark.parametrize("reason", ["a\0b", "x" * 2001, "\ud800"])
def test_a_text_that_no_row_can_take_is_malformed(reason: str) -> None:
    """Mutant seen red: `refuse` does not ask `storable`."""
    case = make_case("collecting")
    for message in (replace(pause(), reason=reason), replace(withdrawn(T0), reason=reason)):
        after = hear(case, message, T0)
        assert code(after, message) == "malformed"
        assert replace(after, receipts=case.receipts, seen=case.seen) == case


def test_a_number_that_no_row_can_take_is_malformed() -> None:
    message = replace(delivered(make_case("collecting"), T0), rung=2**31)
    assert code(hear(make_case("collecting"), message, T0), message) == "malformed"


@pytest.mark.parametrize("message_id", ["", "x" * 101, "line\nbreak"])
def test_a_message_without_a_usable_id_cannot_be_made(message_id: str) -> None:
    with pytest.raises(ValueError, match="id of 1 to 100"):
        replace(claim(), message_id=message_id)


def test_a_moment_without_a_zone_cannot_be_handed_in() -> None:
    with pytest.raises(ValueError, match="time zone"):
        submitted(T0.replace(tzinfo=None))


def test_every_e_mail_that_is_owed_has_a_key_of_its_own() -> None:
    """Invariant I4. Mutant seen red: the key is the kind."""
    case = make_case("email_pending")
    while coming := future(case):
        case = ring(case, coming[0].at)
    keys = [notice.key for event in case.history for notice in event.notices]
    assert len(keys) == 3
    assert len(set(keys)) == 3


@pytest.mark.parametrize("reason", ["", " \n"])
def test_what_support_changes_has_a_reason(reason: str) -> None:
    """Mutant seen red: blanks are a reason."""
    asked = {
        "collecting": [extend(HOUR), pause(), apply_policy(Policy())],
        "collecting, paused": [resume()],
        "expired": [reopen()],
        "checking": [ResendNotice(message_id=new_id(), actor=SUPPORT, reason="x")],
    }
    for place, commands in asked.items():
        for command in commands:
            message = replace(command, reason=reason)
            assert code(hear(make_case(place), message, T0), message) == "reason_missing"
