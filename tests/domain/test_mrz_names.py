"""Names against the zone: written and shortened as Doc 9303-3, section 6, and 9303-4, 4.2.3, have it."""

from __future__ import annotations

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from onboarding.domain.mrz_names import Likeness, likeness


@pytest.mark.parametrize(
    ("given", "family", "primary", "secondary"),
    [
        ("Anna Maria", "Eriksson", "ERIKSSON", "ANNA<MARIA"),
        ("Ana", "García-López", "GARCIA<LOPEZ", "ANA"),
        ("Ana", "García López", "GARCIALOPEZ", "ANA"),
        ("Jürgen", "Müller", "MUELLER", "JUERGEN"),
        ("Jürgen", "Müller", "MULLER", "JURGEN"),
        ("Jürgen", "Müller", "MUXXLLER", "JUXXRGEN"),
        ("Ju\u0308rgen", "Mu\u0308ller", "MULLER", "JURGEN"),
        ("Begoña", "Núñez", "NUNEZ", "BEGONA"),
        ("Begoña", "Núñez", "NUNXXEZ", "BEGONXXA"),
        ("Søren", "Ærø Å", "AEROE<AA", "SOEREN"),
        ("Łukasz", "Wałęsa", "WALESA", "LUKASZ"),
        ("Weiß", "Groß", "GROSS", "WEISS"),
        ("Þór", "Guðmundsson", "GUDMUNDSSON", "THOR"),
        ("Seán", "O’Connor", "OCONNOR", "SEAN"),
        ("Seán", "O'Connor", "O<CONNOR", "SEAN"),
        ("Jean-Luc", "St. John", "ST<JOHN", "JEAN<LUC"),
        ("Thị", "Nguyễn", "NGUYEN", "THI"),
        ("ışık", "İnönü", "INONU", "ISIK"),
        ("Владимир", "Иванов", "IVANOV", "VLADIMIR"),
        ("Юлия", "Щербакова", "SHCHERBAKOVA", "IULIIA"),
        ("Сергій", "Гончар", "HONCHAR", "SERHII"),
        ("", "Suharto", "SUHARTO", ""),
        ("Björk", "", "BJOERK", ""),
        ("Sri Mulyani", "", "SRI", "MULYANI"),
        ("Elon", "X Æ A-12", "X<AE<A", "ELON"),
    ],
)
def test_a_name_is_recognised_however_its_issuer_may_have_written_it(
    given: str, family: str, primary: str, secondary: str
) -> None:
    """Mutants seen red: Ü is only UE; Г is only G; an apostrophe is always left out."""
    assert likeness(given, family, primary, secondary) is Likeness.SAME


@pytest.mark.parametrize(
    ("given", "family", "primary", "secondary"),
    [
        ("Nilavadhanananda", "Chayapa Dejthamrong Krasuang", "CHAYAPA<DEJTHAMRONG<K", "NILAVADHANANANDA"),
        ("Arnpridr", "Krasuang Chayapa", "KRASUANG<CHAYAPA", "ARNPRI"),
        ("Nil Ava Arn", "Chayapa Krasuang", "CHAYAPA<KRAS", "N<A<A"),
        ("", "Wolfeschlegelsteinhausenbergerdorff", "WOLFESCHLEGELSTEINHAUSEN", ""),
    ],
)
def test_a_name_that_had_no_room_is_recognised_by_what_stands(
    given: str, family: str, primary: str, secondary: str
) -> None:
    """Mutants seen red: compare whole words only; allow it also where there was room."""
    assert likeness(given, family, primary, secondary, truncated=True) is Likeness.SAME
    assert likeness(given, family, primary, secondary) is not Likeness.SAME


def test_a_shortened_name_keeps_the_order_of_its_words() -> None:
    assert likeness("Ana", "Alba Bosch", "BOSCH<ALBA", "ANA", truncated=True) is Likeness.PART


@pytest.mark.parametrize(
    ("given", "family", "primary", "secondary", "expected"),
    [
        ("Ana", "García", "GARCIA<LOPEZ", "ANA<MARIA", Likeness.PART),
        ("García", "Ana", "GARCIA", "ANA", Likeness.PART),
        ("Ana", "Pérez", "GARCIA", "ANA", Likeness.OTHER),
        ("Eva", "García", "GARCIA", "ANA", Likeness.OTHER),
        ("", "Ana", "GARCIA", "ANA", Likeness.PART),
        ("", "Eva", "GARCIA", "ANA", Likeness.OTHER),
        ("明", "王", "WANG", "MING", Likeness.UNKNOWN),
        ("محمد", "عبد الله", "ABDALLAH", "MUHAMMAD", Likeness.UNKNOWN),
        ("Ana", "王", "WANG", "ANA", Likeness.UNKNOWN),
        ("Νίκος", "Παπαδόπουλος", "PAPADOPOULOS", "NIKOS", Likeness.UNKNOWN),
    ],
)
def test_other_names_and_other_scripts_are_told_apart(
    given: str, family: str, primary: str, secondary: str, expected: Likeness
) -> None:
    """Mutants seen red: a script that cannot be compared is another name; one shared word is enough."""
    assert likeness(given, family, primary, secondary) is expected


names = st.text(max_size=40)


@any_of(names, names, names, names, st.booleans())
def test_nothing_that_can_be_typed_breaks_it(a: str, b: str, c: str, d: str, truncated: bool) -> None:
    assert likeness(a, b, c, d, truncated=truncated) in set(Likeness)
