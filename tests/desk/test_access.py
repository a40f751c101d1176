"""Role by route: every address of the admin, and what each kind of person gets there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from onboarding import clock
from onboarding.api import tokens
from onboarding.models.audit import AuditEvent
from onboarding.models.desk import Note
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.models.reasons import Reason
from tests.desk.cases import decision, make_row
from tests.desk.conftest import MakeStaff

pytestmark = pytest.mark.database

STAFF = ("support", "reviewer", "senior", "operator", "superuser")
OUTSIDE = ("anonymous", "applicant")
REVIEWERS = frozenset({"reviewer", "senior", "superuser"})
HELPERS = frozenset({"support", "senior", "superuser"})
SUPER = frozenset({"superuser"})
OPERATORS = frozenset({"operator", "superuser"})
EVERYBODY = frozenset(STAFF)
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Route:
    """What staff in `who` get; the other staff get 403. Outsiders are sent to the login page."""

    who: frozenset[str]
    status: int = 200
    post: dict[str, object] | None = None


def model(name: str, who: frozenset[str], *, add: frozenset[str] = NOBODY) -> dict[str, Route]:
    """The five pages that Django makes for a kind of row."""
    return {
        f"{name}_changelist": Route(who),
        f"{name}_add": Route(add),
        f"{name}_history": Route(who),
        f"{name}_delete": Route(NOBODY),
        f"{name}_change": Route(who),
    }


def order(who: frozenset[str], **more: object) -> Route:
    """Temporal is away, so 503 says that the role was let through."""
    return Route(who, 503, {"key": str(uuid.uuid4()), **more})


ROUTES = {
    "index": Route(EVERYBODY),
    "login": Route(EVERYBODY, 302),
    "logout": Route(EVERYBODY, 405),
    "password_change": Route(EVERYBODY, 302),
    "password_change_done": Route(EVERYBODY),
    "autocomplete": Route(NOBODY),
    "jsi18n": Route(EVERYBODY),
    "app_list": Route(EVERYBODY),
    "the rest": Route(EVERYBODY, 404),
    **model("auth_group", SUPER),
    **model("onboarding_case", EVERYBODY),
    "onboarding_case_bulk": Route(EVERYBODY, 400, {"key": str(uuid.uuid4())}),
    "onboarding_case_shortcuts": Route(EVERYBODY),
    "onboarding_case_note": Route(EVERYBODY, 302, {"key": str(uuid.uuid4()), "text": "look twice"}),
    "onboarding_case_pulse": Route(EVERYBODY, 200, {"version": 1, "submission": 1}),
    "onboarding_case_take_next": Route(REVIEWERS, 302, {"key": str(uuid.uuid4())}),
    "onboarding_case_claim": order(REVIEWERS),
    "onboarding_case_release": order(REVIEWERS),
    "onboarding_case_decide": order(REVIEWERS, **decision("approve")),
    "onboarding_case_preview": order(REVIEWERS, **decision("approve")),
    "onboarding_case_extend": order(HELPERS | OPERATORS, days=1, reason="ill"),
    "onboarding_case_pause": order(HELPERS | OPERATORS, reason="ill"),
    "onboarding_case_resume": order(HELPERS | OPERATORS, reason="ill"),
    "onboarding_case_reopen": order(HELPERS, reason="ill"),
    "onboarding_case_resend_notice": order(HELPERS, reason="ill"),
    **model("onboarding_auditevent", EVERYBODY),
    **model("onboarding_email", EVERYBODY),
    **model("onboarding_outboxmessage", OPERATORS),
    **model("onboarding_note", EVERYBODY),
    **model("onboarding_reason", EVERYBODY, add=frozenset({"senior", "superuser"})),
    **model("onboarding_user", SUPER, add=SUPER),
    **model("onboarding_apitoken", OPERATORS, add=OPERATORS),
    "onboarding_apitoken_delete": Route(OPERATORS),
    "auth_user_password_change": Route(SUPER),
    "desk_find": Route(EVERYBODY, 400, {"q": ""}),
    "desk_found": Route(EVERYBODY, 404),
    "desk_support": Route(HELPERS | OPERATORS),
    "desk_reveal": Route(HELPERS | OPERATORS, 302, {"reason": "called about a typing error"}),
    "desk_letter": Route(HELPERS | OPERATORS),
    "desk_support_preview": Route(HELPERS | OPERATORS, 200, {"key": str(uuid.uuid4()), "reason": "ill"}),
    "desk_support_order": order(HELPERS | OPERATORS, reason="ill"),
    "desk_dashboard": Route(REVIEWERS | OPERATORS),
    "desk_parked": Route(OPERATORS),
    "desk_parked_act": Route(OPERATORS, 200, {}),
    "desk_policy": Route(OPERATORS),
    "desk_mails": Route(EVERYBODY),
    "desk_mail_html": Route(EVERYBODY),
}


def patterns(found: list[URLPattern | URLResolver], before: str = "/admin/") -> Iterator[tuple[str, str]]:
    for each in found:
        here = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, here)
        elif each.name:
            yield each.name, here
        elif "<path:object_id>" not in here:  # those redirect to the page of the row
            yield "the rest", here


def addresses() -> dict[str, str]:
    """The address of every route, about rows that exist."""
    row = make_row()
    rows = {
        "auth/group": User.objects.get(email__startswith="reviewer.").groups.get().pk,
        "onboarding/case": row.pk,
        "onboarding/auditevent": AuditEvent.objects.filter(case=row).first().pk,
        "onboarding/email": Email.objects.create(
            case=row,
            key="1",
            kind="approved",
            recipient=row.applicant,
            owed_at=clock.now(),
            next_attempt_at=clock.now(),
        ).pk,
        "onboarding/outboxmessage": OutboxMessage.objects.get(case=row).pk,
        "onboarding/apitoken": tokens.for_person(row.applicant, "a token", 1)[0].pk,
        "onboarding/note": Note.objects.create(
            case=row, author=User.objects.filter(is_staff=True).first(), at=clock.now(), key=uuid.uuid4()
        ).pk,
        "onboarding/reason": Reason.objects.get(code="glare").pk,
        "onboarding/user": User.objects.filter(is_staff=True).first().pk,
    }
    known = {}
    for name, address in patterns(admin.site.get_urls()):
        # One order of the support page, and one act of the page of parked rows, stand for all of them.
        address = address.replace("<uuid:email_id>", str(rows["onboarding/email"]))
        address = address.replace("<slug:name>", "compare" if "/parked/" in address else "pause")
        address = address.replace("<slug:key>", "forgotten").replace("<slug:slug>", "approved")
        of = next((value for part, value in rows.items() if f"/{part}/" in address), "")
        for hole in ("<path:object_id>", "<uuid:case_id>", "<id>"):
            address = address.replace(hole, str(of or 1))
        address = address.replace("^(?P<app_label>auth|onboarding)/$", "onboarding/")
        known[name] = address.replace("(?P<url>.*)$", "nonsense/")
    return known


@pytest.fixture
def people(make_staff: MakeStaff) -> dict[str, Client]:
    """One browser for each kind of person."""
    browsers = {"anonymous": Client()}
    accounts = {role: make_staff(role, f"{role} Person") for role in STAFF}
    accounts["applicant"] = User.objects.create_user("somebody@people.example")
    for who, account in accounts.items():
        browsers[who] = Client()
        browsers[who].force_login(account)
    return browsers


def test_every_route_of_the_admin_is_listed():
    """Mutant: registering one more model, or one more order, without saying who may come."""
    assert {name for name, _ in patterns(admin.site.get_urls())} == set(ROUTES)


@pytest.mark.parametrize("who", STAFF)
def test_staff_get_what_their_role_allows(who: str, people: dict[str, Client]):
    """Mutants: dropping the permission check of an order; giving support the reviewers' permissions."""
    known = addresses()
    got, expected = {}, {}
    for name, route in ROUTES.items():
        client = people[who]
        answer = client.get(known[name]) if route.post is None else client.post(known[name], route.post)
        got[name] = answer.status_code
        expected[name] = route.status if who in route.who else 403
    assert got == expected


@pytest.mark.parametrize("who", OUTSIDE)
def test_outsiders_are_sent_away(who: str, people: dict[str, Client]):
    """Mutant: a view of ours that isn't wrapped in `admin_view`."""
    known = addresses()
    got = {}
    for name, route in ROUTES.items():
        answer = people[who].post(known[name], route.post) if route.post else people[who].get(known[name])
        got[name] = (answer.status_code, answer.get("Location", "").partition("?")[0])
    login = got.pop("login")
    assert login == ((302, reverse("account_login")) if who == "anonymous" else (403, ""))
    assert got.pop("logout") == (302, "/admin/")
    assert set(got.values()) == {(302, "/admin/login/")}
