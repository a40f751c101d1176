"""Opens what strangers send: the work of one limited process, which `forkserver` starts for each file.

It limits itself before it reads a byte, gets the file by standard input and answers one frame on standard
output. It imports no Django, so no secret is in its memory. Whatever a file does to it, we see a frame or a
dead process, nothing else. Its exit code 1 means that the program itself is broken.
"""

from __future__ import annotations

import resource
import sys

from onboarding.documents import measuring, pixels
from onboarding.documents.frames import MEASURE, pack
from onboarding.documents.limits import ProcessLimits
from onboarding.documents.refusals import Refusal
from onboarding.documents.sniff import MediaType

STDIN, STDOUT = 0, 1


def limit_self(bounds: ProcessLimits) -> None:
    """No more memory, time and files than that; writes no file and leaves no core."""
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_seconds, bounds.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_NOFILE, (bounds.open_files, bounds.open_files))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # macOS refuses any value
        resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))


def work(task: str) -> None:
    """Answers to what comes by standard input."""
    with open(STDIN, "rb", buffering=0) as source, open(STDOUT, "wb") as out:
        out.write(answer(task, source.read()))


def answer(task: str, data: bytes) -> bytes:
    """The frame that answers `task` (a media type to take in, or `measure`): pages, measures or a refusal.

    Pages come with their measures.
    """
    try:
        if task == MEASURE:
            return pack(measuring.measures_of(pixels.stored_page(data)))
        # The pixels at hand are measured: to open what was just compressed would cost as much as the photo.
        pages = [
            (page.size, measuring.measures_of(page), pixels.jpeg(page))
            for page in pixels.pages_of(data, MediaType(task))
        ]
        header = {"pages": [size for size, _, _ in pages], "measures": [measures for _, measures, _ in pages]}
        return pack(header, [jpeg for _, _, jpeg in pages])
    except pixels.Unacceptable as refused:
        return pack({"refusal": refused.refusal})
    except Exception as error:  # noqa: BLE001 - the boundary: a decoder raises what it likes
        return pack({"refusal": Refusal.UNREADABLE, "detail": type(error).__name__})
