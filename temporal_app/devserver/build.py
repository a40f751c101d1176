"""Builds the official Temporal server, its SQL tool and its UI from Go modules, once per version.

`go.mod` beside this file names the versions, `go.sum` pins every byte. The build has module and compile
caches of its own (3.6 GB) which go away with it, also when it fails. The programs appear under their final
name all at once or not at all.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from temporal_app.devserver import toolchain
from temporal_app.devserver.speech import CannotStartError, Say

SERVER, SQL_TOOL, UI = "temporal-server", "temporal-sql", "temporal-ui"
MODULES = Path(__file__).resolve().parent
TAGS = "disable_grpc_modules"
"""As the server's own releases are built: an archiver's gRPC client, 136 packages, is left out."""
NEEDED_BYTES = 5 * 1024**3
REPORT_SECONDS = 20.0
PACKAGES = (
    (SERVER, "go.temporal.io/server/cmd/server", "the Temporal server", "5 to 10 minutes on two cores"),
    (SQL_TOOL, "go.temporal.io/server/cmd/tools/sql", "its SQL tool", "some seconds"),
    (UI, "github.com/temporalio/ui-server/v2/cmd/server", "its UI", "some seconds"),
)


@dataclass(frozen=True)
class Versions:
    """What go.mod asks for."""

    go: tuple[int, ...]
    server: str
    ui: str

    @property
    def folder_name(self) -> str:
        return f"{self.server}-ui-{self.ui}"


def versions(go_mod: str | None = None) -> Versions:
    """Reads the versions out of go.mod (its text, or the file beside this module)."""
    text = (MODULES / "go.mod").read_text(encoding="utf-8") if go_mod is None else go_mod

    def find(pattern: str) -> str:
        match = re.search(pattern, text, re.MULTILINE)
        if match is None:
            raise ValueError(f"go.mod has no line like {pattern}")
        return match[1]

    return Versions(
        go=tuple(int(part) for part in find(r"^go ([\d.]+)$").split(".")),
        server=find(r"go\.temporal\.io/server v(\S+)"),
        ui=find(r"github\.com/temporalio/ui-server/v2 v(\S+)"),
    )


def built_folder(cache: Path) -> Path | None:
    """The folder of the programs, when they were built earlier."""
    folder = cache / versions().folder_name
    return folder if all(os.access(folder / name, os.X_OK) for name, *_ in PACKAGES) else None


def ensure_built(cache: Path, tell: Say) -> Path:
    """The folder of the programs, built now unless they are there; a second start waits for the first.

    Args:
        cache: The user's cache folder of this service.
        tell: Gets a line per step, and one every 20 s of a long step.

    Raises:
        CannotStartError: They could not be built; nothing half-made stays.
    """
    with _turn(cache / f"{versions().folder_name}.lock", tell):
        return built_folder(cache) or _build(cache, tell)


@contextlib.contextmanager
def _turn(lock: Path, tell: Say) -> Iterator[None]:
    """Holds the lock file and says so when it has to wait; the kernel lets go of it when its owner dies."""
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("Temporal: another start on this machine is building the server; waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _build(cache: Path, tell: Say) -> Path:
    for left_over in cache.glob(".build-*"):  # of a build that was killed; its lock is ours now
        _remove(left_over)
    free = shutil.disk_usage(cache).free
    if free < NEEDED_BYTES:
        raise CannotStartError(
            f"Building the Temporal server takes up to {NEEDED_BYTES // 1024**3} GB for a while, and {cache} "
            f"has {free / 1024**3:.1f} GB left. "
            "Make room, or let XDG_CACHE_HOME name a folder on a larger disk."
        )
    target = cache / versions().folder_name
    work = Path(tempfile.mkdtemp(prefix=".build-", dir=cache))
    began = time.monotonic()
    try:
        tell(f"Temporal: building the official server {versions().server} from Go modules, this one time.")
        go = toolchain.find_go(versions().go, work / "toolchain", tell)
        programs = work / "programs"
        programs.mkdir()
        for name, package, title, duration in PACKAGES:
            tell(f"Temporal: building {title} ({duration}).")
            _compile(go, package, programs / name, work, title, tell)
        _remove(target)
        programs.rename(target)
    finally:
        tell("Temporal: removing the build's own caches.")
        _remove(work)
    tell(f"Temporal: built in {_spoken(time.monotonic() - began)}.")
    return target


def _compile(go: Path, package: str, output: Path, work: Path, title: str, tell: Say) -> None:
    command = [str(go), "build", "-tags", TAGS, "-trimpath", "-ldflags=-s -w", "-o", str(output), package]
    log = work / "compile.log"
    with log.open("w", encoding="utf-8") as lines:
        child = subprocess.Popen(
            command,
            cwd=MODULES,
            env=_go_environment(work),
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    began = time.monotonic()
    try:
        while True:
            try:
                code = child.wait(timeout=REPORT_SECONDS)
                break
            except subprocess.TimeoutExpired:
                tell(f"Temporal: still building {title}, {_spoken(time.monotonic() - began)} so far.")
    finally:
        # Interrupted: the compiler and its children must not go on without us.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if code != 0 or not output.is_file():
        said = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
        reason = " / ".join([line for line in said if line and not line.startswith("go: downloading")][-3:])
        raise CannotStartError(
            f"Building {title} failed: {reason or f'the compiler ended with code {code}'}. "
            "The machine must reach the Go module proxy for this (GOPROXY is honoured). Instead you can put "
            "a `temporal` program 1.9 or newer on the PATH, or set TEMPORAL_ADDRESS to a running server."
        )


def _go_environment(work: Path) -> dict[str, str]:
    """The person's environment (proxies), with folders of our own and nothing that changes the target."""
    kept = {
        name: value for name, value in os.environ.items() if name not in {"GOOS", "GOARCH", "GOROOT", "GOBIN"}
    }
    own = {
        "CGO_ENABLED": "0",
        "GO111MODULE": "on",
        "GOWORK": "off",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-modcacherw -buildvcs=false -mod=readonly",
        "GOPATH": str(work / "go"),
        "GOMODCACHE": str(work / "modules"),
        "GOCACHE": str(work / "compiled"),
        "GOTMPDIR": str(work / "temporary"),
    }
    (work / "temporary").mkdir(exist_ok=True)
    return kept | own


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _spoken(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
