"""Cases in the admin: the queue as their list, the desk as their page, and where both live."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext

from onboarding.desk import (
    bulk,
    bulk_form,
    cells,
    forms,
    orders,
    page,
    pulse,
    queue,
    reading,
    shortcuts,
    words,
)
from onboarding.desk.access import ReadOnlyAdmin, staff_of
from onboarding.models.cases import Case


class CaseAdmin(ReadOnlyAdmin):
    """The queue reads rows, never a workflow; the page of one case asks its workflow."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("take-next/", view(self.take_next), name="onboarding_case_take_next"),
            path("bulk/", view(self.bulk_view), name="onboarding_case_bulk"),
            path("shortcuts/", view(self.shortcuts_view), name="onboarding_case_shortcuts"),
            path("<uuid:case_id>/note/", view(self.note_view), name="onboarding_case_note"),
            path("<uuid:case_id>/pulse/", view(self.pulse_view), name="onboarding_case_pulse"),
        ]
        own += [
            path(f"<uuid:case_id>/{name}/", view(self.order_view), {"name": name}, f"onboarding_case_{name}")
            for name in orders.NAMES
        ]
        return [*own, *super().get_urls()]

    # --- the queue -------------------------------------------------------------------------------

    def changelist_view(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002  Django's signature
    ) -> HttpResponse:
        """The queue. Django's own list counts every case and skips rows to turn pages; ours doesn't."""
        self.refuse_strangers(request)
        user = staff_of(request)
        asked = queue.Asked.of(request.GET, user)
        shown = queue.page(asked, user)
        allowed = bulk_form.orders_for(user)
        context = {
            **self.admin_site.each_context(request),
            "opts": Case._meta,
            "title": gettext("Queue"),
            "asked": asked,
            "tabs": queue.tabs(user, asked),
            "statuses": _statuses(asked),
            "lines": [cells.line(each, user) for each in shown.rows],
            "following": asked.url(after=shown.following) if shown.following else "",
            "beginning": asked.url() if asked.after else "",
            "bulk": bulk_form.BulkForm(user) if allowed and shown.rows else None,
            "take_next_key": forms.new_key() if orders.may_take_next(user) else "",
            "shortcuts": shortcuts.shown(user, shortcuts.QUEUE),
        }
        return TemplateResponse(request, "admin/onboarding/case/queue.html", context)

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        return bulk.view(request, self)

    def take_next(self, request: HttpRequest) -> HttpResponse:
        return orders.take_next(request, self)

    def shortcuts_view(self, request: HttpRequest) -> HttpResponse:
        return shortcuts.view(request, self)

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

    def note_view(self, request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
        return orders.write_note(request, self, self._row(request, str(case_id)))

    def pulse_view(self, request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
        return pulse.view(request, self._row(request, str(case_id)))

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


def _statuses(asked: queue.Asked) -> list[tuple[str, str, bool]]:
    """The filter by status, where every case is shown: label, address, chosen."""
    if asked.tab != queue.ALL:
        return []
    choices = [("", gettext("every status")), *((each, words.plain(each)) for each in queue.STATUSES)]
    return [(label, asked.url(status=status), status == asked.status) for status, label in choices]
