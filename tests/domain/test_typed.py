"""Free text: what nobody sees is taken out, everything else stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.typed import hides_something, plain


@pytest.mark.parametrize(
    "text",
    [
        "Called twice.\n\tSays “ja”: José, Łódź, 王小明",
        "=1+1; @home +34 -5",
        "नी\u200dता",
        "שלום\u200f (Hi)",
        "\U0001f469\u200d\U0001f52c agreed",
        "",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    """Mutants seen red: joiners taken out; ends of lines taken out."""
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\x07b\x1b[31mc\x7fd\x85e", "ab[31mcde"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\u2066left\u2069 \u202aright\u202c", "left right"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("priv\ue000ate \uffff", "private "),
    ],
)
def test_what_hides_or_turns_text_is_taken_out(text: str, left: str) -> None:
    """Mutants seen red: controls stay; what turns text stays."""
    assert plain(text) == left


@given(st.text())
def test_once_is_enough(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("address", ["ana@example.org", "o'neil+x@пример.example", "a-b_c@sub.example"])
def test_ordinary_addresses_hide_nothing(address: str) -> None:
    assert not hides_something(address)


@pytest.mark.parametrize("sign", ["\x07", "\x7f", "\u202e", "\u200b", "\u200d", "\ufeff", "\u00ad"])
def test_an_address_with_an_unseen_sign_hides_something(sign: str) -> None:
    """Mutant seen red: no look at marks."""
    assert hides_something(f"ana@exa{sign}mple.org")
