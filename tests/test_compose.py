"""docker-compose.yml and Dockerfile: what can be said about them without a container engine.

`make cluster-check` runs the same topology; `docker compose config` reads the file where there is one.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from onboarding.settings import VARIABLES

PROJECT = Path(__file__).resolve().parent.parent
COMPOSE = PROJECT / "docker-compose.yml"
TEXT = COMPOSE.read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
ONE_SHOT = {"temporal-schema", "temporal-namespace", "migrate"}
SECRET_NAME = re.compile(r"PASSWORD|PWD|SECRET|KEY|TOKEN")


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONE_SHOT))
def test_every_long_running_service_says_whether_it_is_healthy(name: str) -> None:
    """Mutant seen red: the health check of `temporal` goes, and everything starts before it listens."""
    service = SERVICES[name]
    checked = service.get("healthcheck", {}).get("test") or (
        service.get("image") == "onboarding" and "HEALTHCHECK" in DOCKERFILE
    )
    assert checked
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(ONE_SHOT))
def test_a_one_shot_job_is_tried_again_only_when_it_failed(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"].startswith("on-failure")
    waited_for = [
        dependant
        for dependant, other in SERVICES.items()
        if other.get("depends_on", {}).get(name, {}).get("condition") == "service_completed_successfully"
    ]
    assert waited_for


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_secret_stands_in_the_file(name: str) -> None:
    """Mutant seen red: a password as a literal, or as the default of its variable."""
    for variable, value in SERVICES[name].get("environment", {}).items():
        if SECRET_NAME.search(variable):
            assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", str(value)), variable
    assert re.findall(r"://\w+:(?!\$\{\w+:\?)[^@\s]+@", str(SERVICES[name])) == []


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_image_has_a_version(name: str) -> None:
    image = re.sub(r"\$\{\w+:-([^}]+)\}", r"\1", SERVICES[name]["image"])
    assert image == "onboarding" or re.search(r":v?\d+(\.\d+)*$", image), image


def test_the_server_is_the_version_that_the_tests_use() -> None:
    tools = (PROJECT / "temporal_app" / "devserver" / "go.mod").read_text(encoding="utf-8")
    (server,) = re.findall(r"go\.temporal\.io/server v([\d.]+)", tools)
    (ui,) = re.findall(r"github\.com/temporalio/ui-server/v2 v([\d.]+)", tools)
    assert set(re.findall(r"TEMPORAL_VERSION:-([\d.]+)", TEXT)) == {server}
    assert re.findall(r"TEMPORAL_UI_VERSION:-([\d.]+)", TEXT) == [ui]


def test_ports_are_published_to_this_machine_only() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(str(port).startswith("127.0.0.1:") for port in published)


def test_the_service_gets_variables_that_it_knows() -> None:
    """Mutant seen red: a misspelt variable in the file, which nobody would ever read."""
    assert set(SERVICES["web"]["environment"]) <= set(VARIABLES)


def test_the_server_needs_no_file_that_its_image_lacks() -> None:
    """It carries no dynamic configuration, and the server does not start without a file of that name."""
    assert SERVICES["temporal"]["environment"]["DYNAMIC_CONFIG_FILE_PATH"] == "/dev/null"


def test_the_image_is_built_in_two_stages_and_runs_as_nobody_in_particular() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert len(stages) == 2
    assert all(re.fullmatch(r"python:3\.\d+-slim", stage) for stage in stages)
    assert "USER onboarding" in last
    assert last.index("USER onboarding") < last.index("CMD [")
    assert "pip install" not in last, "tools of the build stay in the first stage"
    assert "HEALTHCHECK" in last
    assert "--require-hashes" in DOCKERFILE


def test_everything_that_the_image_copies_exists_and_is_not_ignored() -> None:
    ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (PROJECT / source).exists()
            assert source not in ignored
