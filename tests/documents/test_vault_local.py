"""Files in a folder: private, durable, under names of ours, and never half there."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onboarding.documents import vault
from onboarding.documents.vault_local import HALF, LocalFiles

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

STRANGE_NAMES = [
    "",
    ".",
    "..",
    "/etc/passwd",
    "../../etc/passwd",
    "ab/../../../etc/passwd",
    "ab/" + "../" * 20 + "a" * 2,
    "ab/" + "C" * 62,
    "ab/" + "c" * 61,
    "ab/" + "c" * 63,
    "ab/" + "c" * 62 + "\n",
    "ab/" + "c" * 62 + ".half",
    "ab//" + "c" * 61,
    "ab\\" + "c" * 62,
    "ab/" + "c" * 61 + "\0",
    "٣٣/" + "c" * 62,
]


@pytest.fixture
def files(folder: Path) -> LocalFiles:
    return LocalFiles(folder)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def aged(folder: Path, name: str, age: timedelta) -> None:
    moment = (NOW - age).timestamp()
    os.utime(folder / name, (moment, moment))


def test_what_was_stored_is_read_back(files: LocalFiles) -> None:
    assert files.fetch(files.keep(b"\xff\xd8pixels")) == b"\xff\xd8pixels"


def test_names_are_made_by_the_server_and_never_repeat(files: LocalFiles) -> None:
    """Mutant: name a file by its hash, so that deleting one person's picture takes another's away."""
    names = [files.keep(b"the same bytes") for _ in range(20)]
    assert len(set(names)) == 20
    assert all(re.fullmatch(r"[0-9a-f/]+", name) for name in names)


def test_only_the_service_can_look_in(files: LocalFiles, folder: Path) -> None:
    """Also under a careless umask. Mutant: leave the modes to the umask."""
    before = os.umask(0)
    try:
        name = files.keep(b"pixels")
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / name).parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_document_gets_its_name_only_when_its_bytes_are_on_the_disk(
    files: LocalFiles, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutants: rename before the sync; write under the final name; sync the file but not its folder."""
    synced: list[tuple[str, list[str]]] = []
    real = os.fsync

    def watching_fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        real(descriptor)
        synced.append((path.name, [file.name for file in files_in(folder)]))

    monkeypatch.setattr(os, "fsync", watching_fsync)
    name = files.keep(b"pixels")
    shard, final = name.split("/")
    assert synced[-2:] == [(f"{final}.half", [f"{final}.half"]), (shard, [final])]
    assert [what for what, _ in synced[:-2]] == [folder.parent.name, folder.name]


STORES_ON_A_FULL_DISK = """
import pathlib, resource, sys
from onboarding.documents.vault_errors import VaultUnavailable
from onboarding.documents.vault_local import LocalFiles
files = LocalFiles(pathlib.Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    files.keep(b"x" * 5000)
except VaultUnavailable as error:
    sys.exit(f"refused: {error}")
"""


def test_a_full_disk_is_a_clear_error_and_leaves_nothing(folder: Path) -> None:
    """In a process of its own: the limit would also hit the file that the test run writes its output to.

    Mutants seen red: let the OSError out; leave the unfinished file.
    """
    done = subprocess.run(
        [sys.executable, "-c", STORES_ON_A_FULL_DISK, str(folder)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("refused: ")
    assert "could not be stored" in done.stderr
    assert files_in(folder) == []


def test_a_sync_that_fails_at_the_very_end_leaves_nothing(
    files: LocalFiles, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What isn't durable isn't acknowledged. Mutant: clean up the unfinished name only."""
    failures = []

    def failing_fsync(descriptor: int) -> None:
        if any(path.suffix != HALF for path in files_in(folder)):
            failures.append(descriptor)
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing_fsync)
    with pytest.raises(vault.VaultUnavailable):
        files.keep(b"pixels")
    assert failures, "the disk failed when the file had its final name"
    assert files_in(folder) == []


@pytest.mark.parametrize("name", STRANGE_NAMES)
def test_no_other_name_ever_becomes_a_path(
    files: LocalFiles, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutants: `match` instead of `fullmatch`; `$` at the end; join without looking."""
    touched: list[object] = []
    for method in ("read_bytes", "unlink"):
        monkeypatch.setattr(Path, method, lambda self, **_: touched.append(self))
    with pytest.raises(vault.DocumentMissing):
        files.fetch(name)
    with pytest.raises(vault.DocumentMissing):
        files.forget(name)
    assert touched == []


def test_a_document_that_was_never_stored_is_missing(files: LocalFiles) -> None:
    """Mutant: let the FileNotFoundError out."""
    with pytest.raises(vault.DocumentMissing, match="there is no document ab/"):
        files.fetch("ab/" + "0" * 62)


def test_a_document_that_cannot_be_read_is_not_called_missing(files: LocalFiles, folder: Path) -> None:
    """A broken disk must not look like a deletion. Mutant: one except for every OSError."""
    name = files.keep(b"pixels")
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(vault.VaultUnavailable):
        files.fetch(name)


def test_a_deleted_document_is_missing_and_deleting_again_is_harmless(files: LocalFiles) -> None:
    name = files.keep(b"pixels")
    files.forget(name)
    files.forget(name)
    with pytest.raises(vault.DocumentMissing):
        files.fetch(name)


def test_the_sweep_takes_only_old_files_that_no_row_knows(files: LocalFiles, folder: Path) -> None:
    """Mutants: forget the grace, and an upload whose row is about to be committed is gone; forget `known`."""
    kept, orphan, fresh = (files.keep(word) for word in (b"kept", b"orphan", b"fresh"))
    aged(folder, kept, 5 * HOUR)
    aged(folder, orphan, 5 * HOUR)
    aged(folder, fresh, HOUR / 2)
    assert vault.sweep({kept}, now=NOW, grace=HOUR) == (orphan,)
    assert files.fetch(kept) == b"kept"
    assert files.fetch(fresh) == b"fresh"
    with pytest.raises(vault.DocumentMissing):
        files.fetch(orphan)


def test_the_sweep_clears_what_a_killed_process_left_unfinished(files: LocalFiles, folder: Path) -> None:
    """Mutant: look at complete names only, and half a passport stays for ever."""
    name = files.keep(b"kept")
    old, young = f"{name[:2]}/{'d' * 62}.half", f"{name[:2]}/{'e' * 62}.half"
    for half in (old, young):
        (folder / half).write_bytes(b"half")
    aged(folder, old, 5 * HOUR)
    aged(folder, young, HOUR / 2)
    assert vault.sweep({name}, now=NOW, grace=HOUR) == ()
    assert {path.name for path in files_in(folder)} == {name[3:], young[3:]}


def test_a_vault_that_nobody_used_has_no_orphans() -> None:
    assert vault.sweep(set(), now=NOW, grace=HOUR) == ()
