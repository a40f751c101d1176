"""Building the server: once, whoever asks; nothing half-made stays. With a Go that only pretends."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from temporal_app.devserver import build, toolchain
from temporal_app.devserver.build import built_folder, ensure_built, versions
from temporal_app.devserver.speech import CannotStartError
from temporal_app.devserver.toolchain import find_go, parse_go_version

FAKE_GO = """#!/bin/sh
if [ "$1" = version ]; then echo "go version go{version} linux/amd64"; exit; fi
echo "$*" >> {log}
while [ $# -gt 1 ]; do [ "$1" = -o ] && output=$2; shift; done
mkdir -p "$GOMODCACHE/module" && touch "$GOMODCACHE/module/file" && chmod a-w "$GOMODCACHE/module"
{ending}
"""
SUCCEEDS = 'printf "#!/bin/sh\\n" > "$output"; chmod +x "$output"'
FAILS = 'echo "go: downloading x v1"; echo "dial tcp: no way out" >&2; exit 1'


class FakeGo:
    """A `go` on the PATH that writes down what it is asked to do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "asked"

    def install(self, ending: str = SUCCEEDS, version: str = "1.99.0") -> None:
        self.folder.mkdir(exist_ok=True)
        program = self.folder / "go"
        program.write_text(FAKE_GO.format(version=version, log=self.log, ending=ending))
        program.chmod(0o755)

    def asked(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def fake_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeGo:
    go = FakeGo(tmp_path / "bin")
    go.install()
    monkeypatch.setenv("PATH", f"{go.folder}:/usr/bin:/bin")
    monkeypatch.setattr(toolchain, "USUAL_PLACES", ())
    monkeypatch.setattr(build, "NEEDED_BYTES", 1)
    return go


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def test_three_programs_are_built_and_their_caches_removed(fake_go: FakeGo, cache: Path) -> None:
    said: list[str] = []

    folder = ensure_built(cache, said.append)

    assert built_folder(cache) == folder
    assert sorted(entry.name for entry in folder.iterdir()) == [
        "temporal-server",
        "temporal-sql",
        "temporal-ui",
    ]
    assert len(fake_go.asked()) == 3
    assert not list(cache.glob(".build-*"))
    assert any("5 to 10 minutes" in line for line in said)


def test_two_starts_build_once(fake_go: FakeGo, cache: Path) -> None:
    """Mutant: no lock around the build; then Go is asked six times."""
    said: list[str] = []
    barrier = threading.Barrier(2)

    def start() -> None:
        barrier.wait()
        ensure_built(cache, said.append)

    fake_go.install(ending=f"sleep 0.2; {SUCCEEDS}")
    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(fake_go.asked()) == 3
    assert sum("waiting for it" in line for line in said) == 1


def test_a_failed_build_is_one_paragraph_and_leaves_nothing(fake_go: FakeGo, cache: Path) -> None:
    """Mutant: removing the caches only after success."""
    fake_go.install(ending=FAILS)

    with pytest.raises(CannotStartError, match="no way out") as refusal:
        ensure_built(cache, lambda _: None)

    assert "\n" not in str(refusal.value)
    assert "downloading" not in str(refusal.value)
    assert built_folder(cache) is None
    assert not list(cache.glob(".build-*"))


def test_what_a_killed_build_left_is_removed(fake_go: FakeGo, cache: Path) -> None:
    (cache / ".build-dead" / "modules").mkdir(parents=True)

    ensure_built(cache, lambda _: None)

    assert not list(cache.glob(".build-*"))


def test_a_full_disk_is_told_before_building(
    fake_go: FakeGo, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "NEEDED_BYTES", 1 << 62)
    with pytest.raises(CannotStartError, match="GB left"):
        ensure_built(cache, lambda _: None)
    assert fake_go.asked() == []


def test_the_versions_of_the_committed_go_mod_are_read() -> None:
    found = versions()
    assert found.folder_name == f"{found.server}-ui-{found.ui}"
    assert found.go >= (1, 26)


def test_a_go_mod_without_a_version_is_noticed() -> None:
    with pytest.raises(ValueError, match="no line"):
        versions("module x\n\ngo 1.26.8\n")


def test_the_machines_go_is_used_when_it_is_new_enough(fake_go: FakeGo, tmp_path: Path) -> None:
    assert find_go((1, 99, 0), tmp_path / "toolchain", lambda _: None) == fake_go.folder / "go"


def test_an_old_go_is_not_used(fake_go: FakeGo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: `version > oldest` turned into "any Go will do"."""
    fake_go.install(version="1.26.7")
    installed: list[Path] = []

    def install(folder: Path) -> Path:
        installed.append(folder)
        return folder / "go"

    monkeypatch.setattr(toolchain, "_install_go", install)

    assert find_go((1, 26, 8), tmp_path / "toolchain", lambda _: None) == tmp_path / "toolchain" / "go"
    assert installed == [tmp_path / "toolchain"]


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("go version go1.26.8 linux/amd64", (1, 26, 8)),
        ("go version go1.27 linux/arm64", (1, 27, 0)),
        ("go version go1.27rc1 linux/amd64", (1, 27, -1)),
        ("not found", None),
    ],
)
def test_go_versions_are_read(text: str, version: tuple[int, ...] | None) -> None:
    assert parse_go_version(text) == version
