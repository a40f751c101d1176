"""The probes, as balancers and containers ask them: by address, without cookies, over plain HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

ADDRESS = {"HTTP_HOST": "10.0.0.7:8000"}


def test_liveness_answers_whoever_asks_by_address(settings: Any) -> None:
    """Mutant seen red: `Probes` goes, and a container with the right ALLOWED_HOSTS is restarted for ever."""
    settings.ALLOWED_HOSTS = ["onboarding.example"]
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/livez", **ADDRESS)
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.database
@pytest.mark.django_db
def test_readiness_names_what_is_away_and_nothing_else(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["onboarding.example"]
    answer = Client().get("/readyz", **ADDRESS)
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "ok", "temporal": "away", "worker": "away"}


def test_a_page_still_asks_for_the_right_host(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["onboarding.example"]
    settings.SECURE_SSL_REDIRECT = False
    assert Client().get("/", **ADDRESS).status_code == 400
