"""What staff command: carried out by the workflow, and answered with its receipt."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from onboarding.api import answers, bodies
from onboarding.api.base import ApiView
from onboarding.api.schema import described
from onboarding.domain.case import Receipt
from onboarding.domain.messages import ItemReasons
from onboarding.domain.status import Outcome, Slot
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.usecases import staff


class Command(ApiView):
    """One command. Roles, own cases and whoever was faster are the use case's business."""

    staff_only = True
    key_required = True
    body: type[bodies.Body] = bodies.Nothing

    def carry_out(self, user: User, row: Case, typed: dict[str, Any], key: str) -> Receipt:
        raise NotImplementedError

    def command(self, case_id: uuid.UUID) -> HttpResponse:
        row = self.case(case_id)
        typed = self.typed(self.body)

        def work(key: str) -> Response:
            done = self.carry_out(self.caller.user, row, typed, key)
            return Response({"done": True, "at": done.at, "version": done.version})

        return self.once(work)


class ClaimView(Command):
    @described(
        "Claim",
        answers.ReceiptShape,
        body=bodies.Nothing,
        operation="claimCase",
        about="Takes the case for a while, or renews one's own claim. For reviewers.",
    )
    def post(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        return self.command(case_id)

    def carry_out(self, user: User, row: Case, typed: dict[str, Any], key: str) -> Receipt:
        return staff.claim(user, row, key=key)


class ReleaseView(Command):
    @described(
        "Release",
        answers.ReceiptShape,
        body=bodies.Nothing,
        operation="releaseCase",
        about="Gives the case back to the queue. For reviewers.",
    )
    def post(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        return self.command(case_id)

    def carry_out(self, user: User, row: Case, typed: dict[str, Any], key: str) -> Receipt:
        return staff.release(user, row, key=key)


class DecideView(Command):
    body = bodies.DecisionBody

    @described(
        "Decide",
        answers.ReceiptShape,
        body=bodies.DecisionBody,
        operation="decideCase",
        about=(
            "About the submission that was looked at; a newer one is refused as `other_submission`, "
            "and who was slower gets `already_decided` with who and when. For reviewers."
        ),
    )
    def post(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        return self.command(case_id)

    def carry_out(self, user: User, row: Case, typed: dict[str, Any], key: str) -> Receipt:
        order = staff.decision(
            user,
            row,
            submission=typed["submission"],
            outcome=Outcome(typed["outcome"]),
            reasons=tuple(typed.get("reasons", ())),
            items=tuple(
                ItemReasons(slot=Slot(item["slot"]), reasons=tuple(item["reasons"]))
                for item in typed.get("items", ())
            ),
            extra_attempt=typed.get("extra_attempt", False),
            key=key,
        )
        return staff.decide(row, order)


class ExtendView(Command):
    body = bodies.ExtendBody

    @described(
        "Extend the deadline",
        answers.ReceiptShape,
        body=bodies.ExtendBody,
        operation="extendCase",
        about="Moves the deadline of what the applicant owes. For support and operators.",
    )
    def post(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        return self.command(case_id)

    def carry_out(self, user: User, row: Case, typed: dict[str, Any], key: str) -> Receipt:
        return staff.extend(user, row, seconds=typed["seconds"], reason=typed["reason"], key=key)


class PauseView(Command):
    body = bodies.ReasonBody

    @described(
        "Pause",
        answers.ReceiptShape,
        body=bodies.ReasonBody,
        operation="pauseCase",
        about="Stops the clock of the case. For support and operators.",
    )
    def post(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        return self.command(case_id)

    def carry_out(self, user: User, row: Case, typed: dict[str, Any], key: str) -> Receipt:
        return staff.pause(user, row, reason=typed["reason"], key=key)


class ResumeView(Command):
    body = bodies.ReasonBody

    @described(
        "Resume",
        answers.ReceiptShape,
        body=bodies.ReasonBody,
        operation="resumeCase",
        about="Lets the clock run again from where it stood. For support and operators.",
    )
    def post(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        return self.command(case_id)

    def carry_out(self, user: User, row: Case, typed: dict[str, Any], key: str) -> Receipt:
        return staff.resume(user, row, reason=typed["reason"], key=key)


class ResendView(Command):
    body = bodies.ReasonBody

    @described(
        "Send the e-mail again",
        answers.ReceiptShape,
        body=bodies.ReasonBody,
        operation="resendNotice",
        about="The one of the present status. For support.",
    )
    def post(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        return self.command(case_id)

    def carry_out(self, user: User, row: Case, typed: dict[str, Any], key: str) -> Receipt:
        return staff.resend(user, row, reason=typed["reason"], key=key)
