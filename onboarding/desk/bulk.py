"""One order for many cases: release, assign, extend. Each case answers for itself, and gets a receipt.

The form has one key, and each case makes its command of it: sending the form again repeats nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding import clock
from onboarding.desk import cells, refusals, words
from onboarding.desk.access import staff_of
from onboarding.desk.bulk_form import ASSIGN, EXTEND, RELEASE, BulkForm, orders_for
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.usecases import staff
from temporal_app import gateway

if TYPE_CHECKING:
    from onboarding.desk.cases import CaseAdmin

BUDGET_SECONDS = 3.5
"""No further case is begun after this: the page has to answer within five seconds."""
DONE, REFUSED, UNKNOWN, UNTRIED = "done", "refused", "unknown", "untried"
KINDS = {DONE: cells.GOOD, REFUSED: cells.LATE, UNKNOWN: cells.WARN, UNTRIED: cells.STILL}
SAID = {RELEASE: _("released"), ASSIGN: _("assigned"), EXTEND: _("extended")}


@dataclass(frozen=True, slots=True)
class RowReceipt:
    """What became of the order for one case. `state` is one of `KINDS`."""

    case: Case
    state: str
    why: str = ""

    @property
    def answered(self) -> bool:
        return self.state in {DONE, REFUSED}

    @property
    def cell(self) -> cells.Cell:
        said = {
            DONE: gettext("done"),
            REFUSED: gettext("refused"),
            UNKNOWN: gettext("no answer"),
            UNTRIED: gettext("not tried yet"),
        }
        return cells.Cell(said[self.state], KINDS[self.state])


def view(request: HttpRequest, desk: CaseAdmin) -> HttpResponse:
    """Carries the order out and shows the receipts; a form that is incomplete is shown again as it was."""
    user = staff_of(request)
    desk.refuse_strangers(request)
    if not orders_for(user):
        raise PermissionDenied
    if request.method != "POST":
        return redirect("admin:onboarding_case_changelist")
    form = BulkForm(user, request.POST)
    context = {
        **desk.admin_site.each_context(request),
        "opts": Case._meta,
        "title": gettext("Receipts"),
        "form": form,
    }
    if not form.is_valid():
        context |= {"chosen": form.chosen(), "receipts": []}
        return TemplateResponse(request, "admin/onboarding/case/bulk.html", context, status=400)
    receipts = list(carried_out(user, form))
    unanswered = [each.case for each in receipts if not each.answered]
    context |= {
        "receipts": receipts,
        "chosen": unanswered,
        "summary": _summary(form, receipts),
    }
    status = 503 if receipts and len(unanswered) == len(receipts) else 200
    return TemplateResponse(request, "admin/onboarding/case/bulk.html", context, status=status)


def carried_out(user: User, form: BulkForm) -> Iterator[RowReceipt]:
    """One receipt a case, in the order of the form. After the time the rest is left."""
    run = _command(user, form)
    give_up_at = time.monotonic() + BUDGET_SECONDS
    for case in form.chosen():
        if time.monotonic() > give_up_at:
            yield RowReceipt(case, UNTRIED, gettext("There was no time left for it: send it again."))
            continue
        try:
            run(case)
        except gateway.Refused as error:
            why = refusals.sentence(error.refusal, None, user, clock.case_now(case))
            yield RowReceipt(case, REFUSED, why)
        except gateway.Unavailable:
            why = gettext("It isn't known whether this was recorded. Sending it again is safe.")
            yield RowReceipt(case, UNKNOWN, why)
        except gateway.GatewayError:
            yield RowReceipt(case, REFUSED, gettext("The workflow of this case takes no orders any more."))
        else:
            yield RowReceipt(case, DONE)


def _command(user: User, form: BulkForm) -> Callable[[Case], object]:
    typed: dict[str, Any] = form.cleaned_data
    key = str(typed["key"])
    if typed["order"] == RELEASE:
        return lambda case: staff.release(user, case, key=key)
    if typed["order"] == ASSIGN:
        return lambda case: staff.assign(user, case, to=typed["to"], key=key)
    seconds = typed["days"] * 86_400
    return lambda case: staff.extend(user, case, seconds=seconds, reason=typed["reason"], key=key)


def _summary(form: BulkForm, receipts: list[RowReceipt]) -> str:
    done = sum(each.state == DONE for each in receipts)
    typed = form.cleaned_data
    what = str(SAID[typed["order"]])
    if typed["order"] == ASSIGN:
        what = gettext("assigned to {name}").format(name=words.person(typed["to"]))
    return gettext("{done} of {all} cases {what}.").format(done=done, all=len(receipts), what=what)
