"""Callers of the API: people by session or token, integrations by token. Temporal is away in all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from onboarding.api import tokens
from onboarding.api.callers import Scope
from onboarding.models.api import Integration
from onboarding.models.cases import Case
from onboarding.models.people import User
from temporal_app import connection
from tests.api.calls import Api
from tests.desk.conftest import groups, make_staff, otto, rita, ruben, sam, sue
from tests.people import make_applicant

__all__ = ["groups", "make_staff", "otto", "rita", "ruben", "sam", "sue"]


@pytest.fixture(autouse=True)
def _private(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENT_DIR = tmp_path / "documents"


@pytest.fixture(scope="module", autouse=True)
def _no_old_connection() -> Iterator[None]:
    connection.forget()
    yield
    connection.forget()


@pytest.fixture
def case(db: None) -> Case:
    """Of somebody who has just signed up."""
    return make_applicant()


@pytest.fixture
def other_case(db: None) -> Case:
    return make_applicant()


@pytest.fixture
def as_person() -> Callable[[User], Api]:
    """The API for a person, by a token of theirs."""
    return lambda user: Api(tokens.for_person(user, "for a test", 1)[1])


@pytest.fixture
def integration(db: None) -> Integration:
    return tokens.new_integration("Bank of Tests")


@pytest.fixture
def as_integration(integration: Integration) -> Callable[..., Api]:
    """The API for an integration: of `scopes`, all by default."""

    def make(*scopes: Scope, of: Integration | None = None) -> Api:
        owner = of or integration
        return Api(tokens.for_integration(owner, "for a test", scopes or tuple(Scope), 1, owner.user)[1])

    return make
