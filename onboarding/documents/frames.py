"""How a decoder is asked, and its answer: one line of JSON, then the blobs. Standard library only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from onboarding.documents.limits import ProcessLimits

MEASURE = "measure"
"""The task of a decoder that isn't to take in a media type."""
MAX_REQUEST_BYTES = 1_024


class BrokenFrame(ValueError):
    """The answer is incomplete or is no frame at all."""


def request(task: str, bounds: ProcessLimits) -> bytes:
    """What the fork server is asked for."""
    return json.dumps({"task": task, "bounds": asdict(bounds)}).encode()


def requested(message: bytes) -> tuple[str, ProcessLimits]:
    """The task and the bounds of a request."""
    content = json.loads(message)
    return content["task"], ProcessLimits(**content["bounds"])


def pack(header: Mapping[str, Any], blobs: Sequence[bytes] = ()) -> bytes:
    """One frame. `header` must be JSON; the sizes of `blobs` are added to it."""
    line = json.dumps({**header, "sizes": [len(blob) for blob in blobs]}).encode()
    return b"\n".join([line, b"".join(blobs)])


def unpack(frame: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """The header and the blobs of a frame that somebody untrusted may have written.

    Raises:
        BrokenFrame: not a frame, or its sizes don't add up.
    """
    line, _, rest = frame.partition(b"\n")
    try:
        header = json.loads(line)
        sizes = [int(size) for size in header.pop("sizes")]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BrokenFrame("no header") from error
    if any(size < 0 for size in sizes) or sum(sizes) != len(rest):
        raise BrokenFrame("sizes")
    blobs = []
    for size in sizes:
        blobs.append(rest[:size])
        rest = rest[size:]
    return header, blobs
