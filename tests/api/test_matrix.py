"""Role by address by owner: what each kind of caller gets at every address, for every kind of case."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern

from onboarding.api import sign_ups, tokens, urls
from onboarding.api.callers import Scope
from onboarding.models.cases import Case
from onboarding.models.people import User
from tests.api.calls import DETAILS, Api, confirm
from tests.desk.cases import make_row
from tests.desk.conftest import MakeStaff

pytestmark = pytest.mark.database

STAFF = ("support", "reviewer", "senior", "operator", "superuser")
CALLERS = ("nobody", "applicant", "integration", "integration without scopes", *STAFF)
WHOSE = ("own", "somebody's", "missing")
REVIEWERS = frozenset({"reviewer", "senior", "superuser"})
HELPERS = frozenset({"support", "senior", "superuser"})
OPERATORS = frozenset({"operator", "superuser"})
EVERYBODY = frozenset(STAFF)
NOBODY: frozenset[str] = frozenset()
REASON = {"reason": "asked for by telephone"}
DECIDED = {"submission": 1, "outcome": "approve"}


@dataclass(frozen=True)
class Address:
    """One method of one address. Temporal is away: 503 says that the caller was let through to a command.

    `owner` is what an applicant or an integration gets for a case of theirs, `staff` what staff of the roles
    `who` get for anybody's case; None where it isn't for them at all.
    """

    method: str = "get"
    body: Any = None
    owner: int | None = None
    staff: int | None = None
    who: frozenset[str] = NOBODY
    others: int = 403
    """What the other staff get."""
    about_a_case: bool = True
    more: dict[str, int] = field(default_factory=dict)
    """What callers get where it is nothing of the above."""


def command(who: frozenset[str], body: Any = None) -> Address:
    return Address("post", body, staff=503, who=who)


def mine(method: str, status: int, body: Any = None) -> Address:
    """What only the applicant's side does; staff see the case and may not."""
    return Address(method, body, owner=status)


FILE = "a file"
ADDRESSES: dict[tuple[str, str], Address] = {
    ("api_sign_ups", "POST"): Address(
        "post", {"email": "new@example.org"}, about_a_case=False, more={"integration": 202}
    ),
    ("api_sign_up", "GET"): Address(about_a_case=False, more={"integration": 404}),
    ("api_cases", "GET"): Address(owner=200, staff=200, who=EVERYBODY, about_a_case=False),
    ("api_search", "POST"): Address("post", {"term": "ana"}, staff=200, who=EVERYBODY, about_a_case=False),
    ("api_case", "GET"): Address(owner=200, staff=200, who=EVERYBODY),
    ("api_events", "GET"): Address(owner=200, staff=200, who=EVERYBODY),
    ("api_details", "GET"): mine("get", 200),
    ("api_details", "PUT"): mine("put", 200, DETAILS),
    ("api_documents", "POST"): mine("post", 422, FILE),
    ("api_submit", "POST"): mine("post", 409),
    ("api_withdraw", "POST"): Address("post", REASON, owner=422, staff=200, who=OPERATORS),
    ("api_reopen", "POST"): Address("post", REASON, owner=422, staff=503, who=HELPERS),
    ("api_claim", "POST"): command(REVIEWERS),
    ("api_release", "POST"): command(REVIEWERS),
    ("api_decide", "POST"): command(REVIEWERS, DECIDED),
    ("api_extend", "POST"): command(HELPERS | OPERATORS, {**REASON, "seconds": 3600}),
    ("api_pause", "POST"): command(HELPERS | OPERATORS, REASON),
    ("api_resume", "POST"): command(HELPERS | OPERATORS, REASON),
    ("api_resend", "POST"): command(HELPERS, REASON),
    ("api_tokens", "POST"): Address("post", {"label": "x"}, about_a_case=False),  # these callers have tokens
    ("api_token_in_use", "DELETE"): Address(
        "delete", owner=204, staff=204, who=EVERYBODY, about_a_case=False, more={"integration": 403}
    ),
    ("api_schema", "GET"): Address(staff=200, who=EVERYBODY, about_a_case=False),
    ("api_docs", "GET"): Address(staff=200, who=EVERYBODY, about_a_case=False, more={"nobody": 302}),
}


def routes() -> set[tuple[str, str]]:
    """Every method of every address, from the URLconf."""
    found = set()
    for pattern in urls.version_1:
        assert isinstance(pattern, URLPattern)
        view = pattern.callback.cls()
        found |= {(str(pattern.name), method) for method in view.allowed_methods}
    return found


def test_every_address_of_the_api_is_listed() -> None:
    """Mutant seen red: one more address without saying who may come."""
    assert routes() == set(ADDRESSES)


def expected(address: Address, who: str, whose: str) -> int:
    """The rule in one place: who you are first, then whether it exists for you, then what you may."""
    if who in address.more:
        return address.more[who]
    if who == "nobody":
        return 401
    if who == "integration without scopes":
        return 403
    if who in STAFF:
        if address.staff is None and address.owner is None:
            return 403
        if address.about_a_case and whose == "missing":
            return 404
        if address.about_a_case and whose == "own":
            return 403 if address.owner is None else address.owner
        return address.staff if address.staff and who in address.who else address.others
    if address.owner is None:
        return 403
    if address.about_a_case and whose != "own":
        return 404
    return address.owner


@pytest.fixture
def people(make_staff: MakeStaff) -> Callable[[str], tuple[Api, dict[str, uuid.UUID]]]:
    """For a kind of caller: their API, and the ids of their own, of somebody's and of no case."""

    def make(who: str) -> tuple[Api, dict[str, uuid.UUID]]:
        if who.startswith("integration"):
            bank = tokens.new_integration("Bank")
            made = sign_ups.sign_up(bank, "ana@example.org", "", str(uuid.uuid4()))
            assert made.case
            confirm(made.case)
            own = collecting(made.case)
            scopes = tuple(Scope) if who == "integration" else ()
            api = Api(tokens.for_integration(bank, "x", scopes, 1, bank.user)[1])
        else:
            user = (
                make_staff(who, f"{who} Person")
                if who in STAFF
                else User.objects.create_user("ana@example.org")
            )
            own = collecting(make_row(place="collecting", user=user))
            api = Api("" if who == "nobody" else tokens.for_person(user, "x", 1)[1])
        return api, {"own": own.pk, "somebody's": make_row().pk, "missing": uuid.uuid4()}

    return make


def collecting(case: Case) -> Case:
    """With details, so that they can be read."""
    from tests import people as cast

    cast.give_details(case, key=str(uuid.uuid4()))
    return case


def ask(api: Api, pattern: URLPattern, address: Address, case_id: uuid.UUID) -> int:
    path = str(pattern.pattern).replace("<uuid:case_id>", str(case_id))
    path = path.replace("<uuid:sign_up_id>", str(case_id))
    headers = api._with({"Idempotency-Key": str(uuid.uuid4())})
    where = f"/api/v1/{path}"
    if address.body is FILE:
        form = {"slot": "passport", "file": SimpleUploadedFile("a.jpg", b"no picture")}
        return int(api.client.post(where, form, headers=headers).status_code)
    send = getattr(api.client, address.method)
    if address.method == "get":
        return int(send(where, headers=headers).status_code)
    body = json.dumps(address.body or {})
    return int(send(where, body, "application/json", headers=headers).status_code)


@pytest.mark.parametrize("whose", WHOSE)
@pytest.mark.parametrize("who", CALLERS)
def test_each_caller_gets_what_is_theirs(
    who: str, whose: str, people: Callable[[str], tuple[Api, dict[str, uuid.UUID]]]
) -> None:
    """Mutants seen red: `staff_only` taken from the commands; a scope for claiming; own cases commanded."""
    patterns = {str(pattern.name): pattern for pattern in urls.version_1}
    api, cases = people(who)
    last = sorted(ADDRESSES, key=lambda each: (each[1] == "DELETE", each[0] == "api_withdraw", each))
    got = {
        (name, method): ask(api, patterns[name], ADDRESSES[name, method], cases[whose])
        for name, method in last
    }
    assert got == {
        (name, method): expected(ADDRESSES[name, method], who, whose) for name, method in ADDRESSES
    }


@pytest.mark.parametrize("who", [*STAFF, "applicant"])
def test_looking_changes_no_row(who: str, people: Callable[[str], tuple[Api, dict[str, uuid.UUID]]]) -> None:
    from django.apps import apps

    api, cases = people(who)
    models = [model for model in apps.get_models() if not model._meta.swapped]
    before = {model: model.objects.count() for model in models}
    for pattern in urls.version_1:
        if ("GET") in pattern.callback.cls().allowed_methods:
            ask(api, pattern, Address(), cases["own"])
    assert {model: model.objects.count() for model in models} == before


def test_a_browser_without_a_session_is_shown_where_to_sign_in(db: None) -> None:
    answer = Client().get("/api/v1/docs")
    assert answer.headers["Location"] == "/account/sign-in/?next=/api/v1/docs"
