"""What a file claims to be, by its first bytes; its name doesn't count. The proof is to decode it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

from onboarding.documents.refusals import Refusal

ACCEPTED_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".pdf"})
HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
)
"""Phones' own formats (ISO/IEC 23008-12): the owner of the phone can switch to JPEG."""


class MediaType(StrEnum):
    """The four kinds of file that are accepted."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"


def recognise(data: bytes) -> MediaType | None:
    """The accepted type whose signature `data` starts with, or None."""
    if data.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return MediaType.WEBP
    if data.startswith(b"%PDF-"):
        return MediaType.PDF
    return None


def refusal_of_unknown(data: bytes, declared_name: str) -> Refusal:
    """The refusal with the best advice for bytes that `recognise` doesn't know."""
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return Refusal.HEIC
    if PurePath(declared_name).suffix.lower() in ACCEPTED_SUFFIXES:
        return Refusal.MISNAMED
    return Refusal.WRONG_TYPE
