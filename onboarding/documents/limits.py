"""The bounds of an upload and of the process that decodes it. Standard library only: both sides import it."""

from __future__ import annotations

from dataclasses import dataclass

MIN_SIDE_PIXELS = 200
MAX_SIDE_PIXELS = 12_000
MAX_PIXELS = 51_000_000
"""Lets the 50-megapixel mode of phones (8192 x 6144) pass."""

PHOTO_SIDE_PIXELS = 2_000
"""The longer side of a stored photo; larger ones are scaled down: 590 dpi on an ID card, 170 on A4."""
PHOTO_MAX_SIDE_PIXELS = 2_048
"""What is not larger than this is not scaled: the decoder halves the photos of phones (4,000 to 4,096 pixels)
for nothing, and the last few pixels would cost half as much as decoding."""
PDF_SIDE_PIXELS = 4_096
"""The longer side of a stored page of a PDF, where `PDF_DPI` would give more."""
STORED_JPEG_QUALITY = 90

MEASURES_VERSION = 2
"""Of what `measuring` measures. Numbers of another version are not believed: the page is measured again."""

MAX_PDF_PAGES = 2
MAX_PDF_SIDE_POINTS = 14_400
"""200 inches, the largest page of ISO 32000-1, annex C.2."""
PDF_DPI = 300

MAX_ANSWER_BYTES = 48 * 1024 * 1024
"""What the decoder may send back. Two noisy pages of 4,096 x 4,096 pixels take 2 x 16 MB."""


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """What one decoder process may use."""

    memory_bytes: int = 1024 * 1024 * 1024
    cpu_seconds: int = 3
    """A photo of 12 megapixels takes a fifth of one, measured and all; the largest less than two."""
    wall_seconds: float = 4.5
    """From the call on, waiting for a place included: every page must answer within five seconds."""
    open_files: int = 16


DECODER_LIMITS = ProcessLimits()
MAX_DECODERS = 3
"""At the same time in one web or worker process: the memory limit is per decoder."""
MAX_WAIT_SECONDS = 3.0
"""For a free place, before the applicant is told to try again. What is left is enough for most photos."""
