"""The same picture, though not the same bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from onboarding.documents import lookalikes, prints
from onboarding.documents.prints import Print
from onboarding.documents.quality import Page
from tests import pictures
from tests.documents import drawings
from tests.documents.calibration import examined


def seen(picture: Image.Image) -> Page:
    return examined(picture)


CARD = pictures.id_card(number=1)


@pytest.mark.parametrize(
    "copy",
    [
        lambda card: drawings.resaved(card, 60),
        lambda card: drawings.shrunk(card, 420),
        lambda card: card.transpose(Image.Transpose.ROTATE_90),
        lambda card: drawings.resaved(card.transpose(Image.Transpose.ROTATE_180), 80),
    ],
    ids=["saved again", "smaller", "a quarter turn", "upside down"],
)
def test_a_copy_is_recognised(copy: object) -> None:
    """Mutants: compare upright pictures only; a band of 64 bits."""
    assert callable(copy)
    page = seen(copy(CARD))
    assert lookalikes.likeness(page, seen(CARD).turns[0]) is True
    assert any(set(turn.bands) & set(seen(CARD).turns[0].bands) for turn in page.turns)


def test_another_document_on_the_same_form_is_another_picture() -> None:
    """Mutant: compare the lowest waves alone."""
    first, second = (drawings.KINDS["card, front"](drawings.random.Random(seed)) for seed in (1, 2))
    assert lookalikes.likeness(seen(first), seen(second).turns[0]) is None


def test_the_outline_of_a_form_on_white_paper_tells_nobody_apart() -> None:
    """All scans of a form would look alike. Mutant: compare whatever there is."""
    first, second = seen(drawings.scan("passport", 1)), seen(drawings.scan("passport", 2))
    assert not first.turns[0].is_telling
    assert lookalikes.likeness(first, second.turns[0]) is None


hashes = st.integers(0, 2**64 - 1)


@given(hashes, st.sets(st.integers(0, 63), max_size=3))
def test_prints_that_differ_in_three_bits_share_a_band(number: int, flipped: set[int]) -> None:
    """The pigeonhole that makes the index complete. Mutant: bands that overlook the last bits."""
    other = number
    for bit in flipped:
        other ^= 1 << bit
    one, two = (Print(f"{value:016x}", "0" * 256) for value in (number, other))
    assert any(mine == theirs for mine, theirs in zip(one.bands, two.bands, strict=True))


@given(hashes)
def test_bands_are_the_whole_hash(number: int) -> None:
    """Mutant: the same quarter four times."""
    bands = Print(f"{number:016x}", "0" * 256).bands
    assert sum(band << (prints.BAND_BITS * place) for place, band in enumerate(reversed(bands))) == number
