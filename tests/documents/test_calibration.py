"""The page about the checks against a fresh run: fewer drawings, the same limits."""

from __future__ import annotations

import re

import pytest

from tests.documents import calibration
from tests.documents.calibration import DOCS, copies, qualities

GOOD_ENOUGH = ("none", "dark, half the light", "JPEG quality 15")
"""A person would read all of these."""
HOPELESS = {
    "blurred, radius 15": "blurred",
    "dark, a fortieth": "too_dark",
    "250 pixels": "too_small",
}
DOUBTFUL = {"blurred, radius 5": "blurred", "dark, a tenth": "too_dark"}


@pytest.fixture(scope="module")
def rows() -> dict[str, calibration.Row]:
    return qualities(1, (*GOOD_ENOUGH, *HOPELESS, *DOUBTFUL))


def test_good_pictures_are_never_sent_back_nor_hinted_at(rows: dict[str, calibration.Row]) -> None:
    """Mutants: sharp print begins at 0.4; daylight at 130."""
    assert {name: (rows[name].passed, rows[name].total) for name in GOOD_ENOUGH} == dict.fromkeys(
        GOOD_ENOUGH, (4, 4)
    )


def test_hopeless_pictures_always_go_back(rows: dict[str, calibration.Row]) -> None:
    """Mutants: blurred begins at 0.005; dark at 5."""
    for name, reason in HOPELESS.items():
        assert rows[name].unusable == {reason: 4}, name


def test_doubtful_pictures_are_hints_and_go_to_a_person(rows: dict[str, calibration.Row]) -> None:
    """Mutants: blurred begins at 0.1; dark at 30."""
    for name, hint in DOUBTFUL.items():
        assert (rows[name].unusable.total(), rows[name].hints[hint]) == (0, 4), name


def test_copies_are_recognised_and_other_documents_never_taken_for_one() -> None:
    """Mutants: a tenth of the cells may differ for any two; half of them."""
    names = ("half the size", "turned by a quarter, saved again")
    found, others = copies(1, names)
    for name in names:
        assert found[name]["other"] == 0, name
    assert others == {"other": 6}


def table_of(page: str) -> list[list[str]]:
    inside = page.partition(calibration.MARKS[0])[2].partition(calibration.MARKS[1])[0]
    rows = [line.strip("|").split("|") for line in inside.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows]


def test_the_page_has_every_row_and_promises_what_the_checks_keep() -> None:
    """Mutants: a degradation that the page does not have; a good picture that it says went back."""
    page = DOCS.read_text(encoding="utf-8")
    rows = {row[0]: row[1:] for row in table_of(page)}
    assert {*calibration.DEGRADATIONS, *calibration.COPIES} <= set(rows)
    for name in GOOD_ENOUGH:
        assert rows[name][3] == "0", name
    for name in HOPELESS:
        assert rows[name][1] == "0", name
    assert rows["other pictures"][1] == "0"
    pictures = int(rows["none"][0])
    assert pictures == len(calibration.drawings.KINDS) * calibration.DRAWINGS
    assert all(re.match(r"\d", cell) for row in rows.values() if row[0].isdecimal() for cell in row)
