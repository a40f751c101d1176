"""`docs/operations.md` names every variable that the settings read, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from onboarding.settings import VARIABLES

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
COMPOSE = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    """The cells of every row that begins with a variable."""
    lines = re.findall(r"^\| (`[A-Z0-9_]+` .*) \|$", PAGE, re.MULTILINE)
    return [[cell.strip() for cell in line.split(" | ")] for line in lines]


def test_every_variable_stands_on_the_page_once_and_no_other() -> None:
    """Mutants seen red: a row less, a row twice, a row of a variable that nobody reads."""
    assert sorted(row[0].strip("`") for row in rows()) == sorted(VARIABLES)


def test_every_row_says_what_it_means_and_what_holds_without_it() -> None:
    assert [row for row in rows() if len(row) != 3 or not all(row)] == []


def test_the_head_of_the_compose_file_names_every_secret_it_wants() -> None:
    """Mutant seen red: a secret that only the error message of compose would name."""
    head = COMPOSE[: COMPOSE.index("x-onboarding")]
    assert set(re.findall(r"^#   (\w+)=", head, re.MULTILINE)) == set(re.findall(r"\$\{(\w+):\?", COMPOSE))
