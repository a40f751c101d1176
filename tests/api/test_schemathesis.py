"""Schemathesis against the running service: no 5xx, and no answer that the description doesn't know.

As each kind of caller, on real cases, with everything real behind it: uvicorn, worker, Temporal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import Stack

pytestmark = pytest.mark.temporal

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
PHASES, EXAMPLES = ("examples,coverage,fuzzing", 50) if LONG else ("examples,fuzzing", 3)
"""Coverage tries every way to break each field: minutes for each caller, so that is for the long profile."""
SEED = 20261128
MINUTE_SECONDS = 60
MAKE_CALLERS = """
import json, uuid
from onboarding.api import tokens, sign_ups
from onboarding.api.callers import Scope
from onboarding.models.cases import Case
from onboarding.models.people import User
from allauth.account.models import EmailAddress
from onboarding.usecases import applicant
from tests import people

case = people.make_applicant()
people.hand_in(case)
colleague = User.objects.create_superuser("sam.silva@staff.example", first_name="Sam", last_name="Silva")
bank = tokens.new_integration("Bank")
made = sign_ups.sign_up(bank, "ana@example.org", "", str(uuid.uuid4()))
EmailAddress.objects.filter(user=made.case.applicant).update(verified=True)
applicant.confirm_email(made.case.applicant)
print(json.dumps({
    "staff": [tokens.for_person(colleague, "x", 1)[1], str(case.pk), str(made.pk)],
    "applicant": [tokens.for_person(case.applicant, "x", 1)[1], str(case.pk), str(made.pk)],
    "integration": [
        tokens.for_integration(bank, "x", tuple(Scope), 1, colleague)[1], str(made.case_id), str(made.pk)
    ],
}))
"""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack({"API_DOCS_PUBLIC": "1"}) as running:
        yield running


@pytest.fixture(scope="module")
def callers(stack: Stack) -> dict[str, list[str]]:
    """Token, case and sign-up of each kind of caller."""
    made: dict[str, list[str]] = json.loads(stack.python(MAKE_CALLERS).splitlines()[-1])
    return made


@pytest.mark.parametrize("who", ["staff", "applicant", "integration"])
def test_nothing_breaks_and_nothing_is_undocumented(
    who: str, stack: Stack, callers: dict[str, list[str]], tmp_path: Path
) -> None:
    token, case, sign_up = callers[who]
    config = tmp_path / "schemathesis.toml"
    config.write_text(f'[parameters]\n"path.case_id" = "{case}"\n"path.sign_up_id" = "{sign_up}"\n')
    run = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("st")), "--config-file", str(config), "--no-color"),
            *("run", f"{stack.base_url}/api/v1/schema"),
            *("-H", f"Authorization: Bearer {token}", "--checks", CHECKS),
            *("--phases", PHASES, "--max-examples", str(EXAMPLES)),
            *("--seed", str(SEED), "--generation-database", "none", "--request-timeout", "10"),
            *("--suppress-health-check", "all", "--exclude-operation-id", "revokeToken"),
            *("--exclude-operation-id", "followCase"),  # goes on for minutes; see test_stream
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=(60 if LONG else 5) * MINUTE_SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:] + stack.tail()
