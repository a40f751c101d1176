"""The port of the workflow, in memory: it remembers what it was asked, and can be away, slow or wrong."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable

from temporalio import activity
from temporalio.exceptions import ApplicationError

from onboarding.domain.case import Case
from onboarding.domain.messages import ChecksFinished
from temporal_app.contracts import CheckRequest, HandedIn, OnboardingActivities
from tests.domain.builders import T0

Checks = Callable[[CheckRequest], ChecksFinished]


def fine(request: CheckRequest) -> ChecksFinished:
    """Checks that find nothing."""
    return ChecksFinished(message_id="of-no-matter", occurred_at=T0, submission=request.submission)


def unmeasured(_request: CheckRequest) -> None:
    """Pictures have to be opened first."""


class RecordingActivities(OnboardingActivities):
    """What is recorded stands in `recorded`, by case; the newest last."""

    def __init__(self) -> None:
        self.recorded: defaultdict[str, list[Case]] = defaultdict(list)
        self.on_their_way: dict[str, HandedIn] = {}
        self.asked: list[str] = []
        self.at_once: Callable[[CheckRequest], ChecksFinished | None] = unmeasured
        self.checks: Checks = fine
        self.checked: list[CheckRequest] = []
        self.there = threading.Event()
        self.there.set()
        self.without_row: set[str] = set()

    @activity.defn(name="record")
    def record(self, case: Case) -> None:
        if not self.there.is_set():
            raise OSError("the database is away")
        if case.case_id in self.without_row:
            raise ApplicationError("there is no row", type="NoSuchCase")
        self.recorded[case.case_id].append(case)

    @activity.defn(name="handed_in")
    def handed_in(self, case_id: str) -> HandedIn:
        if not self.there.is_set():
            raise OSError("the database is away")
        self.asked.append(case_id)
        return self.on_their_way.get(case_id, HandedIn())

    @activity.defn(name="check_at_once")
    def check_at_once(self, request: CheckRequest) -> ChecksFinished | None:
        return self.at_once(request)

    @activity.defn(name="check_documents")
    def check_documents(self, request: CheckRequest) -> ChecksFinished:
        self.checked.append(request)
        return self.checks(request)
