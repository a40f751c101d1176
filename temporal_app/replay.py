"""Replays histories against today's workflow code: does it still lead to the same commands?

Recorded histories are what earlier releases really did. Live ones are the cases that an upgrade would meet.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.service import RPCError
from temporalio.worker import Replayer

from temporal_app.connection import EXIT_PAUSE_SECONDS, connect
from temporal_app.contracts import WORKFLOW_NAME
from temporal_app.payloads import DATA_CONVERTER
from temporal_app.workflow import OnboardingCase

OPEN_CASES = f'WorkflowType = "{WORKFLOW_NAME}" AND ExecutionStatus = "Running"'


class CannotReplay(Exception):
    """There is nothing to replay, or it can't be had. The text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One history. `failure` is empty where today's code does the same again."""

    name: str
    events: int
    failure: str = ""


def replay_folder(folder: Path) -> list[Replayed]:
    """Replays every history of a folder: files as the Temporal UI and CLI export them, `*.json`.

    Raises:
        CannotReplay: there is none, or one can't be read.
    """
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise CannotReplay(f"{folder} holds no recorded history (*.json).")
    histories = {}
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
            histories[str(file.relative_to(folder))] = WorkflowHistory.from_json(file.stem, text)
        except Exception as error:
            # Whatever is wrong with a file, the person who gave it needs its name.
            raise CannotReplay(f"{file} is no exported history: {type(error).__name__}.") from error
    return asyncio.run(_replay_all(histories))


async def _replay_all(histories: dict[str, WorkflowHistory]) -> list[Replayed]:
    return [await _replay(name, history) for name, history in histories.items()]


def replay_live(newest: int) -> list[Replayed]:
    """Replays open cases of the configured server, the newest first. Reads only.

    Args:
        newest: how many at most.

    Raises:
        CannotReplay: the server doesn't answer.
    """
    return asyncio.run(_replay_live(newest))


async def _replay_live(newest: int) -> list[Replayed]:
    try:
        client = await connect()
        replayed = []
        cases = client.list_workflows(OPEN_CASES, limit=newest)
        async for history in cases.map_histories():
            replayed.append(await _replay(history.workflow_id, history))  # noqa: PERF401  one at a time
    except (RPCError, RuntimeError) as error:
        raise CannotReplay(f"Temporal doesn't answer: {type(error).__name__}. Is it running?") from error
    await asyncio.sleep(EXIT_PAUSE_SECONDS)
    return replayed


async def _replay(name: str, history: WorkflowHistory) -> Replayed:
    # In the SDK's sandbox, as in the tests.
    replayer = Replayer(workflows=[OnboardingCase], data_converter=DATA_CONVERTER)
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    failure = str(result.replay_failure) if result.replay_failure else ""
    return Replayed(name, len(history.events), failure)
