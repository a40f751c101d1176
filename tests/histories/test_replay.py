"""I14: every history ever recorded replays on today's code, and an edit that would break one is caught."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from temporal_app import workflow as todays
from temporal_app.payloads import DATA_CONVERTER
from tests.histories.editing import edited_workflow
from tests.histories.lives import LIVES

FOLDER = Path(__file__).resolve().parent
HISTORIES = sorted(FOLDER.glob("*/*.json"))

EDITS: dict[str, tuple[str, str]] = {
    "two commands swapped": (
        "            await self._record_news()\n            self._start_checks()\n",
        "            self._start_checks()\n            await self._record_news()\n",
    ),
    "measured pictures checked later": ("            await self._check_at_once()\n", ""),
    "attributes no longer shown": (
        "            workflow.upsert_search_attributes(changes)\n",
        "",
    ),
    "one more timer": (
        "        wakeup, version = next_wakeup(self._case), self._case.version\n",
        "        await asyncio.sleep(1)\n"
        "        wakeup, version = next_wakeup(self._case), self._case.version\n",
    ),
    "an activity of another name": ("OnboardingActivities.check_documents", "OnboardingActivities.handed_in"),
    "a deadline that does not ask": ("            await self._ask_first(wakeup)\n", "            pass\n"),
}


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def replay(path: Path, workflow: type[Any]) -> Exception | None:
    """What a replay of this history on this workflow fails with, or None."""
    history = WorkflowHistory.from_json("onboarding:recorded", path.read_text(encoding="utf-8"))

    async def run() -> Exception | None:
        replayer = Replayer(workflows=[workflow], data_converter=DATA_CONVERTER)
        result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
        return result.replay_failure

    return asyncio.run(run())


@pytest.mark.parametrize("path", HISTORIES, ids=name_of)
def test_a_recorded_history_replays_on_todays_code(path: Path) -> None:
    """Red for every edit below."""
    assert replay(path, todays.OnboardingCase) is None


def test_every_life_is_recorded() -> None:
    recorded = {life for life in LIVES for path in HISTORIES if path.parent.name.endswith(f"-{life}")}
    assert recorded == set(LIVES)
    assert max(int(path.stem) for path in HISTORIES) > 1, "no life that continued as new"


@pytest.fixture
def edited(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[type[Any]]:
    """Today's workflow with one edit, as a module of its own."""
    with edited_workflow(tmp_path, request.param, *EDITS[request.param]) as workflow:
        yield workflow


@pytest.mark.parametrize("edited", EDITS, indirect=True)
def test_an_edit_that_would_break_running_cases_is_caught(edited: type[Any]) -> None:
    failures = (failure for path in reversed(HISTORIES) if (failure := replay(path, edited)))
    # A missing local activity is reported as the other one.
    assert type(next(failures, None)).__name__ in {"NondeterminismError", "RuntimeError"}


def test_no_history_carries_personal_data() -> None:
    """I11. References only: no address, no name, no bytes of a picture. Payloads are looked into."""
    payloads = 0
    for path in HISTORIES:
        text = path.read_text(encoding="utf-8")
        found = re.findall(r'"data":\s*"([A-Za-z0-9+/=]+)"', text)
        payloads += len(found)
        looked_into = [text, *(json.dumps(json.loads(base64.b64decode(data))) for data in found)]
        for planted in (r"\w@\w+\.\w", "Canary", "given_name", "family_name", "birth_date"):
            assert not [each for each in looked_into if re.search(planted, each)], (
                f"{planted} in {name_of(path)}"
            )
    assert payloads > 100
