"""`make manage`: a command finds the running service without being told where."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from temporal_app.devserver.place import PROJECT, Place

SHOW = (
    "from django.conf import settings; print(settings.TEMPORAL_ADDRESS, settings.VAR_DIR, settings.SITE_URL)"
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path / "var")
    place.make()
    place.ports.write_text('{"frontend": 23456, "ui": 23457}')
    return place


def shown(place: Place, **environment: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    answer = subprocess.run(
        [sys.executable, "-m", "temporal_app.devserver", "manage", "shell", "--verbosity=0", "-c", SHOW],
        cwd=PROJECT,
        env=kept | {"VAR_DIR": str(place.root)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def test_a_command_has_the_settings_of_the_running_service(place: Place) -> None:
    """Mutant seen red: the port is not read from `ports.json`."""
    site = "http://127.0.0.1:8100"
    assert shown(place, PORT="8100") == f"127.0.0.1:23456 {place.root} {site}"


def test_what_a_person_has_set_wins(place: Place) -> None:
    assert shown(place, TEMPORAL_ADDRESS="127.0.0.1:7").startswith("127.0.0.1:7 ")


def test_without_a_service_it_uses_the_usual_address(place: Place) -> None:
    place.ports.write_text("scribble")
    assert shown(place).startswith("127.0.0.1:7233 ")


def test_the_exit_code_is_that_of_the_command(place: Place) -> None:
    command = [sys.executable, "-m", "temporal_app.devserver", "manage", "no-such-command"]
    environment = {**os.environ, "VAR_DIR": str(place.root)}
    assert subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, check=False).returncode
