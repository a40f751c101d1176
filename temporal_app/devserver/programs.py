"""Which Temporal server this machine can have, and how it was found.

The order: a server that `TEMPORAL_ADDRESS` names; a new enough `temporal` program on the PATH; the SDK's own
download; the official server built from Go modules. What was downloaded or built once lies in
`$XDG_CACHE_HOME/onboarding-temporal/` (else `~/.cache/onboarding-temporal/`), one folder per version.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from temporal_app.devserver import build, sdk_download
from temporal_app.devserver.speech import CannotStartError, Say, say

OLDEST_CLI = (1, 9)
"""The first `temporal` program whose dev server can skip time."""


@dataclass(frozen=True)
class OutsideServer:
    """A server that somebody else runs; nothing is started."""

    address: str


@dataclass(frozen=True)
class TemporalCli:
    """A `temporal` program; its dev server brings its own UI."""

    path: Path
    version: tuple[int, ...]


@dataclass(frozen=True)
class BuiltServer:
    """The official server, its SQL tool and its UI in one folder."""

    folder: Path

    @property
    def server(self) -> Path:
        return self.folder / build.SERVER

    @property
    def sql_tool(self) -> Path:
        return self.folder / build.SQL_TOOL

    @property
    def ui(self) -> Path:
        return self.folder / build.UI


ServerProgram = TemporalCli | BuiltServer


def find_server(
    environ: Mapping[str, str] | None = None,
    tell: Say = say,
    *,
    download: Callable[[Path, Say], Path | None] = sdk_download.downloaded_cli,
    build_server: Callable[[Path, Say], Path] = build.ensure_built,
) -> OutsideServer | ServerProgram:
    """Finds, downloads or builds a server, and says which way it took.

    Args:
        environ: Where `TEMPORAL_ADDRESS`, `PATH` and the cache folder are read.
        tell: Gets one line per step.
        download: The SDK's download into a folder; `None` when there is no way out.
        build_server: Builds into a cache folder and returns the folder of the programs.

    Raises:
        CannotStartError: There is none and none could be made.
    """
    environ = os.environ if environ is None else environ
    address = environ.get("TEMPORAL_ADDRESS", "").strip()
    if address:
        tell(f"Temporal: using the server at {address} (TEMPORAL_ADDRESS); starting none.")
        return OutsideServer(address)
    return find_program(environ, tell, download=download, build_server=build_server)


def find_program(
    environ: Mapping[str, str] | None = None,
    tell: Say = say,
    *,
    download: Callable[[Path, Say], Path | None] = sdk_download.downloaded_cli,
    build_server: Callable[[Path, Say], Path] = build.ensure_built,
) -> ServerProgram:
    """As `find_server`, for those who need a server of their own, whatever `TEMPORAL_ADDRESS` says."""
    environ = os.environ if environ is None else environ
    on_path = shutil.which("temporal", path=environ.get("PATH"))
    if on_path:
        version = cli_version(Path(on_path))
        if version is not None and version[:2] >= OLDEST_CLI:
            tell(f"Temporal: using the program {on_path}, version {_dotted(version)}, found on the PATH.")
            return TemporalCli(Path(on_path), version)
        found = "of unknown version" if version is None else _dotted(version)
        tell(f"Temporal: {on_path} is {found}; {_dotted(OLDEST_CLI)} or newer is needed. Looking on.")
    cache = cache_folder(environ)
    built = build.built_folder(cache)
    if built is None:
        downloaded = download(cache, tell)
        version = cli_version(downloaded) if downloaded else None
        if downloaded and version is not None and version[:2] >= OLDEST_CLI:
            tell(
                f"Temporal: using the SDK's own download, version {_dotted(version)}, in {downloaded.parent}."
            )
            return TemporalCli(downloaded, version)
        built = build_server(cache, tell)
    tell(f"Temporal: using the official server {build.versions().server}, built from Go modules, in {built}.")
    return BuiltServer(built)


def cli_version(program: Path) -> tuple[int, ...] | None:
    """The version that a `temporal` program says it has; `None` when it says none within 5 s."""
    try:
        answer = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return parse_cli_version(answer.stdout)


def parse_cli_version(text: str) -> tuple[int, ...] | None:
    """Reads `temporal version 1.9.0 (Server 1.32.0, UI 2.50.0)`."""
    match = re.search(r"temporal version v?(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(part or 0) for part in match.groups()) if match else None


def cache_folder(environ: Mapping[str, str]) -> Path:
    """The folder for what is downloaded or built once, made if it is missing.

    Raises:
        CannotStartError: It cannot be written.
    """
    named = Path(environ.get("XDG_CACHE_HOME", ""))
    home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    folder = (named if named.is_absolute() else home / ".cache") / "onboarding-temporal"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise CannotStartError(
            f"The folder {folder} cannot be written. The Temporal server is kept there; "
            "set XDG_CACHE_HOME to a folder that you may write."
        )
    return folder


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
