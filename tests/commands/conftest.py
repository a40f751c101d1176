"""Commands run as functions; staff and cases are those of the desk's tests."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command

from tests.desk.conftest import (  # noqa: F401  fixtures
    _no_old_connection,
    _private_folders,
    groups,
    make_staff,
    otto,
    rita,
    ruben,
    sue,
)

Run = Callable[..., str]


@pytest.fixture
def run() -> Run:
    """Runs a command and returns what it printed; refusals raise `CommandError`."""

    def printed(*arguments: object) -> str:
        out = StringIO()
        call_command(*[str(each) for each in arguments], stdout=out)
        return out.getvalue()

    return printed
