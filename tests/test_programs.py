"""Every program reads the settings as it starts, and stops with a sentence where they are nonsense."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_settings import PROJECT, SECRETS, SOUND


def run(command: list[str], **changes: str) -> subprocess.CompletedProcess[str]:
    """A Python program of ours with production's settings and these changes."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], **SOUND, **changes},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def var_dir(tmp_path: Path) -> str:
    return str(tmp_path)


def test_the_deploy_check_is_clean(var_dir: str) -> None:
    done = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], VAR_DIR=var_dir)
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("command", "changes", "sentence"),
    [
        (["manage.py", "check"], {"DATABASE_POOL_SIZE": "many"}, "DATABASE_POOL_SIZE is 'many'"),
        (["manage.py", "check"], {"POLICY": '{"review_sla": 1}'}, "POLICY knows no review_sla"),
        (["-m", "temporal_app.worker"], {"SECRET_KEY": "short"}, "SECRET_KEY is missing or weak"),
        (["-m", "temporal_app.registration"], {"SECRET_KEY": "short"}, "SECRET_KEY is missing or weak"),
        (
            ["-m", "uvicorn", "onboarding.asgi:application", "--port", "1"],
            {"POLICY": '{"lease_seconds": 0}'},
            "POLICY cannot work: lease_seconds must lie between",
        ),
    ],
)
def test_no_program_starts_with_nonsense_and_none_shows_a_traceback(
    var_dir: str, command: list[str], changes: dict[str, str], sentence: str
) -> None:
    """Mutant seen red: nobody looks at the policy before the first sign-up."""
    done = run(command, VAR_DIR=var_dir, **changes)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert sentence in said
    assert "Traceback" not in said
    assert not [secret for secret in SECRETS if secret in said]
