"""A start on an unchanged tree does not wait for migrations; any other does."""

from __future__ import annotations

from pathlib import Path

import pytest

from temporal_app.devserver.place import Place
from temporal_app.devserver.preparedness import fingerprint, is_prepared, mark_prepared


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder that the last start prepared."""
    place = Place(tmp_path)
    place.make()
    (place.root / "onboarding.sqlite3").touch()
    mark_prepared(place)
    return place


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("requirements.txt", "onboarding/migrations/0001_initial.py", "onboarding/static/site.css"):
        file = tmp_path / "project" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("first")
    return tmp_path / "project"


def test_an_unchanged_tree_is_prepared(place: Place) -> None:
    assert is_prepared(place, {})


def test_a_missing_database_is_not_prepared(place: Place) -> None:
    """Mutant: trusting the stamp alone; the web would meet a database without tables."""
    (place.root / "onboarding.sqlite3").unlink()
    assert not is_prepared(place, {})


def test_a_database_elsewhere_is_looked_at_on_every_start(place: Place) -> None:
    """Mutant: trusting the stamp for Postgres, which others may have emptied or restored."""
    assert not is_prepared(place, {"DATABASE_URL": "postgresql://db/onboarding"})


@pytest.mark.parametrize(
    "name", ["requirements.txt", "onboarding/migrations/0001_initial.py", "onboarding/static/site.css"]
)
def test_a_change_of_what_was_prepared_is_noticed(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).write_text("later")
    assert fingerprint(project) != before


def test_a_new_migration_is_noticed(project: Path) -> None:
    before = fingerprint(project)
    (project / "onboarding" / "migrations" / "0002_more.py").touch()
    assert fingerprint(project) != before
