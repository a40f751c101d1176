"""Deciding on the desk, with a real workflow behind it: one decision a submission, and everybody told."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

import pytest

from onboarding.domain.refusals import RefusalCode
from onboarding.domain.status import CaseStatus, DocumentType, Outcome, Slot
from onboarding.mail import outgoing
from onboarding.models.audit import AuditEvent
from onboarding.models.emails import Email
from onboarding.models.people import User
from onboarding.usecases import staff
from temporal_app import gateway
from tests.desk.cases import address, decision, queue
from tests.desk.conftest import Desk
from tests.desk.live import in_review, make_walk
from tests.live import RunningWorker, in_threads

pytestmark = [
    pytest.mark.temporal,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker"),
]


def test_the_page_is_the_live_answer(rita: User, desk: Desk):
    """Mutant: showing the row. A row that lies is not believed while the workflow answers."""
    walk = in_review()
    type(walk.case).objects.filter(pk=walk.case.pk).update(state=None)
    page = desk(rita).get(address(walk.case)).content.decode()
    assert "Live answer of the workflow" in page
    assert "in review" in page
    assert not re.search(r"data-decides[^>]*disabled", page)


def test_an_approval_reaches_the_workflow_and_the_row(rita: User, desk: Desk):
    walk = in_review()
    answer = desk(rita).post(address(walk.case, "decide"), decision("approve"), follow=True)
    assert answer.redirect_chain[0][0] == address(walk.case)
    page = answer.content.decode()
    assert "The decision is recorded." in page
    assert "Approved submission 1" in page
    assert "Rita Romero" in page
    walk.settle()
    assert walk.case.status == CaseStatus.APPROVED


def test_a_double_click_is_one_decision(rita: User, desk: Desk):
    """Mutant: a key that is made anew for every request."""
    walk = in_review()
    typed = decision("ask_again", item_passport=["glare"])
    first, second = (desk(rita).post(address(walk.case, "decide"), typed) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    walk.settle()
    assert AuditEvent.objects.filter(case=walk.case, kind="resubmission_requested").count() == 1


def test_a_refusal_sent_twice_is_done_once(rita: User, desk: Desk):
    """A refusal ends the workflow; repeating it is answered. Mutant: `Finished` goes through."""
    walk = in_review()
    typed = decision("refuse", reasons=["data_mismatch"])
    assert [desk(rita).post(address(walk.case, "decide"), typed).status_code for _ in range(2)] == [302, 302]
    late = desk(rita).post(address(walk.case, "decide"), decision("approve"))
    assert late.status_code == 409
    assert "This submission was already refused by you at" in late.content.decode()


def test_opposite_decisions_at_once_one_wins_and_the_other_is_told(rita: User, ruben: User, desk: Desk):
    """Invariant I3. Mutant: `stale` in domain.review returns None."""
    walk = in_review()
    answers = in_threads(
        lambda: desk(rita).post(address(walk.case, "decide"), decision("approve")),
        lambda: desk(ruben).post(
            address(walk.case, "decide"), decision("refuse", reasons=["data_mismatch", "not_eligible"])
        ),
    )
    by_status = {
        answer.status_code: (answer, name) for answer, name in zip(answers, ("Rita", "Ruben"), strict=True)
    }
    assert set(by_status) == {302, 409}
    winner, loser = by_status[302][1], by_status[409]
    page = loser[0].content.decode()
    did, who = ("approved", "Rita Romero") if winner == "Rita" else ("refused", "Ruben Ruiz")
    assert f"This submission was already {did} by {who} at" in page
    assert f'value="{"refuse" if winner == "Rita" else "approve"}"' in page
    walk.settle()
    assert walk.case.status == ("approved" if winner == "Rita" else "rejected")


def test_the_same_form_with_another_outcome_is_no_repetition(rita: User, desk: Desk):
    """Who wasn't answered may change their mind, and is told. Mutant: the outcome left out of the key."""
    walk, key = in_review(), str(uuid.uuid4())
    client = desk(rita)
    assert client.post(address(walk.case, "decide"), decision("approve", key=key)).status_code == 302
    other = decision("refuse", key=key, reasons=["data_mismatch"])
    answer = client.post(address(walk.case, "decide"), other)
    assert answer.status_code == 409
    assert "This submission was already approved by you at" in answer.content.decode()


def test_a_decision_about_an_older_submission_is_refused(rita: User, desk: Desk):
    """The form is shown again about what is there now. Mutant: the hidden submission isn't renewed."""
    walk = in_review(rita=rita)
    walk.ask_again(Slot.PASSPORT, "glare")
    walk.send_again(Slot.PASSPORT)
    answer = desk(rita).post(
        address(walk.case, "decide"), decision("refuse", submission=1, reasons=["data_mismatch"])
    )
    assert answer.status_code == 409
    ahead = desk(rita).post(address(walk.case, "decide"), decision("approve", submission=3))
    page = ahead.content.decode()
    assert ahead.status_code == 409
    assert "something newer" in page
    assert 'name="submission" value="2"' in page


def test_nobody_decides_their_own_case(make_staff, desk: Desk):
    walk = in_review()
    walk.user.is_staff = walk.user.is_superuser = True
    walk.user.save()
    answer = desk(walk.user).post(address(walk.case, "decide"), decision("approve"))
    assert answer.status_code == 403
    assert "This is your own case." in answer.content.decode()
    walk.settle()
    assert walk.case.status == CaseStatus.IN_REVIEW


@pytest.mark.parametrize("role", ["support", "operator"])
def test_who_does_not_review_decides_nothing(role: str, make_staff, desk: Desk):
    walk = in_review()
    client = desk(make_staff(role))
    answer = client.post(address(walk.case, "decide"), decision("approve"))
    assert answer.status_code == 403
    assert "Your role may not do this." in answer.content.decode()
    assert "Record the decision" not in client.get(address(walk.case)).content.decode()


def test_asking_again_without_a_reason_is_refused_and_kept(rita: User, desk: Desk):
    answer = desk(rita).post(address(in_review().case, "decide"), decision("ask_again"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Give a reason." in page
    assert 'value="ask_again"' in page


def test_a_claimed_case_is_kept_from_others(rita: User, ruben: User, desk: Desk):
    walk = in_review()
    assert desk(rita).post(address(walk.case, "claim"), {"key": str(uuid.uuid4())}).status_code == 302
    answer = desk(ruben).post(address(walk.case, "decide"), decision("approve"))
    assert answer.status_code == 409
    assert "Rita Romero is working on this case until" in answer.content.decode()
    assert desk(rita).post(address(walk.case, "release"), {"key": str(uuid.uuid4())}).status_code == 302
    assert desk(ruben).post(address(walk.case, "decide"), decision("approve")).status_code == 302


def test_after_all_attempts_one_more_can_be_granted(rita: User, desk: Desk, settings: Any):
    """Mutant: the form forgets `extra_attempt`."""
    settings.POLICY = {"resubmission_limit": 0}
    walk = in_review()
    typed = decision("ask_again", item_passport=["glare"])
    answer = desk(rita).post(address(walk.case, "decide"), typed)
    assert answer.status_code == 409
    assert "grant one more" in answer.content.decode()
    granted = {**typed, "extra_attempt": "on", "key": str(uuid.uuid4())}
    assert desk(rita).post(address(walk.case, "decide"), granted).status_code == 302


def test_the_preview_is_the_e_mail_that_is_sent(rita: User, desk: Desk):
    """Mutant: previewing another kind of notice. Nothing is sent or recorded by looking."""
    walk = make_walk()
    walk.hand_in(DocumentType.ID_CARD)
    typed = decision("ask_again", item_id_back=["glare"])
    answer = desk(rita).post(address(walk.case, "preview"), typed)
    assert answer.status_code == 200
    (letter,) = answer.context["told"].preview
    page = answer.content.decode()
    assert f'value="{typed["key"]}"' in page
    assert page.count(" checked") == 2
    assert gateway.snapshot(str(walk.case.pk)).case.status is CaseStatus.IN_REVIEW

    assert desk(rita).post(address(walk.case, "decide"), typed).status_code == 302
    walk.settle()
    owed = Email.objects.get(case=walk.case, kind="resubmission_requested")
    sent = outgoing.compose(owed)
    assert (letter.subject, letter.to) == (sent.subject, sent.to[0])
    assert letter.text == sent.body


def test_two_reviewers_who_take_next_at_once_get_two_cases(rita: User, ruben: User, desk: Desk):
    """Mutant: `refusal` in domain.review grants a claim that somebody else holds."""
    first, second = in_review(), in_review()
    answers = in_threads(
        *(
            lambda user=user: desk(user).post(queue() + "take-next/", {"key": str(uuid.uuid4())})
            for user in (rita, ruben)
        )
    )
    assert {answer["Location"] for answer in answers} == {address(first.case), address(second.case)}


def test_pressing_take_next_twice_takes_one_case(rita: User, desk: Desk):
    """Mutant: the look at one's own claims left out of `take_next`."""
    first = in_review()
    in_review()
    key = {"key": str(uuid.uuid4())}
    taken = {desk(rita).post(queue() + "take-next/", key)["Location"] for _ in range(2)}
    assert taken == {address(first.case)}


def test_an_empty_queue_is_said(rita: User, desk: Desk):
    answer = desk(rita).post(queue() + "take-next/", {"key": str(uuid.uuid4())}, follow=True)
    assert "Nothing is waiting for a review right now." in answer.content.decode()


def test_a_refused_message_is_shown_with_its_code(rita: User, desk: Desk):
    walk = in_review(rita=rita)
    order = decision("approve", submission=7)
    desk(rita).post(address(walk.case, "decide"), order)
    stale = staff.decision(rita, walk.case, submission=7, outcome=Outcome.APPROVE, key="one")
    staff.decide_by_signal(walk.case, stale)
    page = desk(rita).get(address(walk.case)).content.decode()
    assert RefusalCode.OTHER_SUBMISSION in page


@pytest.mark.seconds
def test_a_stopped_worker_costs_no_more_than_five_seconds(rita: User, desk: Desk, worker: RunningWorker):
    """Mutant: asking the workflow for the page after it left a command unanswered."""
    walk = in_review()
    worker.stop()
    client, times, answers = desk(rita), [], []
    for ask in (
        lambda: client.get(address(walk.case)),
        lambda: client.post(address(walk.case, "decide"), decision("approve")),
    ):
        began = time.monotonic()
        answers.append(ask().status_code)
        times.append(time.monotonic() - began)
    assert answers == [200, 503]
    assert max(times) < 5
