"""Staff and cases for the desk. Temporal is away unless a test asks for the `worker`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client

from onboarding.models.people import User
from temporal_app import connection

MakeStaff = Callable[..., User]
Desk = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _private_folders(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENT_DIR = tmp_path / "documents"


@pytest.fixture(scope="module", autouse=True)
def _no_old_connection() -> Iterator[None]:
    connection.forget()
    yield
    connection.forget()


@pytest.fixture
def groups(db: None) -> None:
    """The staff groups as the migration makes them; a flushed database has lost them."""
    importlib.import_module("onboarding.migrations.0002_staff_groups").make_groups(apps, None)


@pytest.fixture
def make_staff(groups: None) -> MakeStaff:
    """Staff accounts: `make_staff("reviewer", "Rita Romero")`; the role "superuser" is one."""

    def make(role: str, name: str = "Rita Romero") -> User:
        first, last = name.split()
        user = User.objects.create_user(
            f"{first}.{last}@staff.example".lower(),
            first_name=first,
            last_name=last,
            is_staff=True,
            is_superuser=role == "superuser",
        )
        if role != "superuser":
            user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def rita(make_staff: MakeStaff) -> User:
    return make_staff("reviewer", "Rita Romero")


@pytest.fixture
def ruben(make_staff: MakeStaff) -> User:
    return make_staff("reviewer", "Ruben Ruiz")


@pytest.fixture
def sam(make_staff: MakeStaff) -> User:
    return make_staff("senior", "Sam Silva")


@pytest.fixture
def sue(make_staff: MakeStaff) -> User:
    return make_staff("support", "Sue Sanz")


@pytest.fixture
def otto(make_staff: MakeStaff) -> User:
    return make_staff("operator", "Otto Ortiz")


@pytest.fixture
def desk() -> Desk:
    """A browser in which this account is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
