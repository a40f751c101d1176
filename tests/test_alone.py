"""Who measures seconds has the room for itself, and gets in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.alone import room


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "room"
    folder.mkdir()
    return folder


def enter(place: Path, *, alone: bool) -> tuple[threading.Event, Callable[[], None]]:
    """Somebody who comes in in a thread: an event that says so, and what makes them leave."""
    inside, leave = threading.Event(), threading.Event()

    def stay() -> None:
        with room(alone=alone, place=place):
            inside.set()
            leave.wait(20)

    thread = threading.Thread(target=stay)
    thread.start()

    def gone() -> None:
        leave.set()
        thread.join(20)

    return inside, gone


def test_who_is_alone_waits_for_those_inside_and_those_who_come_later_wait_behind(place: Path) -> None:
    """Mutants seen red: a shared lock for those alone; the door is given back before the room is had."""
    first, first_leaves = enter(place, alone=False)
    assert first.wait(10)
    strict, strict_leaves = enter(place, alone=True)
    assert not strict.wait(0.2)
    late, late_leaves = enter(place, alone=False)
    assert not late.wait(0.2)
    first_leaves()
    assert strict.wait(10)
    assert not late.wait(0.2)
    strict_leaves()
    assert late.wait(10)
    late_leaves()


def test_others_share_the_room(place: Path) -> None:
    """Mutant seen red: everybody is alone."""
    first, first_leaves = enter(place, alone=False)
    second, second_leaves = enter(place, alone=False)
    assert first.wait(10)
    assert second.wait(10)
    first_leaves()
    second_leaves()
