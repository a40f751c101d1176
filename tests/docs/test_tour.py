"""The tour and its pictures belong together: each is there, named, described, and small."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image

from tests.tour.camera import DESK, MOST_BYTES, PHONE, TALLEST

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tour.md"
SHOTS = Path(__file__).resolve().parents[1] / "tour" / "walk.py"
MOST_PICTURES = 14
PICTURE = re.compile(r"!\[([^\]]*)\]\(tour/([\w-]+)\.png\)")


def named() -> list[tuple[str, str]]:
    """What the page says of each picture, and its name."""
    return PICTURE.findall(PAGE.read_text(encoding="utf-8"))


def test_every_picture_that_the_page_names_is_there_and_no_other() -> None:
    """Mutants seen red: a picture less in the folder; one more."""
    there = sorted(path.stem for path in PAGE.with_name("tour").iterdir())
    assert sorted(name for _, name in named()) == there
    assert len(there) <= MOST_PICTURES


def test_every_picture_is_said_in_words() -> None:
    """Mutant seen red: a picture without its words."""
    assert [name for words, name in named() if len(words.split()) < 5] == []
    assert len(named()) == PAGE.read_text(encoding="utf-8").count("![")


def test_the_command_makes_every_picture_of_the_page() -> None:
    """Mutant seen red: a picture that the walk takes under another name."""
    code = SHOTS.read_text(encoding="utf-8")
    taken = re.findall(r'camera\.take\(\w+, "([\w-]+)"', code)
    assert sorted(taken) == sorted(name for _, name in named())


def test_pictures_are_small_and_as_wide_as_a_phone_or_a_desk() -> None:
    """Mutant seen red: a picture of another width."""
    for path in PAGE.with_name("tour").iterdir():
        assert path.stat().st_size <= MOST_BYTES, path.name
        with Image.open(path) as picture:
            width, height = picture.size
        assert width in {PHONE[0], DESK[0]}, path.name
        assert height <= TALLEST[width], path.name
