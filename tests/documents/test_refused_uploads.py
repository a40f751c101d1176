"""The bank of bad uploads: each is refused with a stable code and a sentence, none becomes an error."""

from __future__ import annotations

import time

import pytest
from pytest_django import Settings

from onboarding.documents.intake import MESSAGES, Refused, take_in
from onboarding.documents.refusals import Refusal
from tests import pictures

MEGABYTE = 1024 * 1024


def heif(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1" + brand + b"\0" * 2000


def part(picture_format: str, share: float) -> bytes:
    whole = pictures.encoded(pictures.id_card(), picture_format)
    return whole[: int(len(whole) * share)]


TRUNCATED = [(kind, share) for kind in ("JPEG", "PNG", "WEBP", "PDF") for share in (0.01, 0.3, 0.9)]

OTHER_TYPES = {
    "one byte": b"\xff",
    "zeros": b"\0" * 5000,
    "text": b"Dear reviewer, I am who I say I am.",
    "SVG": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "HTML behind white space": b"\n\n  <html>" + b"\xff\xd8\xff",
    "ZIP": pictures.archive(),
    "GIF": pictures.moving("GIF"),
    "BMP": pictures.encoded(pictures.id_card(), "BMP"),
    "TIFF": pictures.encoded(pictures.id_card(), "TIFF"),
    "JPEG 2000": pictures.encoded(pictures.id_card(), "JPEG2000"),
    "EPS": pictures.encoded(pictures.id_card(), "EPS"),
    "PDF behind a script": b"<script>alert(1)</script>" + pictures.pdf(),
    "RIFF sound": b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 100,
    "video": b"\0\0\0\x18ftypqt  " + b"\0" * 100,
    "program": b"\x7fELF" + b"\0" * 100,
}


def refusal(data: bytes, name: str = "") -> Refusal:
    with pytest.raises(Refused) as caught:
        take_in(data, declared_name=name)
    assert caught.value.message
    return caught.value.code


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") is Refusal.EMPTY


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not(settings: Settings) -> None:
    """Mutant: compare with `>=`."""
    data = pictures.jpeg()
    settings.UPLOAD_MAX_BYTES = len(data) - 1
    assert refusal(data) is Refusal.TOO_LARGE
    settings.UPLOAD_MAX_BYTES = len(data)
    assert take_in(data).original_size_bytes == len(data)


@pytest.mark.parametrize(("picture_format", "share"), TRUNCATED)
def test_a_truncated_file_is_refused(picture_format: str, share: float) -> None:
    """Mutant: `ImageFile.LOAD_TRUNCATED_IMAGES`, which fills the rest with grey."""
    assert refusal(part(picture_format, share)) is Refusal.UNREADABLE


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("width", [1000, 2500, 4032, 8000], ids=["whole", "scaled", "half", "quarter"])
def test_a_truncated_jpeg_is_refused_at_whatever_size_it_is_decoded(
    width: int, progressive: bool, share: float
) -> None:
    """Mutant seen red: `ImageFile.LOAD_TRUNCATED_IMAGES` where the decoder halves."""
    card = pictures.id_card(width=width, height=width * 5 // 8)
    whole = pictures.encoded(card, quality=50, progressive=progressive)
    assert refusal(whole[: int(len(whole) * share)]) is Refusal.UNREADABLE


@pytest.mark.parametrize("kind", OTHER_TYPES)
def test_another_type_is_refused_by_its_bytes(kind: str) -> None:
    """Mutant: search for the signature anywhere."""
    assert refusal(OTHER_TYPES[kind], "letter.doc") is Refusal.WRONG_TYPE


@pytest.mark.parametrize("kind", OTHER_TYPES)
@pytest.mark.parametrize("name", ["id.jpg", "ID.JPEG", "id.png", "id.webp", "id.pdf"])
def test_another_type_under_a_good_name_is_refused_in_those_words(kind: str, name: str) -> None:
    """Mutant: believe the suffix."""
    assert refusal(OTHER_TYPES[kind], name) is Refusal.MISNAMED


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"msf1", b"avif"])
@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "IMG_0001.jpg"])
def test_a_phones_own_format_gets_advice_on_the_phone(brand: bytes, name: str) -> None:
    """Mutant: ask for the name first."""
    assert refusal(heif(brand), name) is Refusal.HEIC


@pytest.mark.parametrize("picture_format", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(picture_format: str) -> None:
    """Mutant: take the first frame."""
    assert refusal(pictures.moving(picture_format)) is Refusal.ANIMATED


@pytest.mark.parametrize(
    "bomb",
    [
        pictures.png_claiming(50_000, 50_000),
        pictures.png_claiming(2**31 - 1, 2**31 - 1),
        pictures.png_claiming(12_001, 300),
        pictures.png_claiming(8_000, 8_000, colour_type=6),
        pictures.jpeg_claiming(65_500, 65_500),
        pictures.pdf([(1_000_000, 1_000_000)]),
        pictures.pdf([(595, 842), (1_000_000, 300)]),
    ],
    ids=["PNG 2.5 Gpx", "PNG 4 Epx", "PNG wide", "PNG 64 Mpx", "JPEG 4 Gpx", "PDF 1e6 pt", "PDF page 2"],
)
def test_a_bomb_is_refused_by_what_it_claims_before_it_is_unpacked(bomb: bytes) -> None:
    """Mutant: load first and look at the size then."""
    started = time.perf_counter()
    assert refusal(bomb) is Refusal.TOO_MANY_PIXELS
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "bomb",
    [
        pictures.webp_claiming(16_384, 16_384),
        pictures.png_claiming(8_000, 6_000),
        pictures.png_with_word_bomb(),
    ],
    ids=["WebP canvas", "PNG without the pixels", "PNG comment of 96 MB"],
)
def test_a_bomb_that_lies_otherwise_is_unreadable(bomb: bytes) -> None:
    assert refusal(bomb) is Refusal.UNREADABLE


@pytest.mark.parametrize(
    "data",
    [pictures.jpeg(width=199, height=400), pictures.jpeg(width=4000, height=1), pictures.pdf([(30, 30)])],
    ids=["narrow", "a line", "PDF of a stamp"],
)
def test_a_picture_that_nobody_could_read_is_refused(data: bytes) -> None:
    """Mutant: check the longer side."""
    assert refusal(data) is Refusal.TOO_FEW_PIXELS


def test_the_smallest_picture_is_accepted() -> None:
    """Mutant: compare with `<=`."""
    assert take_in(pictures.jpeg(width=200, height=200)).pages[0].width == 200


def test_a_pdf_with_a_password_is_refused() -> None:
    """Mutant: treat every error of the library as unreadable."""
    assert refusal(pictures.pdf_with_password()) is Refusal.PDF_PASSWORD


@pytest.mark.parametrize("count", [3, 500])
def test_a_pdf_with_many_pages_is_refused(count: int) -> None:
    """Mutant: render the first two and drop the rest silently."""
    assert refusal(pictures.pdf([(595, 842)] * count)) is Refusal.PDF_TOO_MANY_PAGES


def test_a_pdf_without_pages_is_refused() -> None:
    assert refusal(pictures.pdf([])) is Refusal.UNREADABLE


@pytest.mark.parametrize(
    "signature", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP", b"%PDF-1.7\n"]
)
def test_a_signature_with_nonsense_behind_it_is_refused(signature: bytes) -> None:
    """The first bytes are a claim, decoding is the proof. Mutant: stop at the signature."""
    assert refusal(signature + bytes(range(256)) * 40) is Refusal.UNREADABLE


def test_every_refusal_has_one_sentence_without_gaps() -> None:
    """Mutant: forget a code in the table; misspell a placeholder."""
    assert set(MESSAGES) == set(Refusal)
    for code in Refusal:
        message = Refused(code).message
        assert "%(" not in message
        assert message.endswith(".")
        assert message.count(". ") == 0, "one sentence: the cause, then the cure"


def test_the_limit_is_named_in_words(settings: Settings) -> None:
    """Mutant: write the default into the sentence."""
    settings.UPLOAD_MAX_BYTES = 7 * MEGABYTE
    assert "7.0" in Refused(Refusal.TOO_LARGE).message
