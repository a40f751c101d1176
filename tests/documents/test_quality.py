"""What the checks notice by themselves, and what they leave to people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from onboarding.documents import quality, sandbox
from onboarding.documents.intake import take_in
from onboarding.documents.quality import Judgement, Measures, examine, judge
from onboarding.domain.findings import Check, Light
from onboarding.domain.reasons import ITEM_CODES
from tests import pictures

GOOD = Measures(
    width=1600,
    height=1200,
    spread=50.0,
    brightest=210,
    contrast=170,
    edges=70,
    detail=0.6,
    white=0.0,
    halo=0.0,
)


def stored(picture: Image.Image) -> bytes:
    """The page as the intake would keep it."""
    return take_in(pictures.encoded(picture)).pages[0].data


def wrong(measures: Measures, *, is_print: bool = True) -> list[tuple[str, bool]]:
    """Code and whether it sends the picture back, for everything that is not good."""
    found = judge(measures, is_print=is_print)
    return [(each.code, each.unusable) for each in found if each.light is not Light.GOOD]


def complaints(page: bytes) -> list[tuple[str, bool]]:
    return [(each.code, each.unusable) for each in examine(page).judgements if each.light is not Light.GOOD]


def test_a_good_picture_gets_a_good_light_from_every_check() -> None:
    """Mutant: a threshold that flags everything."""
    page = examine(stored(pictures.id_card(number=1)))
    looked_at = (Check.RESOLUTION, Check.CONTENT, Check.EXPOSURE, Check.GLARE, Check.SHARPNESS)
    assert {each.check: each.light for each in page.judgements} == dict.fromkeys(looked_at, Light.GOOD)


@pytest.mark.parametrize("colour", ["white", (90, 120, 40), (40, 40, 40)])
def test_an_empty_picture_is_unusable(colour: str | tuple[int, int, int]) -> None:
    """Mutant: look for white only."""
    assert complaints(stored(Image.new("RGB", (1000, 700), colour))) == [("blank", True)]


def test_a_black_picture_is_too_dark_and_not_merely_empty() -> None:
    """What to do about it is another thing. Mutant: ask for contents first."""
    assert complaints(stored(Image.new("RGB", (1000, 700), "black"))) == [("too_dark", True)]


def test_a_dark_page_with_a_document_goes_to_a_person() -> None:
    """Checks advise. Mutants: send it back; measure brightness instead of spread."""
    dark = pictures.id_card().point([value // 8 for value in range(256)] * 3)
    assert complaints(stored(dark)) == [("too_dark", False)]


@pytest.mark.parametrize(
    ("shorter", "expected"),
    [
        (299, [("too_small", True)]),
        (300, [("low_resolution", False)]),
        (599, [("low_resolution", False)]),
        (600, []),
    ],
)
def test_resolution_is_judged_by_the_shorter_side(shorter: int, expected: list[tuple[str, bool]]) -> None:
    """Mutants: the longer side; an off-by-one at either bound; hints that cost a picture."""
    assert wrong(replace(GOOD, width=shorter, height=2000)) == expected
    assert wrong(replace(GOOD, width=2000, height=shorter)) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"brightest": 13}, [("too_dark", True)]),
        ({"brightest": 14}, [("too_dark", False)]),
        ({"brightest": 70}, []),
        ({"edges": 4}, [("blurred", True)]),
        ({"edges": 5}, [("blurred", False)]),
        ({"edges": 34}, []),
        ({"edges": 2, "contrast": 34}, [("blank", True)]),
        ({"edges": 0, "contrast": 19, "spread": 4.0}, [("blank", True)]),
        ({"edges": 3, "contrast": 19}, []),
        ({"spread": 2.9}, [("blank", True)]),
        ({"white": 0.9, "detail": 0.03}, [("too_bright", False), ("glare", True)]),
        ({"white": 0.9, "detail": 0.05}, [("too_bright", False)]),
        ({"white": 0.9, "detail": 0.12}, []),
        ({"white": 0.79, "detail": 0.03}, []),
        ({"white": 0.03, "halo": 0.008}, [("glare", False)]),
        ({"white": 0.02, "halo": 0.05}, []),
        ({"white": 0.7, "halo": 0.001}, []),
    ],
)
def test_each_threshold_stands_where_it_is_documented(
    change: dict[str, float], expected: list[tuple[str, bool]]
) -> None:
    """Mutants: every threshold moved to either side of its row."""
    assert wrong(replace(GOOD, **change)) == expected  # type: ignore[arg-type]  # a table of fields


def test_a_face_is_not_asked_for_sharp_edges() -> None:
    """Mutant: the same for every slot."""
    assert wrong(replace(GOOD, edges=1, contrast=100), is_print=False) == []


def test_a_page_whose_bytes_went_bad_is_unusable() -> None:
    """Mutant: let the decoder's error end the examination."""
    good = stored(pictures.id_card())
    page = examine(good[: len(good) // 2])
    assert page.judgements == (Judgement(Check.READABLE, Light.BAD, "unreadable", unusable=True),)
    assert page.turns == ()


def test_a_busy_machine_finds_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our lateness never refuses an applicant. Mutant: call a page unreadable that wasn't looked at."""

    def busy(task: str, data: bytes) -> None:
        raise sandbox.DecoderBusy(task, len(data))

    monkeypatch.setattr(sandbox, "run", busy)
    with pytest.raises(sandbox.DecoderBusy):
        examine(b"page")


@pytest.mark.parametrize(
    "lie",
    [
        {},
        {"width": "wide"},
        {"turns": []},
        {"turns": [{}] * 4},
        {"turns": [{"phash": "x", "dhash": "y"}] * 4},
    ],
)
def test_what_a_broken_decoder_says_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, lie: dict[str, object]
) -> None:
    """Mutant: three turns are as good as four."""
    honest = dict.fromkeys(Measures.__slots__, 1) | {"turns": [{"phash": "0f", "dhash": "ff"}] * 4}
    monkeypatch.setattr(sandbox, "run", lambda _task, _data: (honest | lie if lie else {}, []))
    with pytest.raises(sandbox.DecoderDied):
        quality.measure(b"page")


def test_what_must_be_taken_again_has_words_for_the_applicant() -> None:
    """Mutant: a code that the catalogue of reasons doesn't have."""
    worst = [
        replace(GOOD, width=10),
        replace(GOOD, brightest=0),
        replace(GOOD, spread=0.0),
        replace(GOOD, edges=1),
        replace(GOOD, white=0.95, detail=0.0),
    ]
    codes = {code for measures in worst for code, unusable in wrong(measures) if unusable}
    assert codes == {"too_small", "too_dark", "blank", "blurred", "glare"}
    assert codes <= ITEM_CODES


def test_measures_are_those_of_the_stored_page() -> None:
    """Mutant: the sides of the grey copy."""
    measures, turns = quality.measure(stored(pictures.id_card(width=1500, height=960)))
    assert (measures.width, measures.height) == (1500, 960)
    assert measures.spread > 10
    assert len({turn.phash for turn in turns}) == 4
