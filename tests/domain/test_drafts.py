"""Two windows on one form."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.drafts import Merged, merge


def test_a_field_that_was_not_touched_here_takes_what_was_written_elsewhere() -> None:
    """Mutant seen red: the whole form wins."""
    known = {"given_name": "Anna", "country": "ES"}
    shown = {"given_name": "Ana", "country": "ES"}
    assert merge(known, shown, {"given_name": "Ana", "country": "FR"}) == Merged(
        {"given_name": "Anna", "country": "FR"}, {}
    )


def test_a_field_that_both_have_written_keeps_the_last_and_names_the_other() -> None:
    """Nothing is lost silently. Mutant seen red: keep the first."""
    merged = merge({"given_name": "Anna"}, {"given_name": "Ana"}, {"given_name": "Anne"})
    assert merged == Merged({"given_name": "Anne"}, {"given_name": "Anna"})


def test_the_same_words_in_both_windows_are_no_quarrel() -> None:
    """Mutant seen red: compare with what was shown only."""
    assert merge({"country": "FR"}, {"country": "ES"}, {"country": "FR"}).overruled == {}


def test_a_form_that_does_not_say_what_it_was_shown_with_is_taken_as_it_is() -> None:
    """Programs send no more. Mutant seen red: an unknown past is an untouched field."""
    assert merge({"country": "ES"}, {}, {"country": "FR"}) == Merged({"country": "FR"}, {})


texts = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "x", "y", "z"]))


@given(texts, texts, texts)
def test_every_word_is_kept_or_named(
    known: dict[str, str], shown: dict[str, str], sent: dict[str, str]
) -> None:
    """Mutant seen red: overrule without saying so."""
    merged = merge(known, shown, sent)
    for name, value in known.items():
        replaced = value != merged.values[name]
        seen_here = value in ("", shown.get(name)) or name not in shown
        assert not replaced or seen_here or merged.overruled[name] == value
    for name, value in sent.items():
        assert value in (merged.values[name], shown.get(name))
