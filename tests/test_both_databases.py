"""What is marked `database` holds on Postgres as well: the same tests once more, in another process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import postgres

ROOT = Path(__file__).resolve().parent.parent
ROWS = (
    "tests/api",
    "tests/commands",
    "tests/documents/test_checks.py",
    "tests/documents/test_housekeeping.py",
    "tests/documents/test_quarantine.py",
    "tests/documents/test_vault_keys.py",
    "tests/mail",
    "tests/records",
    "tests/temporal",
    "tests/usecases",
    "tests/web/test_drafts.py",
    "tests/web/test_factor_secrets.py",
)
"""Where rows are written. Pages read through the same functions: a second round of them is for a night."""
LIVES = "tests/commands/test_demo.py::TestSeeding::test_the_lives_lead_where_they_say_and_are_lived_once"
"""The forty lives of the demo take half a minute: for a night too."""
MOST_SECONDS = 1800
"""Ten times what it takes: on a busy machine ten minutes were not enough."""


@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="this is the second round")
def test_everything_about_rows_holds_on_postgres() -> None:
    """Prints how many tests that were. An empty round is red."""
    with postgres(careless=True) as url:
        round_two = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-m", "database", "--deselect", LIVES, *ROWS],
            cwd=ROOT,
            env={**os.environ, "TEST_DATABASE_URL": url},
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    assert round_two.returncode == 0, round_two.stdout[-8000:] + round_two.stderr[-2000:]
    passed = re.search(r"(\d+) passed", round_two.stdout)
    assert passed, round_two.stdout[-2000:]
    assert "skipped" not in round_two.stdout.splitlines()[-1]
    sys.stdout.write(f"On Postgres: {round_two.stdout.splitlines()[-1]}\n")
