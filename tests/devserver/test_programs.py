"""In which order a Temporal server is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from temporal_app.devserver import build
from temporal_app.devserver.programs import (
    BuiltServer,
    OutsideServer,
    TemporalCli,
    cache_folder,
    find_server,
    parse_cli_version,
)
from temporal_app.devserver.speech import CannotStartError, Say


def make_program(folder: Path, name: str, prints: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{prints}'\n")
    program.chmod(0o755)
    return program


def no_download(_cache: Path, _tell: Say) -> None:
    return None


def never_download(_cache: Path, _tell: Say) -> Path | None:
    raise AssertionError("nothing had to be downloaded")


def never_build(_cache: Path, _tell: Say) -> Path:
    raise AssertionError("nothing had to be built")


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """A machine that has nothing."""
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}


@pytest.fixture
def said() -> list[str]:
    return []


def test_a_named_address_wins_over_everything(
    machine: dict[str, str], said: list[str], tmp_path: Path
) -> None:
    """Mutant: looking at the PATH first."""
    make_program(tmp_path / "bin", "temporal", "temporal version 1.9.0 (Server 1.32.0, UI 2.50.0)")
    machine["TEMPORAL_ADDRESS"] = "temporal.internal:7233"

    found = find_server(machine, said.append, download=never_download, build_server=never_build)

    assert found == OutsideServer("temporal.internal:7233")
    assert "TEMPORAL_ADDRESS" in said[0]


def test_a_new_enough_program_on_the_path_comes_next(
    machine: dict[str, str], said: list[str], tmp_path: Path
) -> None:
    program = make_program(tmp_path / "bin", "temporal", "temporal version 1.10.2 (Server 1.33.0, UI 2.60.0)")

    found = find_server(machine, said.append, download=never_download, build_server=never_build)

    assert found == TemporalCli(program, (1, 10, 2))
    assert str(program) in said[0]


@pytest.mark.parametrize("answer", ["temporal version 1.8.9 (Server 1.29.0)", "something else entirely"])
def test_an_old_or_unknown_program_on_the_path_is_passed_over(
    machine: dict[str, str], said: list[str], tmp_path: Path, answer: str
) -> None:
    """Mutant: comparing `version[:2] >= (1, 8)`."""
    make_program(tmp_path / "bin", "temporal", answer)

    found = find_server(
        machine, said.append, download=no_download, build_server=lambda cache, _: cache / "built"
    )

    assert isinstance(found, BuiltServer)
    assert "1.9 or newer is needed" in said[0]


def test_the_download_of_the_sdk_comes_before_building(
    machine: dict[str, str], said: list[str], tmp_path: Path
) -> None:
    program = make_program(tmp_path / "sdk", "temporal-sdk", "temporal version 1.9.1 (Server 1.32.1)")

    found = find_server(machine, said.append, download=lambda *_: program, build_server=never_build)

    assert found == TemporalCli(program, (1, 9, 1))


def test_what_was_built_once_is_used_again(machine: dict[str, str], said: list[str]) -> None:
    folder = cache_folder(machine) / build.versions().folder_name
    for name in (build.SERVER, build.SQL_TOOL, build.UI):
        make_program(folder, name, "")

    found = find_server(machine, said.append, download=never_download, build_server=never_build)

    assert found == BuiltServer(folder)
    assert "built from Go modules" in said[0]


def test_building_is_the_last_way(machine: dict[str, str], said: list[str]) -> None:
    found = find_server(
        machine, said.append, download=no_download, build_server=lambda cache, _: cache / "built"
    )

    assert found == BuiltServer(cache_folder(machine) / "built")


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("temporal version 1.9.0 (Server 1.32.0, UI 2.50.0)", (1, 9, 0)),
        ("temporal version v2.0", (2, 0, 0)),
        ("temporal version DEV", None),
        ("", None),
    ],
)
def test_versions_are_read(text: str, version: tuple[int, ...] | None) -> None:
    assert parse_cli_version(text) == version


def test_a_relative_cache_folder_is_not_believed(tmp_path: Path) -> None:
    """The XDG rules say so: it would be another folder in every working directory."""
    assert cache_folder({"XDG_CACHE_HOME": "cache", "HOME": str(tmp_path)}) == (
        tmp_path / ".cache" / "onboarding-temporal"
    )


def test_a_cache_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStartError, match="XDG_CACHE_HOME"):
        cache_folder({"XDG_CACHE_HOME": str(tmp_path / "file"), "HOME": str(tmp_path)})
