"""What is accepted, and what becomes of it."""

from __future__ import annotations

import hashlib
import io
import struct

import pytest
from PIL import Image, ImageChops, ImageStat

from onboarding.documents import pixels
from onboarding.documents.intake import take_in
from onboarding.documents.sniff import MediaType
from tests import pictures

UNTURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera that writes this orientation has stored an upright scene."""


def only_picture(data: bytes) -> Image.Image:
    (page,) = take_in(data).pages
    return Image.open(io.BytesIO(page.data))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of the channels, 0 to 255."""
    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


def segments(jpeg: bytes) -> set[int]:
    """The marker codes of a JPEG up to its scan."""
    found = set()
    at = 2
    while jpeg[at + 1] != 0xDA:
        assert jpeg[at] == 0xFF
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


@pytest.mark.parametrize(
    ("picture_format", "media_type"),
    [
        ("JPEG", MediaType.JPEG),
        ("PNG", MediaType.PNG),
        ("WEBP", MediaType.WEBP),
        ("PDF", MediaType.PDF),
    ],
)
def test_each_accepted_type_becomes_a_jpeg_page_with_honest_numbers(
    picture_format: str, media_type: MediaType
) -> None:
    """Mutants: hash the original instead of the page; report the size before scaling."""
    data = pictures.encoded(pictures.id_card(), picture_format)
    intake = take_in(data)
    assert intake.original_media_type is media_type
    assert intake.original_sha256 == hashlib.sha256(data).hexdigest()
    assert intake.original_size_bytes == len(data)
    (page,) = intake.pages
    assert page.sha256 == hashlib.sha256(page.data).hexdigest()
    with Image.open(io.BytesIO(page.data)) as stored:
        assert (stored.format, stored.mode, stored.size) == ("JPEG", "RGB", (page.width, page.height))


def test_the_name_does_not_matter_when_the_bytes_are_good() -> None:
    """Mutant: choose the decoder by the suffix."""
    png = pictures.encoded(pictures.id_card(), "PNG")
    assert take_in(png, declared_name="../../virus.exe").original_media_type is MediaType.PNG


def test_a_pdf_of_two_pages_becomes_two_pages() -> None:
    """Mutant: render the first page only."""
    intake = take_in(pictures.pdf([(595, 842), (842, 595)]))
    assert [(page.width, page.height) for page in intake.pages] == [(2480, 3509), (3509, 2480)]


@pytest.mark.parametrize("orientation", sorted(UNTURNED))
@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_turned_by_exif_is_stored_upright(picture_format: str, orientation: int) -> None:
    """Mutants: drop the turn; swap 6 and 8."""
    upright = pictures.corners()
    turn = UNTURNED[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    as_stored = upright if turn is None else upright.transpose(turn)
    data = pictures.encoded(as_stored, picture_format, exif=exif.tobytes())
    assert difference(only_picture(data), upright) < 6


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "exif",
    [
        b"nonsense",
        b"MM\0*" + b"\xff" * 64,
        b"II*\0" + struct.pack("<IHHHI4sI", 8, 1, 0x0112, 2, 4, b"abc\0", 0),
    ],
    ids=["nonsense", "points nowhere", "orientation abc"],
)
def test_a_broken_exif_block_does_not_cost_the_picture(picture_format: str, exif: bytes) -> None:
    """Mutant: let the EXIF parser's errors out."""
    data = pictures.encoded(pictures.corners(), picture_format, exif=b"Exif\0\0" + exif)
    assert difference(only_picture(data), pictures.corners()) < 6


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_any_colour_mode_is_stored_as_the_same_picture_in_rgb(mode: str) -> None:
    """Mutant: convert 16-bit grey directly, which clips everything but black to white."""
    grey = Image.linear_gradient("L").resize((400, 400))
    picture = (
        Image.frombytes("I;16", grey.size, b"".join(bytes((0, value)) for value in grey.tobytes()))
        if mode == "I;16"
        else grey.convert("RGB").convert(mode)
    )
    stored = only_picture(pictures.encoded(picture, "JPEG" if mode == "CMYK" else "PNG"))
    assert difference(stored, picture.convert("RGB") if mode in "1P" else grey) < 8


@pytest.mark.parametrize("picture_format", ["PNG", "WEBP"])
def test_what_is_transparent_becomes_white_paper(picture_format: str) -> None:
    """Mutant: drop the alpha channel, which shows the black beneath."""
    clear = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    stored = only_picture(pictures.encoded(clear, picture_format))
    assert stored.getpixel((200, 150)) == (255, 255, 255)


def test_a_palette_with_a_transparent_colour_becomes_white_paper() -> None:
    """Mutant: ask for an alpha channel instead of `has_transparency_data`."""
    picture = Image.new("P", (400, 300), 0)
    picture.putpalette([0, 0, 0, 255, 0, 0])
    stored = only_picture(pictures.encoded(picture, "PNG", transparency=0))
    assert stored.getpixel((200, 150)) == (255, 255, 255)


def test_a_phones_picture_with_a_second_frame_is_one_still_picture() -> None:
    """Mutant: count the frames of a JPEG too, and refuse every portrait-mode photo as animated."""
    card = pictures.corners()
    data = pictures.encoded(card, "MPO", save_all=True, append_images=[card.resize((300, 200))])
    assert Image.open(io.BytesIO(data)).format == "MPO"
    assert difference(only_picture(data), card) < 6


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ((8192, 6144), (2048, 1536)),
        ((3000, 2000), (2000, 1333)),
        ((1500, 2049), (1464, 2000)),
        ((1500, 2048), (1500, 2048)),
    ],
    ids=str,
)
def test_a_large_photo_is_scaled_to_the_stored_size(
    sent: tuple[int, int], stored: tuple[int, int], picture_format: str
) -> None:
    """Mutants seen red: store the pixels as they come; scale what is hardly larger than it should be."""
    if (sent, picture_format) == ((8192, 6144), "PNG"):
        stored = (2000, 1500)
    data = pictures.encoded(Image.new("RGB", sent, "grey"), picture_format)
    assert only_picture(data).size == stored


@pytest.mark.parametrize("sent", [(4000, 3000), (4032, 3024), (3072, 4096)], ids=str)
def test_a_photo_of_a_phone_is_halved_and_not_scaled(
    sent: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scaling it by a few pixels would cost half as much as decoding it.

    Mutant seen red: ask the decoder for 2,048 pixels, of which a half of 4,032 would fall short.
    """
    monkeypatch.delattr(Image.Image, "thumbnail")
    (page,) = pixels.pages_of(pictures.encoded(Image.new("RGB", sent, "grey")), MediaType.JPEG)
    assert page.size == (sent[0] // 2, sent[1] // 2)


@pytest.mark.parametrize("orientation", sorted(UNTURNED))
def test_a_photo_decoded_at_half_size_is_stored_upright(orientation: int) -> None:
    """Mutant seen red: turn only what was decoded whole."""
    upright = pictures.corners(width=4032, height=3024)
    turn = UNTURNED[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = pictures.encoded(upright if turn is None else upright.transpose(turn), exif=exif.tobytes())
    assert difference(only_picture(data), pictures.corners(width=2016, height=1512)) < 6


def test_pages_of_a_pdf_keep_their_resolution() -> None:
    """Letters have small print. Mutant seen red: one bound for both."""
    (page,) = take_in(pictures.pdf([(842, 1191)])).pages
    assert (page.width, page.height) == (2896, 4096)
    assert only_picture(pictures.pdf([(842, 1191)])).size == (2896, 4096)


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "WEBP", "PDF"])
def test_nothing_but_pixels_survives(picture_format: str) -> None:
    """Mutants: save the opened picture itself, whose comment comes along; pass the profile on."""
    (page,) = take_in(pictures.with_canaries(picture_format)).pages
    assert pictures.CANARY.encode() not in page.data
    app0, tables, frame, huffman = 0xE0, 0xDB, 0xC0, 0xC4
    assert segments(page.data) == {app0, tables, frame, huffman}
    assert page.data.endswith(b"\xff\xd9")


def test_an_archive_behind_a_picture_is_cut_off() -> None:
    """A polyglot is a valid JPEG, and phones append data too. Mutant: keep the original bytes."""
    data = pictures.jpeg() + pictures.archive()
    (page,) = take_in(data).pages
    assert b"PK\x03\x04" in data
    assert b"PK\x03\x04" not in page.data


def test_the_same_upload_gives_the_same_bytes() -> None:
    """The check for equal pictures compares stored bytes. Mutant: put a date or a counter into the file."""
    data = pictures.jpeg()
    assert take_in(data).pages == take_in(data).pages
