"""Opens pictures and PDFs. Strangers' bytes are parsed here, so it runs only in the process of `decode`."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator

from PIL import ExifTags, Image, ImageFile

from onboarding.documents import limits
from onboarding.documents.refusals import Refusal
from onboarding.documents.sniff import MediaType

FORMATS = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.WEBP: "WEBP"}
SCALING = Image.Resampling.HAMMING
"""Two thirds of the time that Pillow's own choice takes, and no difference that an eye could see."""
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each value of the EXIF tag Orientation (EXIF 2.32, 4.6.4 A)."""


class Unacceptable(Exception):
    """The file is of an accepted type but can't be taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def pages_of(data: bytes, media_type: MediaType) -> Iterator[Image.Image]:
    """The pages as upright RGB pictures that carry nothing but pixels.

    Raises:
        Unacceptable: with the reason.
        Exception: anything that a decoder can think of; it means unreadable.
    """
    if media_type is MediaType.PDF:
        yield from _pdf_pages(data)
    else:
        yield _photo(data, FORMATS[media_type])


def _check_size(width: float, height: float) -> None:
    if min(width, height) < limits.MIN_SIDE_PIXELS:
        raise Unacceptable(Refusal.TOO_FEW_PIXELS)
    if max(width, height) > limits.MAX_SIDE_PIXELS or width * height > limits.MAX_PIXELS:
        raise Unacceptable(Refusal.TOO_MANY_PIXELS)


def _opened(data: bytes, picture_format: str) -> ImageFile.ImageFile:
    """The picture with nothing of it decoded yet."""
    Image.MAX_IMAGE_PIXELS = None  # the check below is stricter, and refuses rather than warns
    picture = Image.open(io.BytesIO(data), formats=[picture_format])
    _check_size(*picture.size)
    return picture


def _photo(data: bytes, picture_format: str) -> Image.Image:
    with _opened(data, picture_format) as picture:
        # A JPEG with several frames is one photo with a depth or gain map: the first frame is the picture.
        if picture_format != "JPEG" and getattr(picture, "n_frames", 1) > 1:
            raise Unacceptable(Refusal.ANIMATED)
        if picture_format == "JPEG":  # decoding at a half or a quarter is cheaper than scaling afterwards
            shrink = min(1.0, limits.PHOTO_SIDE_PIXELS / max(picture.size))
            picture.draft(None, (int(picture.width * shrink), int(picture.height * shrink)))
            picture.decodermaxblock = len(data)  # in pieces of 64 KB it would take a tenth longer
        picture.load()
        orientation = _orientation(picture)
        return _upright(_scaled(_flat(picture)), orientation)


def _orientation(picture: Image.Image) -> int:
    # A broken EXIF block is no reason to refuse good pixels.
    with contextlib.suppress(Exception):
        return int(picture.getexif().get(ExifTags.Base.Orientation, 1))
    return 1


def _flat(picture: Image.Image) -> Image.Image:
    """On white paper, 8 bits a channel, and without what else came along: comment, profile, EXIF."""
    if picture.mode.startswith("I"):  # 16-bit grey: `convert` would clip it to white
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        return paper
    flat = picture if picture.mode == "RGB" else picture.convert("RGB")
    flat.info.clear()
    return flat


def _scaled(picture: Image.Image) -> Image.Image:
    if max(picture.size) > limits.PHOTO_MAX_SIDE_PIXELS:
        picture.thumbnail((limits.PHOTO_SIDE_PIXELS, limits.PHOTO_SIDE_PIXELS), SCALING)
    return picture


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    turn = UPRIGHT.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def _pdf_pages(data: bytes) -> Iterator[Image.Image]:
    import pypdfium2  # here, because a photo needn't pay its 30 ms

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise Unacceptable(Refusal.PDF_PASSWORD) from error
        raise
    if len(document) > limits.MAX_PDF_PAGES:
        raise Unacceptable(Refusal.PDF_TOO_MANY_PAGES)
    for page in document:
        width, height = page.get_size()
        if not 0 < max(width, height) <= limits.MAX_PDF_SIDE_POINTS:
            raise Unacceptable(Refusal.TOO_MANY_PIXELS)
        scale = min(limits.PDF_DPI / 72, limits.PDF_SIDE_PIXELS / max(width, height))
        _check_size(width * scale, height * scale)
        yield _flat(page.render(scale=scale).to_pil())


def jpeg(picture: Image.Image) -> bytes:
    """The bytes that will be stored."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=limits.STORED_JPEG_QUALITY)
    return out.getvalue()


def stored_page(stored: bytes) -> Image.Image:
    """The picture of a page as `jpeg` wrote it, in full size."""
    with _opened(stored, FORMATS[MediaType.JPEG]) as page:
        page.load()
        return _flat(page)
