"""Why an upload is refused: stable codes. Standard library only, so that the decoder can name them too."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Codes are part of the API: never rename one."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    MISNAMED = "misnamed"
    HEIC = "heic"
    ANIMATED = "animated"
    TOO_FEW_PIXELS = "too_few_pixels"
    TOO_MANY_PIXELS = "too_many_pixels"
    PDF_PASSWORD = "pdf_password"  # noqa: S105 - a code, no secret
    PDF_TOO_MANY_PAGES = "pdf_too_many_pages"
    UNREADABLE = "unreadable"
    INFECTED = "infected"
    BUSY = "busy"
