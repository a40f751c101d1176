"""Single keys for people who do this all day: listed by `?`, and switched off by who doesn't want them.

Never inside a field (WCAG 2.2, 2.1.4): the script asks where the focus is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding.desk.access import staff_of
from onboarding.models.cases import Case
from onboarding.models.desk import DeskPreference
from onboarding.models.people import User

if TYPE_CHECKING:
    from onboarding.desk.cases import CaseAdmin

Key = tuple[str, Promise]
COMMON: tuple[Key, ...] = (("?", _("Show or hide this list")), ("/", _("Find a case")))
QUEUE: tuple[Key, ...] = (
    ("t", _("Take next")),
    ("j", _("Next row")),
    ("k", _("Row before")),
    ("o", _("Open the row")),
    *COMMON,
)
DESK: tuple[Key, ...] = (
    ("c", _("Claim the case, or renew the claim")),
    ("l", _("Release the case")),
    ("d", _("Next document")),
    ("+", _("Zoom in")),
    ("-", _("Zoom out")),
    ("[", _("Rotate to the left")),
    ("]", _("Rotate to the right")),
    ("0", _("Fit the picture")),
    ("1", _("Ask again")),
    ("2", _("Approve")),
    ("3", _("Refuse")),
    ("n", _("Write a note")),
    ("s", _("Go to the button that records the decision")),
    ("t", _("Take next")),
    *COMMON,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The keys of one page, and whether this person uses them."""

    on: bool
    keys: tuple[Key, ...]


def shown(user: User, keys: tuple[Key, ...]) -> Shown:
    chosen = DeskPreference.objects.filter(user=user).values_list("shortcuts", flat=True).first()
    return Shown(chosen is not False, keys)


def view(request: HttpRequest, desk: CaseAdmin) -> HttpResponse:
    """The list as a page of its own; POST `shortcuts` = on or off keeps the choice with the account."""
    desk.refuse_strangers(request)
    user = staff_of(request)
    if request.method == "POST":
        on = request.POST.get("shortcuts") == "on"
        DeskPreference.objects.update_or_create(user=user, defaults={"shortcuts": on})
        text = gettext("Shortcuts are on.") if on else gettext("Shortcuts are off.")
        messages.success(request, text)
        return redirect(_back(request))
    context = {
        **desk.admin_site.each_context(request),
        "opts": Case._meta,
        "title": gettext("Keyboard shortcuts"),
        "lists": [(_("Queue"), QUEUE), (_("One case"), DESK)],
        "shortcuts": shown(user, ()),
    }
    return TemplateResponse(request, "admin/onboarding/case/shortcuts.html", context)


def _back(request: HttpRequest) -> str:
    """Where the form stood, if that is a page of ours."""
    asked = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return "admin:onboarding_case_shortcuts"
