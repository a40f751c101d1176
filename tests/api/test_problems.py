"""Errors: one form for all, stable codes that stand in the docs, and nothing that stumbles over bad input."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from onboarding import bodycap
from onboarding.api import problems
from onboarding.api.problems import Code
from onboarding.documents.refusals import Refusal as UploadRefusal
from onboarding.domain.refusals import RefusalCode
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.usecases.applicant import TurnedAway
from temporal_app import gateway
from tests.api.calls import DETAILS, Api, confirm, problem

pytestmark = pytest.mark.database

As = Callable[[User], Api]
ODD_FORM = b'--x\r\nContent-Disposition: form-data; name="slot"\r\n\r\npassport\r\n--x--\r\n'
DOCS = Path(__file__).resolve().parents[2] / "docs" / "api.md"


@pytest.fixture
def api(case: Case, as_person: As) -> Api:
    confirm(case)
    return as_person(case.applicant)


def test_the_docs_list_every_code_and_no_other() -> None:
    """Mutants seen red: a code less in the page, a code more."""
    listed = re.findall(r"^\| `([a-z_]+)` \| \d", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    known = {each.value for family in (Code, RefusalCode, UploadRefusal) for each in family}
    assert sorted(listed) == sorted(known)


def test_the_cap_in_front_of_django_speaks_of_the_same_codes() -> None:
    assert {bodycap.BAD_LENGTH.code, bodycap.BodyCap(_nothing, max_bytes=1)._too_large.code} <= set(Code)


async def _nothing(*_: Any) -> None: ...


@pytest.mark.parametrize("code", list(RefusalCode))
def test_every_refusal_of_the_rules_has_an_answer(code: RefusalCode) -> None:
    refusal = problems.Refusal(code)
    for error in (TurnedAway(refusal), gateway.Refused(refusal)):
        told = problems.problem_of(error)
        assert told is not None
        assert told.status == (403 if code in {"not_allowed", "own_case"} else 409)
        assert told.code == code


@pytest.mark.parametrize(
    "path",
    [
        "",
        "v1",
        "v1/",
        "v2/cases",
        "v1/nothing",
        "v1/cases/",
        "v1/cases/no-uuid",
        "v1/cases/%00",
        "v1/cases//x",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "delete", "options"])
def test_whatever_else_lies_under_api_is_a_problem(path: str, method: str, db: None) -> None:
    """CSRF has no say in it. Mutant seen red: without the last pattern of api/urls."""
    client = Client(enforce_csrf_checks=True)
    problem(getattr(client, method)(f"/api/{path}"), 404, "not_found")


def test_a_method_that_an_address_does_not_know_is_refused(api: Api, case: Case) -> None:
    for method in ("put", "patch", "delete", "options", "trace"):
        answer = api.client.generic(method.upper(), f"/api/v1/cases/{case.pk}", headers=api._headers)
        problem(answer, 405, "method_not_allowed")
        assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_json"),
        (b"", 422, "invalid"),
        (b"\xff\xfe", 400, "bad_json"),
        (b'{"birth_date": NaN}', 400, "bad_json"),
        (b"[" * 20_000, 400, "bad_json"),
        (b'{"given_name": ' + b"9" * 5000 + b"}", 400, "bad_json"),
        (b"[]", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (b"null", 422, "invalid"),
        (b" " * 65_537, 413, "too_large"),
        (b'{"x": "' + b"y" * 70_000 + b'"}', 413, "too_large"),
    ],
)
def test_a_body_that_is_no_object_is_refused(
    body: bytes, status: int, code: str, api: Api, case: Case
) -> None:
    """Mutants seen red: REST framework's own JSON parser; without the limit."""
    problem(api.put(f"cases/{case.pk}/details", body), status, code)


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "nonsense",
        "",
    ],
)
def test_another_kind_of_body_is_refused(media_type: str, api: Api, case: Case) -> None:
    where = f"/api/v1/cases/{case.pk}/details"
    answer = api.client.put(where, json.dumps(DETAILS), media_type, headers=api._headers)
    problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("multipart/form-data", b"nothing"),
        ("multipart/form-data; boundary=", b"nothing"),
        ("multipart/form-data; boundary=" + "x" * 300, b"nothing"),
        (
            "multipart/form-data; boundary=x; charset=base64",
            b'--x\r\nContent-Disposition: form-data; name="slot"\r\n\r\npassport\r\n--x--\r\n',
        ),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(media_type: str, body: bytes, api: Api, case: Case) -> None:
    where = f"/api/v1/cases/{case.pk}/documents"
    answer = api.client.generic("POST", where, body, media_type, headers=api._headers)
    assert answer.status_code in {400, 422}
    assert json.loads(answer.content)["code"] in {"bad_request", "invalid"}


def test_a_form_of_a_thousand_parts_is_refused(api: Api, case: Case) -> None:
    """Mutant seen red: what Django refuses as suspicious goes through, and becomes a page."""
    where = f"/api/v1/cases/{case.pk}/documents"
    answer = api.client.post(where, {f"field{number}": "" for number in range(1000)}, headers=api._headers)
    problem(answer, 400, "bad_request")


def test_a_json_body_where_a_form_is_wanted_is_refused(api: Api, case: Case) -> None:
    problem(api.post(f"cases/{case.pk}/documents", {"slot": "passport"}), 415, "unsupported_media_type")


def test_what_nobody_expected_is_a_problem_too_and_is_logged(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a word of what it was. Mutant seen red: an exception that leaves the API."""

    def fail(*_: Any) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr("onboarding.api.case_views.page", fail)
    body = problem(api.get("cases"), 500, "internal_error")
    assert "42" not in json.dumps(body)
    assert "the secret is 42" in caplog.text


def test_the_answer_is_json_whatever_the_caller_would_accept(api: Api) -> None:
    for accept in ("text/html", "application/xml", "*/*;q=0", "nonsense"):
        answer = api.get("cases", Accept=accept)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


def test_a_format_in_the_address_changes_nothing(api: Api) -> None:
    assert problem(api.get("cases?format=html"), 422, "invalid")["errors"][0]["field"] == "format"
