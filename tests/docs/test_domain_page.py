"""`docs/domain.md` against the code: a row that is missing, too much or wrong fails."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from onboarding.domain.actions import BY_ROLE
from onboarding.domain.deadlines import WakeupKind
from onboarding.domain.messages import Command, Fact
from onboarding.domain.notices import NoticeKind
from onboarding.domain.policy import Policy
from onboarding.domain.refusals import SENTENCES
from onboarding.domain.status import EDGES, OPEN, Action, CaseStatus, EventKind, Role

PAGE = Path(__file__).parents[2] / "docs" / "domain.md"
UNITS = {"min": 60, "h": 3600, "d": 86400}
Table = list[list[str]]


def _tables() -> Iterator[Table]:
    """Every table of the page, as rows of cells, the header first."""
    table: Table = []
    for line in [*PAGE.read_text().splitlines(), ""]:
        if line.startswith("|"):
            table.append([cell.strip() for cell in line.strip("|").split("|")])
        elif table:
            yield [row for row in table if set(row[0]) != {"-"}]
            table = []


def _table(first_column: str) -> Table:
    (found,) = (table[1:] for table in _tables() if table[0][0] == first_column)
    return found


def _header(first_column: str) -> list[str]:
    (found,) = (table[0] for table in _tables() if table[0][0] == first_column)
    return found


def _names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def _keys(first_column: str) -> list[str]:
    return [name for row in _table(first_column) for name in _names(row[0])]


def test_the_page_explains_every_status() -> None:
    """Mutant seen red: a row less."""
    assert _keys("status") == list(CaseStatus)
    waiting = {row[0].strip("`") for row in _table("status") if row[2] != "nobody"}
    assert waiting == OPEN


def test_the_page_draws_every_edge_and_no_other() -> None:
    """Mutant seen red: `expired` missing from the row of `collecting`."""
    drawn = {
        (CaseStatus(_names(start)[0]) if _names(start) else None, CaseStatus(name))
        for start, ends in _table("from")
        for name in _names(ends)
    }
    assert drawn == EDGES


@pytest.mark.parametrize("role", Role)
def test_the_page_says_who_may_do_what(role: Role) -> None:
    """Mutant seen red: support may decide."""
    assert _keys("action") == list(Action)
    columns = _header("action")
    if role not in columns:
        assert BY_ROLE[role] == frozenset()
        return
    column = columns.index(role)
    allowed = {Action(_names(row[0])[0]) for row in _table("action") if row[column] == "yes"}
    assert allowed == BY_ROLE[role]


def _value(text: str) -> object:
    """A default as the page writes it: "1 d, 3 d", "75", "no"."""
    if text in {"yes", "no"}:
        return text == "yes"
    numbers = []
    for part in text.split(", "):
        number, _, unit = part.partition(" ")
        numbers.append(int(number) * (UNITS[unit] if unit else 1))
    return tuple(numbers) if len(numbers) > 1 else numbers[0]


def test_the_page_names_every_field_of_the_policy_with_its_default() -> None:
    """Mutants seen red: a wrong default; a field without a row."""
    said = {_names(row[1])[0]: _value(row[2]) for row in _table("timer")}
    assert said == {field.name: getattr(Policy(), field.name) for field in fields(Policy)}


def test_the_page_names_every_timer_of_this_release() -> None:
    assert {row[0] for row in _table("timer")} - {""} == {
        f"T{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 13, 14)
    }


def test_the_page_names_every_wakeup() -> None:
    assert _keys("wakeup") == list(WakeupKind)


def test_the_page_names_every_message() -> None:
    said = {(_names(row[0])[0], row[1]) for row in _table("message")}
    assert said == {
        *((kind.__name__, "fact") for kind in Fact.__subclasses__()),
        *((kind.__name__, "command") for kind in Command.__subclasses__()),
    }


def test_the_page_gives_every_refusal_its_sentence() -> None:
    """Mutant seen red: a word changed in `SENTENCES`."""
    said = {_names(code)[0]: sentence for code, sentence in _table("code")}
    assert said == {str(code): sentence for code, sentence in SENTENCES.items()}


def test_the_page_names_every_event_and_every_e_mail() -> None:
    assert _keys("event") == list(EventKind)
    owed = {name for row in _table("event") for name in _names(row[2])}
    assert owed == set(NoticeKind)
