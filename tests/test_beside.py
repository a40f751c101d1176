"""Code beside a service is a program of its own each time, though none is started from nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.beside import Beside


@pytest.fixture(scope="module")
def beside() -> Iterator[Beside]:
    running = Beside({**os.environ, "DJANGO_SETTINGS_MODULE": "onboarding.settings"})
    yield running
    running.end()


def test_what_was_printed_comes_back_also_from_threads_that_end_later(beside: Beside) -> None:
    """Mutant seen red: the fork ends with `os._exit`."""
    late = "import threading; threading.Timer(0.1, lambda: print('late')).start(); print('early')"
    assert beside.run(late) == "early\nlate\n"


def test_nothing_is_left_behind_for_the_next(beside: Beside) -> None:
    """Mutant seen red: the code runs in the waiting process itself."""
    beside.run("import onboarding; onboarding.left_behind = 1; left_behind = 1")
    assert beside.run("import onboarding; print(hasattr(onboarding, 'left_behind'))") == "False\n"
    assert beside.run("print('left_behind' in globals())") == "False\n"


def test_what_fails_says_why_and_the_next_runs(beside: Beside) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        beside.run("1 / 0")
    with pytest.raises(RuntimeError, match="ended with 3"):
        beside.run("raise SystemExit(3)")
    assert beside.run("print('á', 1)") == "á 1\n"
