"""The Temporal SDK's own download of the `temporal` program, given up quickly where there is no way out.

The SDK downloads only as a part of starting a dev server, and its download cannot be called off. So a child
process starts one (and ends it again); this side watches the folder and the clock.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from temporal_app.devserver.speech import Say

FIRST_BYTES_SECONDS = 5.0
"""Nothing has arrived by then: there is no way out."""
WHOLE_SECONDS = 180.0
REMEMBERED_SECONDS = 3600.0
"""How long a failed try is remembered."""


def downloaded_cli(cache: Path, tell: Say) -> Path | None:
    """The SDK's `temporal` program, downloaded now or earlier.

    Args:
        cache: The user's cache folder of this service.
        tell: Gets one line per step.

    Returns:
        The program, or `None` when it cannot be had.
    """
    folder = cache / "sdk"
    folder.mkdir(parents=True, exist_ok=True)
    if (program := _program_in(folder)) is not None:
        return program
    failure = folder / "failed"
    with contextlib.suppress(OSError):
        if 0 <= time.time() - failure.stat().st_mtime < REMEMBERED_SECONDS:
            tell("Temporal: the SDK's own download failed a while ago; not tried again yet.")
            return None
    tell("Temporal: trying the SDK's own download (given up after 5 s when nothing arrives).")
    _watch(folder)
    program = _program_in(folder)
    if program is None:
        failure.touch()
        tell("Temporal: the SDK's own download is not to be had from here.")
    return program


def _watch(folder: Path) -> None:
    """Runs the download until it ends or deserves no more patience."""
    child = subprocess.Popen(
        [sys.executable, "-m", "temporal_app.devserver.sdk_download", str(folder)],
        cwd=Path(__file__).resolve().parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    began = time.monotonic()
    try:
        while child.poll() is None:
            waited = time.monotonic() - began
            arriving = any(entry.name != "failed" for entry in folder.iterdir())
            if waited > (WHOLE_SECONDS if arriving else FIRST_BYTES_SECONDS):
                break
            time.sleep(0.05)
    finally:
        # The group, so that a dev server that the download started goes with it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _program_in(folder: Path) -> Path | None:
    """The finished download: the SDK names it when it is whole, and marks it executable."""
    for entry in sorted(folder.glob("temporal*")):
        if entry.is_file() and os.access(entry, os.X_OK) and "download" not in entry.name:
            return entry
    return None


async def _download(folder: str) -> None:
    from temporalio.testing import WorkflowEnvironment

    environment = await WorkflowEnvironment.start_local(download_dest_dir=folder)
    await environment.shutdown()


if __name__ == "__main__":
    asyncio.run(_download(sys.argv[1]))
