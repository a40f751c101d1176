"""Limits by scope: counted for each caller, told with `Retry-After`, and switched off by the setting only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as real

from onboarding.models.cases import Case
from onboarding.models.people import User
from tests.api.calls import Api, problem

pytestmark = pytest.mark.database

As = Callable[[User], Api]


def limit(settings: Any, **rates: str) -> None:
    named = {f"api-{name}": rate for name, rate in rates.items()}
    unlimited = dict.fromkeys(real.API_RATES)
    settings.REST_FRAMEWORK = {**real.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {**unlimited, **named}}


def test_who_asks_too_often_is_told_how_long_to_wait(case: Case, as_person: As, settings: Any) -> None:
    """Mutant seen red: no throttle class in the settings."""
    limit(settings, read="2/minute")
    api = as_person(case.applicant)
    assert [api.get("cases").status_code for _ in range(2)] == [200, 200]
    answer = api.get("cases")
    problem(answer, 429, "throttled")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_each_caller_and_each_scope_has_its_own_limit(
    case: Case, other_case: Case, as_person: As, settings: Any
) -> None:
    """Mutant seen red: one scope for everything."""
    limit(settings, read="1/minute", write="1/minute")
    api, other = as_person(case.applicant), as_person(other_case.applicant)
    assert api.get("cases").status_code == 200
    assert other.get("cases").status_code == 200
    assert api.post(f"cases/{case.pk}/withdraw").status_code == 200
    problem(api.get("cases"), 429, "throttled")


def test_the_tokens_of_one_caller_share_a_limit(case: Case, as_person: As, settings: Any) -> None:
    limit(settings, read="1/minute")
    assert as_person(case.applicant).get("cases").status_code == 200
    problem(as_person(case.applicant).get("cases"), 429, "throttled")


@pytest.mark.parametrize("name", ["upload", "search", "sign-up", "token"])
def test_every_named_rate_is_used_by_some_address(name: str) -> None:
    from onboarding.api import urls

    used = {pattern.callback.cls.write_rate for pattern in api_views(urls)}
    assert f"api-{name}" in used
    assert used | {"api-read"} == set(real.API_RATES)


def api_views(urls: Any) -> list[Any]:
    return [each for each in urls.version_1 if hasattr(each.callback.cls, "write_rate")]


def test_limits_hold_unless_somebody_switches_them_off() -> None:
    """The tests run with them off: see tests/settings.py."""
    assert set(real.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]) == set(real.API_RATES)
    assert set(real.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"].values()) == {None}
    assert all(real.API_RATES.values())
