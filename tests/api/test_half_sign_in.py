"""Staff who have given their password and not their second factor: the API says so in its own way."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api.calls import problem
from tests.people import give_app
from tests.web.people import PASSWORD
from tests.web.test_second_factor import make_colleague

pytestmark = pytest.mark.database


@pytest.mark.parametrize("has_app", [True, False])
@pytest.mark.parametrize("path", ["cases", "schema", "docs", "cases/search", "nothing", "tokens"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_api_refuses_half_a_sign_in_of_staff_as_a_problem(
    method: str, path: str, has_app: bool, db: None
) -> None:
    """With a stable code, so that programs can tell. Mutant seen red: the page that people get."""
    browser, user = Client(), make_colleague()
    browser.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
    if has_app:
        give_app(user)
    body = problem(getattr(browser, method)(f"/api/v1/{path}"), 403, "second_factor_missing")
    assert "second factor" in body["detail"]
