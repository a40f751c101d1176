"""What a decision would send, before it is made: the same rules and the same templates."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from onboarding import clock
from onboarding.desk import forms, refusals
from onboarding.desk.access import staff_of
from onboarding.domain.case import Case as CaseState
from onboarding.domain.messages import Decide
from onboarding.domain.notices import NoticeKind
from onboarding.domain.refusals import RefusalCode
from onboarding.domain.status import Outcome
from onboarding.domain.transition import hear, refuse
from onboarding.mail import notices
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.people import User
from onboarding.records import queries
from onboarding.usecases import staff
from temporal_app import gateway


@dataclass(frozen=True, slots=True)
class Letter:
    to: str
    subject: str
    text: str


def decision(user: User, case: Case, form: forms.DecisionForm) -> Decide:
    """The command that a valid decision form stands for.

    Raises:
        gateway.Refused: this account may not decide this case, or the catalogue has another reason now.
    """
    typed = form.cleaned_data
    return staff.decision(
        user,
        case,
        submission=typed["submission"],
        outcome=Outcome(typed["outcome"]),
        reasons=tuple(typed["reasons"]),
        items=form.items,
        extra_attempt=typed["extra_attempt"],
        key=str(typed["key"]),
    )


def preview(row: Case, state: CaseState, order: Decide) -> tuple[Letter, ...]:
    """The e-mails that the applicant would get from this decision. Nothing is sent or recorded.

    Raises:
        gateway.Refused: the rules would refuse the decision now.
    """
    now = clock.case_now(row)
    refusal = refuse(state, order, now)
    if refusal:
        raise gateway.Refused(refusal)
    decided = hear(state, order, now)
    owed = [notice for notice in decided.history[-1].notices if not notice.account]
    return tuple(_letter(row, decided, notice.kind) for notice in owed)


def fragment(request: HttpRequest, row: Case) -> HttpResponse:
    """The letters alone, or why there are none yet. Made from the recorded case, so it asks no workflow."""
    user = staff_of(request)
    snapshot = queries.current_snapshot(row)
    form = forms.DecisionForm(snapshot, request.POST)
    context: dict[str, object] = {}
    if not form.is_valid():
        wrong = [*form.non_field_errors(), *(each for errors in form.errors.values() for each in errors)]
        context["hint"] = wrong[0] if wrong else ""
    else:
        try:
            context["letters"] = preview(row, snapshot.case, decision(user, row, form))
        except gateway.Refused as error:
            if error.refusal.code in {RefusalCode.NOT_ALLOWED, RefusalCode.OWN_CASE}:
                raise PermissionDenied from error
            if error.refusal.code is RefusalCode.REASON_MISSING:
                context["hint"] = gettext("Tick at least one reason to read the e-mail.")
            else:
                context["hint"] = refusals.sentence(error.refusal, snapshot, user, clock.case_now(row))
    return render(request, "admin/onboarding/case/letters.html", context)


def _letter(row: Case, state: CaseState, kind: NoticeKind) -> Letter:
    content = notices.preview(kind, Email(case=row, recipient=row.applicant, kind=kind), state)
    return Letter(row.applicant.email, content.subject, content.text)
