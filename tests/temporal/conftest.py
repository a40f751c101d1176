from __future__ import annotations

from collections.abc import Callable

import pytest

from onboarding.domain.policy import Policy
from tests.live import RunningWorker
from tests.temporal.fake_activities import RecordingActivities
from tests.temporal.life import Life

MakeLife = Callable[..., Life]


@pytest.fixture
def port() -> RecordingActivities:
    return RecordingActivities()


@pytest.fixture
def recorder(make_worker: Callable[..., RunningWorker], port: RecordingActivities) -> RunningWorker:
    """A worker whose activities only remember."""
    return make_worker(port)


@pytest.fixture
def make_life(recorder: RunningWorker, port: RecordingActivities) -> MakeLife:
    """Cases that the recorder carries out; none is begun."""

    def make(policy: Policy | None = None, **options: int) -> Life:
        return Life(port, policy, **options)

    return make


@pytest.fixture
def life(make_life: MakeLife) -> Life:
    return make_life()
