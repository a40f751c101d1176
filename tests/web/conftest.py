"""People and browsers for the tests of the pages. Temporal is away in all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from temporal_app import connection
from tests.web.people import Applicant, make_applicant


@pytest.fixture(autouse=True)
def _private_folders(settings: Any, tmp_path: Path, db: None) -> None:
    settings.DOCUMENT_DIR = tmp_path / "documents"
    # Each test counts tries anew: memory is shared by all that name the same place.
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    settings.CACHES = {"default": memory}


@pytest.fixture(scope="session", autouse=True)
def _no_temporal() -> Iterator[None]:
    yield
    connection.forget()


@pytest.fixture
def browser() -> Client:
    """A browser in which nobody is signed in."""
    return Client()


@pytest.fixture
def ana() -> Applicant:
    return make_applicant("ana@example.org")


@pytest.fixture
def outsider() -> Applicant:
    """Somebody else with a case of their own."""
    return make_applicant("otto@example.org")
