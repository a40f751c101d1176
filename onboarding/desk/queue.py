"""The queue: which cases stand on which tab, in which order, a page at a time. From rows only.

Every tab is a range of one index, in its order (`models.cases`), and every page begins where the one before
it ended: so the last page costs what the first one does, also at a million cases. Counts stop at a thousand.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding import roles
from onboarding.domain.status import CaseStatus
from onboarding.models.cases import REVIEWABLE, URGENCY, Case
from onboarding.models.people import User

PAGE = 50
COUNTED = 1000
UNCLAIMED, MINE, WAITING, ALL = "unclaimed", "mine", "waiting", "all"
RETURNED = "returned"

TABS = {
    UNCLAIMED: _("Unclaimed"),
    MINE: _("Mine"),
    "due": _("Due soon"),
    "escalated": _("Escalated"),
    RETURNED: _("Returned to me"),
    WAITING: _("Waiting on applicant"),
    ALL: _("All"),
}
ORDERS = {WAITING: ("closes_at", "id"), ALL: ("-changed_at", "-id")}
"""Most urgent first: by the promised review, by the applicant's deadline; else the last change."""
PAUSED = "paused"
STATUSES = (*CaseStatus, PAUSED)


@dataclass(frozen=True, slots=True)
class Tab:
    """`count` is empty where counting would read every case there ever was."""

    name: str
    label: str
    url: str
    count: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of the queue; nonsense in an address counts as not asked for."""

    tab: str
    status: str = ""
    after: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str], user: User) -> Asked:
        tab = parameters.get("tab", "")
        if tab not in TABS:
            tab = UNCLAIMED if roles.may_see_documents(user) else ALL
        status = parameters.get("status", "")
        return cls(
            tab=tab,
            status=status if status in STATUSES and tab == ALL else "",
            after=parameters.get("after", ""),
        )

    def url(self, **changes: str) -> str:
        """The address of the same view with some changes."""
        names = {"tab": self.tab, "status": self.status, **changes}
        return "?" + urlencode({name: value for name, value in names.items() if value})


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Case]
    following: str
    """Where the next page begins; empty on the last one."""


def on_tab(tab: str, user: User) -> Q:
    """Which cases stand on a tab, as this member of staff sees it. One that is paused waits for nobody.

    What a tab asks stands in its index, so that counting reads no row.
    """
    return {
        UNCLAIMED: REVIEWABLE & Q(claimed_by=None),
        MINE: REVIEWABLE & Q(claimed_by=user.pk),
        "due": REVIEWABLE & Q(due_soon=True, escalation_level=0),
        "escalated": REVIEWABLE & Q(escalation_level__gt=0),
        RETURNED: REVIEWABLE & Q(last_reviewer=user.pk),
        WAITING: Q(closes_at__isnull=False),
        ALL: Q(),
    }[tab]


def page(asked: Asked, user: User) -> Page:
    """One page of what was asked for. One query."""
    order = ORDERS.get(asked.tab, tuple(URGENCY))
    rows = Case.objects.filter(on_tab(asked.tab, user))
    if asked.status == PAUSED:
        rows = rows.filter(paused=True)
    elif asked.status:
        rows = rows.filter(status=asked.status)
    place = _place(order, asked.after)
    if place:
        rows = rows.filter(_beyond(order, place))
    rows = rows.select_related("applicant", "profile", "claimed_by")
    rows = rows.annotate(flags=F("state__flags")).defer("state", "policy").order_by(*order)
    found = list(rows[: PAGE + 1])
    following = _token(order, found[PAGE - 1]) if len(found) > PAGE else ""
    return Page(list(found[:PAGE]), following)


def tabs(user: User, asked: Asked) -> list[Tab]:
    """The tabs with what stands on them: one bounded query each."""
    return [
        Tab(
            name=tab,
            label=str(label),
            url=Asked(tab).url(),
            count=_count(tab, user) if tab != ALL else "",
            chosen=tab == asked.tab,
        )
        for tab, label in TABS.items()
    ]


def _count(tab: str, user: User) -> str:
    number = Case.objects.filter(on_tab(tab, user))[: COUNTED + 1].count()
    return str(number) if number <= COUNTED else gettext("1,000+")


# --- where a page begins -------------------------------------------------------------------------


def _beyond(order: tuple[str, ...], place: list[object]) -> Q:
    """The rows after this place. The first line lets an index begin there instead of at the beginning."""
    start = f"{order[0].lstrip('-')}__{'lte' if order[0].startswith('-') else 'gte'}"
    after, same = Q(), Q()
    for name, value in zip(order, place, strict=True):
        field = name.lstrip("-")
        after |= same & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{field: value})
    return Q(**{start: place[0]}) & after


def _token(order: tuple[str, ...], row: Case) -> str:
    values = (getattr(row, name.lstrip("-")) for name in order)
    return "~".join(each.isoformat() if isinstance(each, datetime) else str(each) for each in values)


READ: dict[str, Callable[[str], object]] = {
    "escalation_level": int,
    "due_soon": lambda text: text == "True",
    "review_due_at": datetime.fromisoformat,
    "closes_at": datetime.fromisoformat,
    "changed_at": datetime.fromisoformat,
    "id": uuid.UUID,
}


def _place(order: tuple[str, ...], token: str) -> list[object]:
    """The inverse of `_token`; empty for anything else, which begins at the beginning."""
    parts = token.split("~")
    if len(parts) != len(order) or len(token) > 200:
        return []
    try:
        place = [READ[name.lstrip("-")](part) for name, part in zip(order, parts, strict=True)]
    except ValueError:
        return []
    aware = all(each.tzinfo for each in place if isinstance(each, datetime))
    small = all(abs(each) < 1000 for each in place if isinstance(each, int))
    return place if aware and small else []
