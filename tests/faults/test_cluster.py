"""The small variant of `make cluster-check`: one kill of a worker and of a web process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import cluster_check


@pytest.mark.faults
@pytest.mark.temporal
@pytest.mark.database
def test_nothing_is_lost_when_a_worker_and_a_web_process_are_killed(tmp_path: Path) -> None:
    """Mutants seen red, each by another invariant: see docs/testing.md."""
    result = cluster_check.run(tmp_path, people=6, rounds=1, seed=3)
    assert result.violations == []
    assert sum(result.kills.values()) == 2
    assert result.counts["cases decided"] == 6


def test_every_round_kills_one_worker_and_one_web_process() -> None:
    blows = cluster_check.plan(rounds=3, seed=5)
    assert [blow.at for blow in blows] == sorted(blow.at for blow in blows)
    killed = [blow.victim.split("-")[0] for blow in blows if not blow.restart]
    restarted = [blow.victim for blow in blows if blow.restart]
    assert (killed.count("worker"), killed.count("web")) == (3, 3)
    assert len(restarted) == 4, "the last two stay dead"
