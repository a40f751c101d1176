"""The folder of one `make run`: one user at a time, emptied only when it is ours and somebody said yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from temporal_app.devserver.place import PROJECT, Place
from temporal_app.devserver.reset import reset
from temporal_app.devserver.speech import CannotStartError


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder of ours with a case in it."""
    place = Place(tmp_path / "var")
    place.make()
    (place.root / "onboarding.sqlite3").write_text("a case")
    return place


@pytest.fixture
def environ(place: Place) -> dict[str, str]:
    return {"VAR_DIR": str(place.root)}


def test_the_default_lies_in_the_project() -> None:
    assert Place.from_environment({}).root == PROJECT / "var"


def test_a_second_start_is_refused_and_told_where_the_first_is(place: Place) -> None:
    """Mutant: no lock; then two servers write to one database."""
    with (
        place.sole_use("http://127.0.0.1:8000"),
        pytest.raises(CannotStartError, match=r"already runs on .*, at http://127\.0\.0\.1:8000"),
        place.sole_use("http://127.0.0.1:8001"),
    ):
        raise AssertionError("both were let in")


def test_the_folder_is_free_again_afterwards(place: Place) -> None:
    with place.sole_use("one"):
        pass
    with place.sole_use("two"):
        assert (place.run / "lock").read_text() == "two"


def test_a_folder_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStartError, match="VAR_DIR is"):
        Place(tmp_path / "file" / "var").make()


def test_reset_asks_and_keeps_everything_on_a_no(place: Place, environ: dict[str, str]) -> None:
    """Mutant: taking any answer for a yes."""
    questions: list[str] = []

    def ask(question: str) -> str:
        questions.append(question)
        return "y"

    assert reset(environ, ask=ask, tell=lambda _: None) == 1
    assert str(place.root) in questions[0]
    assert (place.root / "onboarding.sqlite3").exists()


def test_reset_empties_the_folder_on_a_yes(place: Place, environ: dict[str, str]) -> None:
    assert reset(environ, ask=lambda _: "yes", tell=lambda _: None) == 0
    assert list(place.root.iterdir()) == []


def test_reset_does_nothing_where_nobody_can_answer(place: Place, environ: dict[str, str]) -> None:
    with pytest.raises(CannotStartError, match="YES=1 make reset"):
        reset(environ, ask=None, tell=lambda _: None)
    assert (place.root / "onboarding.sqlite3").exists()


def test_reset_needs_no_answer_with_yes_in_the_environment(place: Place, environ: dict[str, str]) -> None:
    assert reset(environ | {"YES": "1"}, ask=None, tell=lambda _: None) == 0
    assert not (place.root / "onboarding.sqlite3").exists()


def test_reset_says_what_lies_elsewhere(environ: dict[str, str]) -> None:
    said: list[str] = []
    reset(environ | {"YES": "1", "DATABASE_URL": "postgresql://db/x"}, tell=said.append)
    assert any("DATABASE_URL" in line and "not touched" in line for line in said)


def test_reset_is_refused_while_the_service_runs(place: Place, environ: dict[str, str]) -> None:
    """Mutant: emptying without the lock; a running server would lose its database."""
    with place.sole_use("http://127.0.0.1:8000"), pytest.raises(CannotStartError, match="already runs"):
        reset(environ | {"YES": "1"}, tell=lambda _: None)
    assert (place.root / "onboarding.sqlite3").exists()


def test_reset_never_empties_a_folder_that_held_other_things(tmp_path: Path) -> None:
    """Mutant: marking every folder; VAR_DIR=$HOME would then be emptied."""
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(CannotStartError, match="by hand"):
        reset({"VAR_DIR": str(tmp_path), "YES": "1"}, tell=lambda _: None)

    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_reset_of_nothing_is_fine(tmp_path: Path) -> None:
    assert reset({"VAR_DIR": str(tmp_path / "never")}, tell=lambda _: None) == 0
