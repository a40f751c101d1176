"""What happens once per start: steps are repeated until they succeed, and people are told where to go."""

from __future__ import annotations

import time

import pytest
from django.db import OperationalError

from temporal_app.devserver import release
from temporal_app.devserver.release import banner


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every pause that would have been made."""
    made: list[float] = []
    monkeypatch.setattr(time, "sleep", made.append)
    return made


def test_the_banner_names_every_address_the_people_and_how_to_stop() -> None:
    text = "\n".join(banner(8123, "9123", "reviewer@example.org  secret\n"))
    for part in (
        "http://127.0.0.1:8123/",
        "/admin/",
        "/mailbox/",
        "http://127.0.0.1:9123/",
        "secret",
        "Ctrl-C",
    ):
        assert part in text


def test_the_banner_leaves_out_what_is_not_there() -> None:
    text = "\n".join(banner(8123, None, ""))
    assert "/mailbox/" not in text
    assert "Temporal" not in text


def test_a_database_that_starts_up_is_waited_for_with_growing_pauses(
    pauses: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    """Mutant: letting the first error end the start."""
    answers = iter([OperationalError("starting up"), OperationalError("starting up"), None])

    def step() -> None:
        if (error := next(answers)) is not None:
            raise error

    release._until_done("The database", step)

    assert pauses == [1.0, 2.0]
    assert "The database is not ready: starting up" in capsys.readouterr().out


def test_a_mistake_in_the_program_is_not_waited_for(pauses: list[float]) -> None:
    def step() -> None:
        raise TypeError("a mistake")

    with pytest.raises(TypeError):
        release._until_done("The database", step)
    assert pauses == []
