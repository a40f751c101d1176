"""Pictures are measured as they come in; the checks believe that where it was measured in the same way."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFilter

from onboarding.documents import measuring, prints, quality, vault
from onboarding.documents.checks import check_submission
from onboarding.documents.prints import difference
from onboarding.models.documents import Document
from tests import pictures
from tests.documents.submissions import CARD, CARD_FILE, submitted

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _private_folder(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENT_DIR = tmp_path / "documents"


@pytest.mark.parametrize("picture", [CARD, CARD.filter(ImageFilter.GaussianBlur(9))], ids=["good", "blurred"])
def test_what_was_measured_when_it_came_in_is_nearly_what_the_stored_page_gives(picture: Image.Image) -> None:
    """Compressing it for good moves the numbers a little, and no judgement.

    Mutants seen red: measure the picture at half its size; before it is turned upright.
    """
    exif = Image.Exif()
    exif[0x0112] = 6
    upload = Document.objects.get(case=submitted(pictures.encoded(picture, exif=exif.tobytes())))
    measures, turns = quality.measures_from(upload.pages[0]["measures"])
    again, turns_again = quality.measure(vault.read(upload, 1))
    assert asdict(measures) == pytest.approx(asdict(again), rel=0.02, abs=1)
    assert [*quality.judge(measures)] == [*quality.judge(again)]
    for one, other in zip(turns, turns_again, strict=True):
        assert (difference(one, other) or 0) <= prints.SAME_CELLS / 3


@pytest.mark.parametrize("sides", [(2896, 4096), (3000, 2000)], ids=str)
def test_a_page_that_is_measured_later_is_measured_as_large_as_it_is(sides: tuple[int, int]) -> None:
    """Of a PDF, or stored by an earlier release. Mutant seen red: open it as a photo that comes in."""
    measures, _ = quality.measure(pictures.encoded(Image.new("RGB", sides, "grey")))
    assert (measures.width, measures.height) == sides


@pytest.mark.parametrize(
    ("measures", "begun"), [({}, []), ({"version": 0}, ["measure"]), (None, ["measure"])], ids=str
)
def test_only_what_was_not_measured_in_this_way_needs_a_process(
    measures: dict[str, Any] | None, begun: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutants seen red: believe measures of any version; measure always."""
    case = submitted(CARD_FILE)
    upload = Document.objects.get(case=case)
    upload.pages[0]["measures"] = measures and upload.pages[0]["measures"] | measures
    if measures != {}:
        upload.save(update_fields=["pages"])
    seen: list[str] = []
    real = quality.sandbox.run
    monkeypatch.setattr(quality.sandbox, "run", lambda task, data: (seen.append(task), real(task, data))[1])
    assert check_submission(str(case.pk), 1).retakes == ()
    assert seen == begun


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_prints_of_the_turns_are_those_of_the_turned_picture(number: int) -> None:
    """But for a cell rounded the other way. Mutants seen red: a mirror keeps signs; turns change places."""
    page = CARD.resize((1_024, 768))
    turned = page.transpose(measuring.TURNS[number - 1])
    ours, theirs = measuring.measures_of(page)["turns"][number], measuring.measures_of(turned)["turns"][0]
    assert ours["phash"] == theirs["phash"]
    assert (int(ours["dhash"], 16) ^ int(theirs["dhash"], 16)).bit_count() <= 2
