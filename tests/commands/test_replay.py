"""`manage.py replay`: a changed workflow is caught before it meets running cases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.management import CommandError
from temporalio import workflow
from temporalio.client import Client
from temporalio.common import RawValue

from temporal_app import contracts, replay
from temporal_app.connection import connection, default_limit
from tests.commands.conftest import Run
from tests.desk.live import make_walk

pytestmark = pytest.mark.database


def test_an_empty_folder_is_said(run: Run, tmp_path: Path):
    with pytest.raises(CommandError, match="holds no recorded history"):
        run("replay", tmp_path)


def test_a_file_that_is_no_history_is_named(run: Run, tmp_path: Path):
    (tmp_path / "broken.json").write_text("{]")
    with pytest.raises(CommandError, match=r"broken\.json is no exported history"):
        run("replay", tmp_path)


def test_live_without_temporal_is_said(run: Run):
    with pytest.raises(CommandError, match="Temporal doesn't answer"):
        run("replay", "--live", 3)


@workflow.defn(name=contracts.WORKFLOW_NAME, sandboxed=False)
class Rewritten:
    """Tomorrow's code, which does something else than what was recorded."""

    @workflow.run
    async def run(self, _start: contracts.CaseStart) -> None:
        return

    @workflow.signal(dynamic=True)
    def fact(self, name: str, payloads: Sequence[RawValue]) -> None:
        """Takes everything, does nothing."""


@pytest.mark.temporal
@pytest.mark.django_db(transaction=True)
def test_histories_replay_on_this_code_and_not_on_another(
    worker: object, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Mutant: `_replay` that reports no failure."""
    walk = make_walk()
    walk.confirm()
    walk.settle()

    async def fetch(client: Client) -> str:
        handle = client.get_workflow_handle(contracts.case_workflow_id(str(walk.case.pk)))
        return (await handle.fetch_history()).to_json()

    (tmp_path / "life.json").write_text(connection().call(fetch, default_limit()))
    assert "1 histories replay on today's code." in run("replay", tmp_path)
    assert str(walk.case.pk) in run("replay", "--live", 1)
    monkeypatch.setattr(replay, "OnboardingCase", Rewritten)
    with pytest.raises(CommandError, match="1 of 1 histories do not replay"):
        run("replay", tmp_path)
