"""Commands of staff by API, with a real workflow behind: done, refused with who and when, or no answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from onboarding.domain.status import CaseStatus, Slot
from onboarding.models.api import IdempotencyKey
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.people import User
from temporal_app import gateway
from tests.api.calls import Api, confirm, new_key, problem
from tests.desk.live import in_review, make_walk
from tests.live import RunningWorker, in_threads

pytestmark = [
    pytest.mark.temporal,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker"),
]

As = Callable[[User], Api]
REASON = {"reason": "asked for by telephone"}
APPROVE = {"submission": 1, "outcome": "approve"}
REFUSE = {"submission": 1, "outcome": "refuse", "reasons": ["data_mismatch"]}


def order(api: Api, case: Case, name: str, body: Any = None, key: str = "") -> Any:
    return api.post(f"cases/{case.pk}/{name}", body, key=key or new_key())


def test_staff_read_the_live_answer(rita: User, as_person: As) -> None:
    """A row that lies isn't believed while the workflow answers."""
    walk = in_review()
    Case.objects.filter(pk=walk.case.pk).update(state=None)
    body = as_person(rita).get(f"cases/{walk.case.pk}").json()
    assert (body["live"], body["status"]) == (True, "in_review")
    assert body["allowed_actions"] == ["claim", "decide"]


def test_claim_release_and_decide(rita: User, ruben: User, as_person: As) -> None:
    walk = in_review()
    api, other = as_person(rita), as_person(ruben)
    claimed = order(api, walk.case, "claim").json()
    assert claimed["done"] is True
    refused = problem(order(other, walk.case, "decide", APPROVE), 409, "claimed_by_other")
    assert refused["by"] == {"account": str(rita.pk), "name": "Rita Romero"}
    assert datetime.fromisoformat(refused["at"]) > datetime.fromisoformat(claimed["at"])
    assert order(api, walk.case, "release").status_code == 200
    problem(order(api, walk.case, "release"), 409, "not_claimed")
    done = order(other, walk.case, "decide", APPROVE).json()
    assert done["version"] > claimed["version"]
    walk.settle()
    assert walk.case.status == CaseStatus.APPROVED


def test_of_opposite_decisions_at_once_one_wins_and_the_other_is_told(
    rita: User, ruben: User, as_person: As
) -> None:
    """Invariant I3, by API."""
    walk = in_review()
    first, second = as_person(rita), as_person(ruben)
    answers: list[Any] = in_threads(
        lambda: order(first, walk.case, "decide", APPROVE),
        lambda: order(second, walk.case, "decide", REFUSE),
    )
    by_status = {answer.status_code: answer for answer in answers}
    assert set(by_status) == {200, 409}
    told = problem(by_status[409], 409, "already_decided")
    winner = rita if answers[0].status_code == 200 else ruben
    assert told["by"]["account"] == str(winner.pk)


def test_a_decision_about_an_older_submission_is_refused(rita: User, as_person: As) -> None:
    walk = in_review(rita=rita)
    walk.ask_again(Slot.PASSPORT, "glare")
    walk.send_again(Slot.PASSPORT)
    problem(
        order(as_person(rita), walk.case, "decide", {**APPROVE, "submission": 3}), 409, "other_submission"
    )
    problem(order(as_person(rita), walk.case, "decide", REFUSE), 409, "already_decided")


def test_asking_again_names_pictures_and_reasons(rita: User, as_person: As) -> None:
    walk = in_review()
    api = as_person(rita)
    asked = {"submission": 1, "outcome": "ask_again"}
    problem(order(api, walk.case, "decide", asked), 409, "reason_missing")
    unknown = {**asked, "items": [{"slot": "passport", "reasons": ["ugly"]}]}
    problem(order(api, walk.case, "decide", unknown), 409, "reason_unknown")
    twice = {**asked, "items": [{"slot": "passport", "reasons": ["glare"]}] * 2}
    assert problem(order(api, walk.case, "decide", twice), 422, "invalid")["errors"][0]["field"] == "items"
    good = {**asked, "items": [{"slot": "passport", "reasons": ["glare"]}]}
    assert order(api, walk.case, "decide", good).status_code == 200
    body = as_person(walk.user).get(f"cases/{walk.case.pk}")
    walk.settle()
    body = as_person(walk.user).get(f"cases/{walk.case.pk}").json()
    assert body["status"] == "resubmission_requested"
    picture = body["requirements"][-1]
    assert (picture["owed"], picture["open"], picture["reasons"][0]["code"]) == (True, True, "glare")


def test_extend_pause_resume_and_resend(sue: User, as_person: As) -> None:
    walk = make_walk()
    walk.confirm()
    walk.settle()
    api = as_person(sue)
    before = datetime.fromisoformat(api.get(f"cases/{walk.case.pk}").json()["closes_at"])
    assert order(api, walk.case, "extend", {**REASON, "seconds": 86_400}).status_code == 200
    after = datetime.fromisoformat(api.get(f"cases/{walk.case.pk}").json()["closes_at"])
    assert (after - before).total_seconds() == 86_400
    assert order(api, walk.case, "pause", REASON).status_code == 200
    assert api.get(f"cases/{walk.case.pk}").json()["paused"] is True
    problem(order(api, walk.case, "pause", REASON), 409, "case_paused")
    assert order(api, walk.case, "resume", REASON).status_code == 200
    assert order(api, walk.case, "resend", REASON).status_code == 200
    walk.settle()
    assert AuditEvent.objects.get(case=walk.case, kind="extended").reason == "asked for by telephone"
    assert Email.objects.filter(case=walk.case).exists()


def test_support_reopens_and_so_does_the_applicant(sue: User, as_person: As) -> None:
    walk = make_walk()
    walk.confirm()
    for api, body in ((as_person(sue), REASON), (as_person(walk.user), None)):
        walk.withdraw()
        walk.until(CaseStatus.WITHDRAWN)
        answer = order(api, walk.case, "reopen", body)
        assert answer.json()["status"] == "collecting", answer.content
        walk.settle()


def test_the_same_command_twice_is_done_once(sue: User, as_person: As) -> None:
    """Also when the first answer was lost in between."""
    walk = make_walk()
    walk.confirm()
    walk.settle()
    key = new_key()
    body = {**REASON, "seconds": 86_400}
    first = order(as_person(sue), walk.case, "extend", body, key)
    IdempotencyKey.objects.update(status=None, body=None)  # we died before it was kept
    second = order(as_person(sue), walk.case, "extend", body, key)
    third = order(as_person(sue), walk.case, "extend", body, key)
    assert first.json() == second.json() == third.json()
    assert third.headers["Idempotency-Replayed"] == "true"
    walk.settle()
    assert AuditEvent.objects.filter(case=walk.case, kind="extended").count() == 1


def test_the_same_command_at_the_same_time_is_done_once(sue: User, as_person: As) -> None:
    walk = make_walk()
    walk.confirm()
    walk.settle()
    key, api = new_key(), as_person(sue)
    body = {**REASON, "seconds": 86_400}
    answers: list[Any] = in_threads(*[lambda: order(api, walk.case, "extend", body, key)] * 3)
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert 200 in {answer.status_code for answer in answers}
    for answer in answers:
        assert answer.status_code == 200 or answer.json()["code"] == "idempotency_in_flight"
    walk.settle()
    assert AuditEvent.objects.filter(case=walk.case, kind="extended").count() == 1


def test_after_no_answer_the_same_key_does_it_once(
    sue: User, as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workflow has done it, but the answer was lost on its way."""
    walk = make_walk()
    walk.confirm()
    walk.settle()
    key, real = new_key(), gateway.command

    def deaf(*arguments: Any) -> None:
        real(*arguments)
        raise gateway.Unavailable("lost")

    with monkeypatch.context() as broken:
        broken.setattr(gateway, "command", deaf)
        answer = order(as_person(sue), walk.case, "pause", REASON, key)
        problem(answer, 503, "unavailable")
        assert answer.headers["Retry-After"] == "5"
    assert order(as_person(sue), walk.case, "pause", REASON, key).status_code == 200
    walk.settle()
    assert AuditEvent.objects.filter(case=walk.case, kind="paused").count() == 1


def test_nobody_decides_their_own_case(as_person: As) -> None:
    walk = in_review()
    walk.user.is_staff = walk.user.is_superuser = True
    walk.user.save()
    problem(order(as_person(walk.user), walk.case, "decide", APPROVE), 403, "own_case")


def test_a_case_that_is_over_tells_who_decided(rita: User, ruben: User, as_person: As) -> None:
    walk = in_review()
    assert order(as_person(rita), walk.case, "decide", REFUSE).status_code == 200
    walk.until(CaseStatus.REJECTED)
    told = problem(order(as_person(ruben), walk.case, "decide", APPROVE), 409, "already_decided")
    assert told["by"]["name"] == "Rita Romero"


def test_an_applicant_is_not_told_which_colleague_it_was(rita: User, as_person: As) -> None:
    walk = in_review(rita=rita)
    walk.approve()
    walk.settle()
    refused = problem(as_person(walk.user).post(f"cases/{walk.case.pk}/submit"), 409, "finished")
    assert "by" not in refused
    body = as_person(walk.user).get(f"cases/{walk.case.pk}").content.decode()
    assert "Rita" not in body


def test_a_case_of_an_integration_lives_like_any_other(
    as_integration: Callable[..., Api], worker: RunningWorker
) -> None:
    api = as_integration()
    assert api.post("sign-ups", {"email": f"{uuid.uuid4().hex}@example.org"}, key="one").status_code == 202
    case = Case.objects.get()
    confirm(case)
    assert gateway.snapshot(str(case.pk)).case.status is CaseStatus.COLLECTING
