"""The bounds of an upload and of the process that decodes it. Standard library only: both sides import it."""

from __future__ import annotations

from dataclasses import dataclass

MIN_SIDE_PIXELS = 200
MAX_SIDE_PIXELS = 12_000
MAX_PIXELS = 51_000_000
"""Lets the 50-megapixel mode of phones (8192 x 6144) pass."""

STORED_SIDE_PIXELS = 4_000
"""The longer side of a stored page: about 1,100 dpi on an ID card. Larger pictures are scaled down."""
STORED_JPEG_QUALITY = 90

MAX_PDF_PAGES = 2
MAX_PDF_SIDE_POINTS = 14_400
"""200 inches, the largest page of ISO 32000-1, annex C.2."""
PDF_DPI = 300

MAX_ANSWER_BYTES = 48 * 1024 * 1024
"""What the decoder may send back. Two noisy pages of 4,000 x 4,000 pixels take 2 x 16 MB."""


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """What one decoder process may use."""

    memory_bytes: int = 1024 * 1024 * 1024
    cpu_seconds: int = 3
    """A photo of 12 megapixels takes half a second, the largest that passes two."""
    wall_seconds: float = 4.0
    """Every page must answer within five seconds, and a decoder is what takes longest on the way."""
    open_files: int = 16


DECODER_LIMITS = ProcessLimits()
MAX_DECODERS = 3
"""At the same time in one web or worker process: the memory limit is per decoder."""
MAX_WAIT_SECONDS = 0.7
"""For a free place, before the applicant is told to try again."""
