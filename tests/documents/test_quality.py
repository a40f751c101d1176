"""What the checks notice by themselves, and what they leave to people."""

from __future__ import annotations

import pytest
from PIL import Image

from onboarding.documents import quality, sandbox
from onboarding.documents.intake import take_in
from onboarding.documents.quality import Finding, Measures, examine, judge
from onboarding.domain.reasons import ITEM_CODES
from tests import pictures


def stored(picture: Image.Image) -> bytes:
    """The page as the intake would keep it."""
    return take_in(pictures.encoded(picture)).pages[0].data


def test_good_pictures_of_both_sides_give_no_finding() -> None:
    """Mutant: a threshold that flags everything."""
    assert examine([stored(pictures.id_card(number=1)), stored(pictures.id_card(number=2))]) == ()


def test_nothing_to_examine_gives_no_finding() -> None:
    assert examine([]) == ()


@pytest.mark.parametrize("colour", ["white", "black", (90, 120, 40)])
def test_an_empty_picture_is_unusable(colour: str | tuple[int, int, int]) -> None:
    """Mutant: look for white only."""
    blank = stored(Image.new("RGB", (1000, 700), colour))
    assert examine([blank]) == (Finding("blank", 0, unusable=True),)


def test_a_dark_page_with_a_document_is_not_blank() -> None:
    """Checks advise: a bad picture goes to a person. Mutant: measure brightness instead of spread."""
    dark = pictures.id_card().point(lambda value: value // 8)
    assert examine([stored(dark)]) == ()


def test_the_same_picture_as_front_and_back_is_unusable_on_the_later_page() -> None:
    """Mutant: compare neighbours only."""
    front, other = stored(pictures.id_card(number=1)), stored(pictures.id_card(number=2))
    assert examine([front, other, front]) == (Finding("same_picture", 2, unusable=True),)


@pytest.mark.parametrize(
    ("shorter", "expected"),
    [
        (299, (Finding("too_small", 4, unusable=True),)),
        (300, (Finding("low_resolution", 4, unusable=False),)),
        (599, (Finding("low_resolution", 4, unusable=False),)),
        (600, ()),
    ],
)
def test_resolution_is_judged_by_the_shorter_side(shorter: int, expected: tuple[Finding, ...]) -> None:
    """Mutants: the longer side; an off-by-one at either bound; hints that cost the applicant a picture."""
    assert judge(Measures(shorter, 2000, 40.0), 4) == expected
    assert judge(Measures(2000, shorter, 40.0), 4) == expected


def test_a_page_whose_bytes_went_bad_is_unusable_and_the_others_are_still_examined() -> None:
    """Mutant: let the decoder's error end the examination."""
    good = stored(pictures.id_card())
    assert examine([good[: len(good) // 2], good]) == (Finding("unreadable", 0, unusable=True),)


def test_a_busy_machine_finds_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our lateness never refuses an applicant. Mutant: call a page unreadable that wasn't looked at."""

    def busy(task: str, data: bytes) -> None:
        raise sandbox.DecoderBusy(task, len(data))

    monkeypatch.setattr(sandbox, "run", busy)
    with pytest.raises(sandbox.DecoderBusy):
        examine([b"page"])


def test_what_must_be_taken_again_has_words_for_the_applicant() -> None:
    """Mutant: a code that the catalogue of reasons doesn't have."""
    page = stored(pictures.id_card())
    worst = judge(Measures(10, 10, 0.0), 0) + examine([page, page, b"\xff\xd8\xff"])
    assert {finding.code for finding in worst if finding.unusable} == {
        "too_small",
        "blank",
        "same_picture",
        "unreadable",
    }
    assert {finding.code for finding in worst if finding.unusable} <= ITEM_CODES


def test_measures_are_those_of_the_stored_page() -> None:
    """Mutant: measure the thumbnail."""
    measures = quality.measure(stored(pictures.id_card(width=1000, height=640)))
    assert (measures.width, measures.height) == (1000, 640)
    assert measures.spread > 10
