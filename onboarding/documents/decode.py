"""The program that opens what strangers send: `python -m onboarding.documents.decode TASK MEMORY CPU FILES`.

It limits itself before it loads a decoder or reads a byte, gets the file by standard input and answers one
frame on standard output. It imports no Django: it starts at once, with no secret in its memory.
Whatever a file does to it, the parent sees a frame or a dead process, nothing else. Python's own exit code 1
means that the program itself is broken, because a library is missing for example.
"""

from __future__ import annotations

import resource
import sys

from onboarding.documents.frames import pack
from onboarding.documents.refusals import Refusal
from onboarding.documents.sniff import MediaType

MEASURE = "measure"


def limit_self(memory_bytes: int, cpu_seconds: int, open_files: int) -> None:
    """No more memory, time and files than that; writes no file and leaves no core."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # macOS refuses any value
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def answer(task: str, data: bytes) -> bytes:
    """The frame that answers `task` (a media type to take in, or `measure`): pages, measures or a refusal.

    Pages come with their measures.
    """
    from onboarding.documents import measuring, pixels  # here, so that the limits stand before

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


if __name__ == "__main__":
    limit_self(*(int(argument) for argument in sys.argv[2:5]))
    sys.stdout.buffer.write(answer(sys.argv[1], sys.stdin.buffer.read()))
