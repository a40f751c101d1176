"""The queue: which cases stand on which tab, in which order. From rows only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

from onboarding import roles
from onboarding.domain.status import APPLICANT_OWES, OPEN, CaseStatus
from onboarding.models.cases import Case
from onboarding.models.people import User

IN_REVIEW = Q(status=CaseStatus.IN_REVIEW)
UNCLAIMED, WAITING, ALL = "unclaimed", "waiting", "all"

TABS = {
    UNCLAIMED: gettext_noop("Unclaimed"),
    "mine": gettext_noop("Mine"),
    "due": gettext_noop("Due soon"),
    "escalated": gettext_noop("Escalated"),
    "returned": gettext_noop("Returned to me"),
    WAITING: gettext_noop("Waiting on applicant"),
    ALL: gettext_noop("All"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """`count` is None where counting would read every case there ever was."""

    label: str
    url: str
    count: int | None
    chosen: bool


def on_tab(tab: str, user: User) -> Q:
    """Which cases stand on a tab, as this member of staff sees it."""
    return {
        UNCLAIMED: IN_REVIEW & Q(claimed_by=None, paused=False),
        "mine": IN_REVIEW & Q(claimed_by=user.pk),
        "due": IN_REVIEW & Q(due_soon=True, escalation_level=0),
        "escalated": IN_REVIEW & Q(escalation_level__gt=0),
        "returned": IN_REVIEW & Q(last_reviewer=user.pk),
        WAITING: Q(status__in=APPLICANT_OWES),
        ALL: Q(),
    }[tab]


def order_of(tab: str) -> list[OrderBy]:
    """Most urgent first: by the promised review, by the applicant's deadline, else the newest."""
    first_due = F("review_due_at").asc(nulls_last=True)
    late = [F("escalation_level").desc(), F("due_soon").desc()]
    if tab == WAITING:
        return [F("closes_at").asc(nulls_last=True), F("id").asc()]
    if tab == ALL:
        return [*late, first_due, F("changed_at").desc(), F("id").asc()]
    return [*late, first_due, F("id").asc()]


def chosen_tab(request: HttpRequest, user: User) -> str:
    """The tab that was asked for; without one, reviewers who don't search see what waits for them."""
    asked = request.GET.get(QueueTab.parameter_name, "")
    if asked in TABS:
        return asked
    reviews = roles.may_see_documents(user)
    return UNCLAIMED if reviews and not request.GET.get("q") else ALL


def counts(user: User) -> dict[str, int]:
    """How many open cases stand on each tab: one query."""
    wanted = {tab: Count("pk", filter=on_tab(tab, user)) for tab in TABS if tab != ALL}
    found: dict[str, int] = Case.objects.filter(status__in=OPEN).aggregate(**wanted)
    return found


def tabs(user: User, chosen: str) -> list[Tab]:
    counted = counts(user)
    return [
        Tab(gettext(label), f"?{QueueTab.parameter_name}={tab}", counted.get(tab), tab == chosen)
        for tab, label in TABS.items()
    ]


class QueueTab(admin.SimpleListFilter):
    """The tab as a parameter of Django's change list."""

    title = "queue"
    parameter_name = "tab"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        return list(TABS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        user = request.user
        assert isinstance(user, User)
        return queryset.filter(on_tab(chosen_tab(request, user), user))
