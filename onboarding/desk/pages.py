"""The desk's own pages beside Django's: where each lives, and who may open it. The one list of both."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache

from onboarding import roles
from onboarding.desk.access import staff_of
from onboarding.domain.status import Role

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite

View = Callable[..., HttpResponse]

EVERYBODY = frozenset(roles.STAFF_ROLES)
HELPERS = frozenset({Role.SUPPORT, Role.SENIOR, Role.OPERATOR})
"""Who helps applicants: they see facts, and personal data only where they say why."""
LEADS = frozenset({Role.REVIEWER, Role.SENIOR, Role.OPERATOR})
OPERATORS = frozenset({Role.OPERATOR})

LINKS = (
    ("desk_dashboard", gettext_lazy("Dashboard"), LEADS),
    ("desk_parked", gettext_lazy("Parked"), OPERATORS),
    ("desk_policy", gettext_lazy("Policy"), OPERATORS),
)
"""What the head of every page offers to whom."""
DEMO_LINKS = (("desk_mails", gettext_lazy("E-mails"), EVERYBODY),)


def for_roles(who: frozenset[Role], view: View) -> View:
    """The view for accounts with one of these roles; 403 for the others. Never kept by a browser."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not who & set(roles.roles_of(staff_of(request))):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(checked)


def links(request: HttpRequest) -> list[tuple[str, str]]:
    """Label and address of each page that this account may open."""
    user = request.user
    mine = set(roles.roles_of(staff_of(request))) if user.is_authenticated else set()
    offered = (*LINKS, *DEMO_LINKS) if settings.DEMO else LINKS
    return [(str(label), reverse(f"admin:{name}")) for name, label, who in offered if who & mine]


def urls(site: AdminSite) -> list[URLPattern]:
    """Every page, behind the site's login and its roles."""
    from onboarding.desk import dashboard, helping, mail_previews, parked, policies, searching, sent_mail

    def at(address: str, view: View, name: str, who: frozenset[Role]) -> URLPattern:
        return path(address, site.admin_view(for_roles(who, view)), name=name)

    one = "onboarding/case/<uuid:case_id>/support/"
    return [
        at("find/", searching.find, "desk_find", EVERYBODY),
        at("find/<slug:key>/", searching.results, "desk_found", EVERYBODY),
        at(one, helping.show, "desk_support", HELPERS),
        at(f"{one}reveal/", helping.reveal_data, "desk_reveal", HELPERS),
        at(f"{one}letters/<uuid:email_id>/", sent_mail.show, "desk_letter", HELPERS),
        at(f"{one}<slug:name>/preview/", helping.preview, "desk_support_preview", HELPERS),
        at(f"{one}<slug:name>/", helping.carry_out, "desk_support_order", HELPERS),
        at("dashboard/", dashboard.show, "desk_dashboard", LEADS),
        at("parked/", parked.show, "desk_parked", OPERATORS),
        at("parked/<slug:name>/", parked.act, "desk_parked_act", OPERATORS),
        at("mails/", mail_previews.show, "desk_mails", EVERYBODY),
        at("mails/<slug:slug>/", mail_previews.html, "desk_mail_html", EVERYBODY),
        at("policy/", policies.show, "desk_policy", OPERATORS),
    ]


def context(site: AdminSite, request: HttpRequest, title: str, **more: Any) -> dict[str, Any]:
    """What every page of ours gives its template."""
    return {**site.each_context(request), "title": title, "home": gettext("Home"), **more}
