"""Cases in the admin: the queue as its list, the desk as its detail page, and where both live."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext

from onboarding import clock
from onboarding.desk import forms, orders, page, queue, reading, words
from onboarding.desk.access import ReadOnlyAdmin, staff_of
from onboarding.desk.masking import masked_applicant
from onboarding.domain.status import CaseStatus
from onboarding.models.cases import Case

FULL_REFERENCE = 8


class CaseAdmin(ReadOnlyAdmin):
    """The queue reads rows, never a workflow; the page of one case asks its workflow."""

    change_list_template = "admin/onboarding/case/queue.html"
    list_display = ["sla", "link", "applicant_masked", "status_words", "checks", "attempt", "claimer", "age"]
    list_display_links = ["link"]
    list_filter = [queue.QueueTab, "status", "paused"]
    list_select_related = ["applicant", "profile", "claimed_by"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference", "applicant__email", "profile__given_name", "profile__family_name"]
    search_help_text = "Reference, e-mail address or name"
    sortable_by = ()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [path("take-next/", view(self.take_next), name="onboarding_case_take_next")]
        own += [
            path(f"<uuid:case_id>/{name}/", view(self.order_view), {"name": name}, f"onboarding_case_{name}")
            for name in orders.NAMES
        ]
        return [*own, *super().get_urls()]

    # --- the queue -------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        rows: QuerySet[Case] = super().get_queryset(request)
        return rows.annotate(flags=F("state__flags")).defer("state", "policy")

    def get_ordering(self, request: HttpRequest) -> list[OrderBy]:  # type: ignore[override]  # stubs know names only
        return queue.order_of(queue.chosen_tab(request, staff_of(request)))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Case], search_term: str
    ) -> tuple[QuerySet[Case], bool]:
        """A whole reference, as it is read out on the telephone, finds its case by the index."""
        typed = "".join(search_term.upper().split()).replace("-", "")
        if len(typed) == FULL_REFERENCE and typed.isalnum():
            exact = queryset.filter(reference=f"{typed[:4]}-{typed[4:]}")
            if exact.exists():
                return exact, False
        return super().get_search_results(request, queryset, search_term)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        user = staff_of(request)
        tab = queue.chosen_tab(request, user)
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)  # which refuses
        return super().changelist_view(
            request,
            {
                "title": gettext("Queue"),
                "tabs": queue.tabs(user, tab),
                "every_status": tab == queue.ALL,
                "take_next_key": forms.new_key() if orders.may_take_next(user) else "",
                **(extra_context or {}),
            },
        )

    @admin.display(description="SLA left")
    def sla(self, case: Case) -> str:
        """How long until somebody must have acted, in words; the class colours it."""
        now = clock.case_now(case)
        if case.paused:
            return _badge("still", gettext("paused"))
        if case.review_due_at:
            return _due(case.review_due_at, now, case)
        if case.closes_at:
            left = words.duration(case.closes_at - now)
            return _badge("still", gettext("closes in {time}").format(time=left))
        return _badge("still", "-")

    @admin.display(description="reference")
    def link(self, case: Case) -> str:
        return case.reference

    @admin.display(description="applicant")
    def applicant_masked(self, case: Case) -> str:
        return masked_applicant(case)

    @admin.display(description="status")
    def status_words(self, case: Case) -> str:
        return words.plain(case.status)

    @admin.display(description="checks")
    def checks(self, case: Case) -> str:
        """A light: not run, hints for the reviewer, or nothing noticed. Word, shape and colour say it."""
        flags: list[str] = getattr(case, "flags", None) or []
        if case.unchecked:
            return _badge("warn", gettext("▲ not checked"))
        if flags:
            said = ", ".join(words.plain(flag.partition(":")[2] or flag) for flag in flags)
            return _badge("warn", f"▲ {said}")
        if case.submission and case.status != CaseStatus.CHECKING:
            return _badge("good", gettext("● fine"))
        return _badge("still", "-")

    @admin.display(description="try")
    def attempt(self, case: Case) -> int:
        return case.resubmissions + 1

    @admin.display(description="claimed by")
    def claimer(self, case: Case) -> str:
        return words.person(case.claimed_by) if case.claimed_by else "-"

    @admin.display(description="age")
    def age(self, case: Case) -> str:
        return words.duration(clock.case_now(case) - (case.in_review_since or case.born_at))

    # --- one case --------------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002  Django's signature
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """The page of one case. Commands have addresses of their own: see `order_view`."""
        row = self._row(request, object_id)
        return page.show(request, self, row, reading.read(row))

    def order_view(self, request: HttpRequest, case_id: uuid.UUID, name: str) -> HttpResponse:
        return orders.carry_out(request, self, self._row(request, str(case_id)), name)

    def take_next(self, request: HttpRequest) -> HttpResponse:
        return orders.take_next(request, self)

    def _row(self, request: HttpRequest, object_id: str) -> Case:
        """The row of a case, for those who may look at cases.

        Raises:
            PermissionDenied, Http404
        """
        try:
            key = uuid.UUID(object_id)
        except ValueError:
            key = uuid.UUID(int=0)
        self.refuse_strangers(request)
        rows = Case.objects.select_related("applicant", "profile", "claimed_by")
        return get_object_or_404(rows, pk=key)

    def refuse_strangers(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _due(due_at: datetime, now: datetime, case: Case) -> str:
    left = words.duration(due_at - now)
    if due_at <= now:
        text = gettext("overdue {time}").format(time=left)
        level = gettext("escalated {level}").format(level=case.escalation_level)
        return _badge("late", f"■ {text}" + (f", {level}" if case.escalation_level else ""))
    return _badge("warn" if case.due_soon else "good", f"▲ {left}" if case.due_soon else f"● {left}")


def _badge(kind: str, text: str) -> str:
    return format_html('<span class="badge badge-{}">{}</span>', kind, text)
