"""An upload on its way in: recognised, proven by decoding, bounded, and reduced to clean JPEG pages."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from onboarding.documents import limits, quality, sandbox, scanner
from onboarding.documents.refusals import Refusal
from onboarding.documents.sniff import MediaType, recognise, refusal_of_unknown

logger = logging.getLogger(__name__)

MESSAGES = {
    Refusal.EMPTY: _("This file is empty: choose the picture again, or take a new one."),
    Refusal.TOO_LARGE: _(
        "This file is larger than %(max_size)s: take the picture with a lower resolution, or save it smaller."
    ),
    Refusal.WRONG_TYPE: _("We can only open JPEG, PNG, WebP and PDF files: save it as one of these."),
    Refusal.MISNAMED: _(
        "The name of this file promises a picture or a PDF, but something else is inside: "
        "open it on your device and save it as JPEG or PDF."
    ),
    Refusal.HEIC: _(
        "Your phone saved this picture as HEIC, which we cannot open: on an iPhone choose Settings, Camera, "
        "Formats, Most Compatible, on Android switch “high efficiency pictures” off in the camera, "
        "and take it again."
    ),
    Refusal.ANIMATED: _("This picture moves: send a still picture of your document."),
    Refusal.TOO_FEW_PIXELS: _(
        "This picture is smaller than %(min_side)d pixels on one side: "
        "move closer and take it again, or send the original instead of a preview."
    ),
    Refusal.TOO_MANY_PIXELS: _(
        "This picture has too many pixels or the page is too large: "
        "use at most %(max_megapixels)d megapixels, and A4 or Letter for a PDF."
    ),
    Refusal.PDF_PASSWORD: _("This PDF asks for a password: save it without one, or send a photo."),
    Refusal.PDF_TOO_MANY_PAGES: _(
        "This PDF has more than %(max_pages)d pages: send only the pages that show your document."
    ),
    Refusal.UNREADABLE: _(
        "We could not open this file, it may be damaged: take the picture again, or save it as JPEG."
    ),
    Refusal.INFECTED: _(
        "Our virus scanner found something harmful in this file: take a new picture with the camera, "
        "or send the file from another device."
    ),
    Refusal.BUSY: _("We are handling many uploads right now: please send the file again in a minute."),
}
"""One sentence each: the cause, then the cure."""


class Refused(Exception):
    """The upload can't be taken. `code` is stable, `message` is for the applicant, in their language."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code)
        self.code = code
        self.message: str = MESSAGES[code] % {
            "max_size": filesizeformat(settings.UPLOAD_MAX_BYTES),
            "min_side": limits.MIN_SIDE_PIXELS,
            "max_megapixels": limits.MAX_PIXELS // 1_000_000,
            "max_pages": limits.MAX_PDF_PAGES,
        }


@dataclass(frozen=True, slots=True)
class Page:
    """One JPEG as it will be stored: pixels only, upright, RGB.

    Attributes:
        sha256: of `data`, in hex.
        measures: numbers for `quality.examine`, as JSON values.
    """

    data: bytes
    width: int
    height: int
    sha256: str
    measures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Intake:
    """An accepted upload. The `original_…` fields describe what was sent and isn't kept.

    `scanned` is False where the virus scanner could not say anything: the document belongs in quarantine.
    """

    pages: tuple[Page, ...]
    original_sha256: str
    original_media_type: MediaType
    original_size_bytes: int
    scanned: bool = True

    @property
    def pages_sha256(self) -> str:
        """Over all stored pages, in order, in hex."""
        return hashlib.sha256("".join(page.sha256 for page in self.pages).encode()).hexdigest()


def take_in(data: bytes, *, declared_name: str = "", sha256: str = "") -> Intake:
    """Scans, recognises, proves, bounds and re-encodes one upload. Keeps nothing, asks no database.

    Takes at most five seconds; the parsing happens in a limited process, which gets the time that the virus
    scanner has left.

    Args:
        data: the whole file.
        declared_name: the name the browser gave. It only chooses the words of a refusal.
        sha256: of `data`, in hex, from who has it already.

    Raises:
        Refused: whatever is wrong with the file; `Refusal.BUSY` when nothing is.
    """
    if not data:
        raise Refused(Refusal.EMPTY)
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise Refused(Refusal.TOO_LARGE)
    began = time.monotonic()
    scanned = _scanned(data)
    media_type = recognise(data)
    if media_type is None:
        raise Refused(refusal_of_unknown(data, declared_name))
    try:
        header, blobs = sandbox.run(media_type, data, process_limits=_limits_since(began))
        pages = _pages(header, blobs)
    except sandbox.DecoderBusy as error:
        raise Refused(Refusal.BUSY) from error
    except (sandbox.DecoderDied, KeyError, ValueError, TypeError) as error:
        raise Refused(Refusal.UNREADABLE) from error
    return Intake(pages, sha256 or hashlib.sha256(data).hexdigest(), media_type, len(data), scanned)


def _scanned(data: bytes) -> bool:
    try:
        scanner.scan(data, seconds=settings.CLAMD_TIMEOUT_SECONDS)
    except scanner.Infected as virus:
        logger.warning("the virus scanner found %s in an upload", virus)
        raise Refused(Refusal.INFECTED) from virus
    except scanner.NotScanned as error:
        logger.warning("an upload goes into quarantine: %s", error)
        return False
    return True


def _limits_since(began: float) -> limits.ProcessLimits:
    left = limits.DECODER_LIMITS.wall_seconds - (time.monotonic() - began)
    return replace(limits.DECODER_LIMITS, wall_seconds=max(0.0, left))


def _pages(header: dict[str, Any], blobs: list[bytes]) -> tuple[Page, ...]:
    """What the decoder sent, believed only as far as it can be checked without parsing a picture."""
    if "refusal" in header:
        refusal = Refusal(header["refusal"])
        logger.info("the decoder refused an upload: %s %r", refusal, header.get("detail", ""))
        raise Refused(refusal)
    if not blobs or not all(recognise(blob) is MediaType.JPEG for blob in blobs):
        raise ValueError("pages")
    return tuple(
        Page(blob, int(width), int(height), hashlib.sha256(blob).hexdigest(), quality.plain(measures))
        for (width, height), measures, blob in zip(header["pages"], header["measures"], blobs, strict=True)
    )
