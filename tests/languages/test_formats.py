"""Moments and days as each language writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

from onboarding.formats.en import formats as english
from onboarding.formats.es import formats as spanish

T0 = datetime(2026, 12, 5, 9, 7, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "in_english", "in_spanish"),
    [
        ("MOMENT", "Sat 5 Dec, 09:07", "sáb 5 dic, 09:07"),
        ("MOMENT_WITH_YEAR", "Sat 5 Dec 2026, 09:07", "sáb 5 dic 2026, 09:07"),
        ("SECOND", "5 Dec, 09:07:03", "5 dic, 09:07:03"),
        ("DAY", "5 Dec", "5 dic"),
        ("IN_FULL", "5 December 2026, 09:07 UTC", "5 de diciembre de 2026, 09:07 UTC"),
    ],
)
def test_months_are_small_in_spanish(name: str, in_english: str, in_spanish: str) -> None:
    """Mutant seen red: the format of English for both."""
    with translation.override("en"):
        assert date_format(T0, name) == in_english
    with translation.override("es"):
        assert date_format(T0, name) == in_spanish


def test_both_languages_have_the_same_formats() -> None:
    """A name that one lacks would be shown as it is. Mutant seen red: one less."""
    assert {each for each in vars(english) if each.isupper()} == {
        each for each in vars(spanish) if each.isupper()
    }
