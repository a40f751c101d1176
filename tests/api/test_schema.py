"""The description of the API: valid, without warnings, complete, and its examples are what it describes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from rest_framework import serializers

from onboarding.api import answers, bodies, docs_views, urls
from onboarding.models.cases import Case
from onboarding.models.people import User
from tests.api.calls import DETAILS, Api, confirm
from tests.desk.cases import make_row

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def errors(schema: dict[str, Any], part: dict[str, Any], value: Any) -> list[str]:
    whole = {**part, "components": schema["components"]}
    return [error.message for error in Draft202012Validator(whole).iter_errors(value)]


def test_the_description_is_valid_and_without_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    """Mutant seen red: a view without `described`."""
    call_command("spectacular", validate=True, fail_on_warn=True)
    assert "openapi: 3.1" in capsys.readouterr().out


def test_every_address_is_described(schema: dict[str, Any]) -> None:
    described = {(path, method) for path, method, _ in operations(schema)}
    known = set()
    for pattern in urls.version_1:
        if pattern.name in {"api_schema", "api_docs"}:
            continue
        path = str(pattern.pattern).replace("<uuid:", "{").replace(">", "}")
        methods = pattern.callback.cls().allowed_methods
        known |= {(f"/api/v1/{path}", method) for method in methods}
    assert described == known


def test_every_operation_has_words_and_an_example_of_its_answer(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        assert operation["summary"], path
        assert operation["description"], path
        done = next(code for code in operation["responses"] if code.startswith("2"))
        content = operation["responses"][done].get("content", {})
        if method != "DELETE" and not path.endswith("/events"):
            assert content["application/json"]["examples"], (path, method)


def test_examples_are_what_they_illustrate(schema: dict[str, Any]) -> None:
    """Mutant seen red: a field less in an example."""
    seen = 0
    for path, method, operation in operations(schema):
        parts = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (each for part in parts for each in part.get("content", {}).values()):
            for example in content.get("examples", {}).values():
                seen += 1
                assert errors(schema, content["schema"], example["value"]) == [], (path, method)
    assert seen > 30


def test_bodies_allow_no_other_fields(schema: dict[str, Any]) -> None:
    """As `bodies.Body` does. Mutant seen red: without the hook."""
    taken = [name for name in schema["components"]["schemas"] if name.endswith("Body")]
    assert len(taken) > 5
    for name in taken:
        assert schema["components"]["schemas"][name]["additionalProperties"] is False


def test_both_ways_to_say_who_is_calling_are_described(schema: dict[str, Any]) -> None:
    ways = schema["components"]["securitySchemes"]
    assert ways["token"] == {"type": "http", "scheme": "bearer"}
    assert ways["session"]["in"] == "cookie"


def test_answers_are_what_is_described(schema: dict[str, Any], case: Case, as_person: Any, sue: User) -> None:
    """Mutant seen red: a field of the case that the description doesn't know."""
    confirm(case)
    applicant: Api = as_person(case.applicant)
    for name, answer in {
        "Case": applicant.put(f"cases/{case.pk}/details", DETAILS),
        "CasePage": applicant.get("cases"),
        "Details": applicant.get(f"cases/{case.pk}/details"),
        "Problem": applicant.get("cases/nothing"),
    }.items():
        part = {"$ref": f"#/components/schemas/{name}"}
        assert errors(schema, part, answer.json()) == [], name
        assert not set(answer.json()) - set(schema["components"]["schemas"][name]["properties"])
    seen = as_person(sue).get(f"cases/{make_row().pk}").json()
    assert errors(schema, {"$ref": "#/components/schemas/Case"}, seen) == []
    assert not set(seen) - set(schema["components"]["schemas"]["Case"]["properties"])


def test_every_shape_and_every_body_is_used(schema: dict[str, Any]) -> None:
    """What nobody answers or takes any more is deleted."""
    said = set(schema["components"]["schemas"])
    for module, ending in ((answers, "Shape"), (bodies, "Body")):
        for name, kind in vars(module).items():
            if isinstance(kind, type) and issubclass(kind, serializers.Serializer) and name != ending:
                public = name.removesuffix("Shape")
                assert public in said or name in {"Nothing", "PageQuery", "CaseQuery", "Serializer"}, name


@pytest.mark.parametrize("public", [False, True])
def test_the_description_is_for_staff_unless_the_setting_says_otherwise(
    public: bool, settings: Any, case: Case, as_person: Any
) -> None:
    """Mutant seen red: `AllowAny`, which is the framework's default."""
    settings.API_DOCS_PUBLIC = public
    for api, refused in ((Api(), 401), (as_person(case.applicant), 403)):
        assert api.get("schema").status_code == (200 if public else refused)


def test_the_description_is_made_once_for_each_language(
    schema: dict[str, Any], as_person: Any, sue: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant seen red: it is made with each request."""
    made = []

    def counting(self: SchemaGenerator, *arguments: Any, **named: Any) -> Any:
        made.append(translation.get_language())
        return get_schema(self, *arguments, **named)

    get_schema = SchemaGenerator.get_schema
    monkeypatch.setattr(SchemaGenerator, "get_schema", counting)
    docs_views._described.cache_clear()
    api: Api = as_person(sue)
    for language in ("en", "es", "en", "es"):
        answer = api.get("schema", **{"Accept-Language": language})
        assert answer.status_code == 200
    assert len(made) == len(set(made))
    assert set(answer.json()["paths"]) == set(schema["paths"])
    docs_views._described.cache_clear()
