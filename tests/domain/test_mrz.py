"""The machine-readable zone as typed. Vectors are the specimens that Doc 9303 prints (parts 4, 5 and 6)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.mrz import LOOKS_LIKE, Part, Problem, ProblemKind, check_digit, read
from onboarding.domain.mrz_layouts import LAYOUTS, Format

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
LONG_NUMBER = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
SPECIMENS = {"TD3": TD3, "TD1": TD1, "TD2": TD2}
each_specimen = pytest.mark.parametrize("typed", SPECIMENS.values(), ids=SPECIMENS.keys())


def changed(typed: str, line: int, position: int, sign: str) -> str:
    """`typed` with another character at a place counted from 1."""
    lines = typed.split("\n")
    lines[line - 1] = lines[line - 1][: position - 1] + sign + lines[line - 1][position:]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("D23145890", "7"), ("", "0")]
)
def test_check_digits_are_those_of_the_standard(text: str, digit: str) -> None:
    """The first two are worked out in Doc 9303-3, 4.9. Mutant seen red: weights 1, 3, 7."""
    assert check_digit(text) == digit


@each_specimen
def test_specimens_of_the_standard_have_nothing_to_complain_about(typed: str) -> None:
    """Mutants seen red: the composite of TD3 without the birth date; A counts 11."""
    reading = read(typed)
    assert reading.problems == ()
    zone = reading.zone
    assert zone
    assert (zone.primary, zone.secondary, zone.truncated) == ("ERIKSSON", "ANNA<MARIA", False)
    assert (zone.issuer, zone.birth, zone.expiry) == ("UTO", "740812", "120415")
    assert zone.expires_on() == date(2012, 4, 15)
    assert zone.number == {"TD3": "L898902C3"}.get(zone.format, "D23145890")
    assert zone.is_passport is (zone.format is Format.TD3)


def test_a_long_number_goes_on_in_the_optional_field() -> None:
    """Doc 9303-5, 4.2.2. Mutant seen red: read nine characters and call their filler a check digit."""
    reading = read(LONG_NUMBER)
    assert reading.problems == ()
    assert reading.zone
    assert reading.zone.number == "D23145890734"


def test_a_passport_without_personal_number_may_have_a_filler_for_its_digit() -> None:
    """Doc 9303-4, 4.2.2. Mutant seen red: only 0."""
    body = "L898902C36UTO7408122F1204159" + "<" * 14
    for digit in "<0":
        whole = check_digit(body[:10] + body[13:20] + body[21:] + digit)
        assert read(TD3.split("\n")[0] + "\n" + body + digit + whole).problems == ()


@each_specimen
@pytest.mark.parametrize(
    "retype",
    [
        str.lower,
        lambda typed: typed.replace("\n", "\r\n\r\n"),
        lambda typed: typed.replace("\n", ""),
        lambda typed: " ".join(typed),
        lambda typed: "\n".join(line + "<<<" if line.endswith("<") else line for line in typed.split("\n")),
        lambda typed: "\n".join(line.rstrip("<") + "<" * line.endswith("<") for line in typed.split("\n")),
        lambda typed: typed.replace("<", "\uff1c"),
        lambda typed: typed.replace("<", "\u2039"),
        lambda typed: typed.replace("<<", "\u00ab"),
    ],
    ids=[
        "lower",
        "blank lines",
        "one line",
        "blanks",
        "too many",
        "too few",
        "wide",
        "quote",
        "double quote",
    ],
)
def test_typing_is_forgiven_where_nothing_else_can_be_meant(typed: str, retype: object) -> None:
    """Mutants seen red: no upper case; fillers aren't counted for people."""
    assert callable(retype)
    assert read(retype(typed)) == read(typed)


@pytest.mark.parametrize("missing", [1, 2, 4])
def test_fillers_may_also_be_miscounted_inside_a_line(missing: int) -> None:
    """Mutant seen red: stretch the end of the line only."""
    assert read(TD3.replace("B<<<<<10", "B" + "<" * (5 - missing) + "10")) == read(TD3)


@pytest.mark.parametrize(
    ("typed", "line", "position"),
    [(TD3, 2, 10), (TD3, 2, 15), (TD3, 2, 28), (TD3, 2, 44), (TD1, 1, 15), (TD1, 2, 1), (TD2, 2, 36)],
)
@pytest.mark.parametrize("letter", sorted(LOOKS_LIKE))
def test_a_letter_for_a_digit_is_told_and_not_changed(
    typed: str, line: int, position: int, letter: str
) -> None:
    """Mutants seen red: take O for 0 silently; count places from 0."""
    reading = read(changed(typed, line, position, letter))
    assert reading.problems == (Problem(ProblemKind.LETTER, line, position, letter, LOOKS_LIKE[letter]),)
    assert reading.lines[line - 1][position - 1] == letter


def test_a_digit_in_the_name_is_told() -> None:
    """Mutant seen red: look for letters among digits only."""
    assert read(changed(TD3, 1, 9, "1")).problems == (Problem(ProblemKind.DIGIT, 1, 9, "1"),)


@pytest.mark.parametrize(
    ("typed", "line", "position", "part"),
    [
        (TD3, 2, 1, Part.NUMBER),
        (TD3, 2, 14, Part.BIRTH),
        (TD3, 2, 22, Part.EXPIRY),
        (TD3, 2, 30, Part.OPTIONAL),
        (TD1, 1, 6, Part.NUMBER),
        (TD1, 2, 2, Part.BIRTH),
        (TD1, 2, 9, Part.EXPIRY),
        (TD2, 2, 3, Part.NUMBER),
        (TD2, 2, 15, Part.BIRTH),
        (TD2, 2, 23, Part.EXPIRY),
    ],
)
def test_one_wrong_character_is_found_by_the_digit_of_its_field(
    typed: str, line: int, position: int, part: Part
) -> None:
    """Mutant seen red for each: leave the field's digit out of `_wrong_digits`."""
    sign = typed.split("\n")[line - 1][position - 1]
    other = "8" if sign in "37D" else "3"  # D counts 13, which no digit tells from 3
    parts = [problem.part for problem in read(changed(typed, line, position, other)).problems]
    assert parts == [part, Part.WHOLE]


@pytest.mark.parametrize(
    ("typed", "line", "position"), [(TD1, 1, 20), (TD1, 2, 22), (TD2, 2, 30), (TD3, 2, 44)]
)
def test_what_has_no_digit_of_its_own_is_found_by_the_one_over_everything(
    typed: str, line: int, position: int
) -> None:
    """Mutant seen red: a composite without the optional field of the first line."""
    reading = read(changed(typed, line, position, "7"))
    assert [problem.part for problem in reading.problems] == [Part.WHOLE]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem(ProblemKind.LINES, found="0")),
        ("hello", Problem(ProblemKind.LINES, found="5")),
        (TD3.replace("ANNA", "ÄNNA"), Problem(ProblemKind.CHARACTER, 1, 16, "Ä")),
        (TD3[:-1].replace("B<<<<<", "B12345"), Problem(ProblemKind.LENGTH, 2, found="43", expected="44")),
        (TD1.replace("\n7408122F", "\n17408122F").replace("<<<<<<<<<<<6", "12345678906"), None),
    ],
    ids=["nothing", "a word", "an accent", "too short", "no filler left to shrink"],
)
def test_what_cannot_be_read_is_told_with_its_place(typed: str, problem: Problem | None) -> None:
    """Mutant seen red: pad a line that has no filler."""
    reading = read(typed)
    assert problem is None or reading == type(reading)(reading.lines, None, (problem,))


@given(st.text(max_size=250))
def test_nothing_that_can_be_typed_breaks_it(typed: str) -> None:
    assert len("".join(read(typed).lines)) <= 4000


@given(st.sampled_from(list(SPECIMENS.values())), st.data())
def test_every_single_slip_in_a_checked_place_is_noticed(typed: str, data: st.DataObject) -> None:
    """Doc 9303's digits miss some swaps (A for K, both 0 modulo 10); digits among themselves never."""
    layout = LAYOUTS[read(typed).zone.format]  # type: ignore[union-attr]  # a specimen
    span = data.draw(st.sampled_from(layout.composite))
    places = [at for at in range(span.start, span.stop) if typed.split("\n")[span.line][at].isdecimal()]
    place = data.draw(st.sampled_from(places or [span.start]))
    sign = typed.split("\n")[span.line][place]
    if not sign.isdecimal():
        return
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != sign]))
    assert read(changed(typed, span.line + 1, place + 1, other)).problems
