"""Following a case by API: the stream of the pages, behind the permissions of the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator

from onboarding.api import tokens
from onboarding.api.callers import Scope
from onboarding.lanes import Lanes
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.web import watch
from onboarding.web.watch import Watcher
from tests import people
from tests.api.calls import Api, confirm, problem
from tests.web.test_stream import application, in_thread, watcher

pytestmark = pytest.mark.database

PATIENCE_SECONDS = 10
__all__ = ["application", "watcher"]


@pytest.fixture(autouse=True)
def _committed(transactional_db: None) -> None:
    """The watcher has a connection of its own and sees only what is committed."""


class Follower:
    """A program with an open stream."""

    def __init__(self, application: Lanes, token: str, case: Case, last_event: str = "", method: str = "GET"):
        headers = [(b"host", b"testserver"), (b"authorization", f"Bearer {token}".encode())]
        if last_event:
            headers.append((b"last-event-id", last_event.encode()))
        scope = {
            "type": "http",
            "method": method,
            "path": f"/api/v1/cases/{case.pk}/events",
            "headers": headers,
            "query_string": b"",
        }
        self._wire = ApplicationCommunicator(application, scope)

    async def opened(self) -> int:
        await self._wire.send_input({"type": "http.request"})
        start = await self._wire.receive_output(PATIENCE_SECONDS)
        self.headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        return int(start["status"])

    async def part(self) -> str:
        answer = await self._wire.receive_output(PATIENCE_SECONDS)
        return str(answer.get("body", b"").decode())

    async def hears_nothing(self) -> bool:
        return bool(await self._wire.receive_nothing(0.3))

    async def hang_up(self) -> None:
        await self._wire.send_input({"type": "http.disconnect"})
        await self._wire.wait(PATIENCE_SECONDS)


def event(part: str) -> tuple[str, Any]:
    """Id and data of a `change`."""
    fields = dict(line.split(": ", 1) for line in part.strip().splitlines())
    assert fields["event"] == "change"
    return fields["id"], json.loads(fields["data"])


async def token_of(user: User) -> str:
    text: str = await in_thread(lambda: tokens.for_person(user, "follows", 1)[1])
    return text


async def test_a_follower_hears_of_a_change_and_misses_nothing_while_away(
    case: Case, application: Lanes, watcher: Watcher
) -> None:
    token = await token_of(case.applicant)
    first = Follower(application, token, case)
    assert await first.opened() == 200
    assert first.headers["content-type"] == "text/event-stream"
    assert first.headers["cache-control"] == "no-store"
    assert (await first.part()).startswith("retry: ")
    begun, data = event(await first.part())
    assert data == {"case": str(case.pk), "version": 1}
    await in_thread(lambda: confirm(case))
    changed, _ = event(await first.part())
    assert changed != begun
    await first.hang_up()
    await in_thread(lambda: people.give_details(case))
    newest, _ = event((await heard_by(Follower(application, token, case, changed)))[1])
    assert len(await heard_by(Follower(application, token, case, newest))) == 1


async def heard_by(follower: Follower) -> list[str]:
    """All that comes at once when somebody comes back."""
    assert await follower.opened() == 200
    parts = [await follower.part()]
    while not await follower.hears_nothing():
        parts.append(await follower.part())
    await follower.hang_up()
    return parts


async def test_somebody_elses_case_cannot_be_followed(
    case: Case, other_case: Case, application: Lanes, watcher: Watcher
) -> None:
    stranger = Follower(application, await token_of(other_case.applicant), case)
    assert await stranger.opened() == 404
    assert json.loads(await stranger.part())["code"] == "not_found"
    await stranger.hang_up()
    assert not watcher.is_looking


async def test_staff_follow_any_case(case: Case, application: Lanes, watcher: Watcher, sue: User) -> None:
    follower = Follower(application, await token_of(sue), case)
    assert await follower.opened() == 200
    await follower.hang_up()


async def test_too_many_streams_are_a_problem(
    case: Case, application: Lanes, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "PAGES_OF_AN_ACCOUNT", 1)
    token = await token_of(case.applicant)
    first = Follower(application, token, case)
    assert await first.opened() == 200
    await first.part()
    await first.part()
    second = Follower(application, token, case)
    assert await second.opened() == 429
    assert int(second.headers["retry-after"]) > 0
    assert json.loads(await second.part())["code"] == "too_many_streams"
    await second.hang_up()
    await first.hang_up()


async def test_a_head_request_opens_no_stream(case: Case, application: Lanes, watcher: Watcher) -> None:
    head = Follower(application, await token_of(case.applicant), case, method="HEAD")
    assert await head.opened() == 405
    await head.hang_up()
    assert not watcher.is_looking


def test_an_integration_follows_only_with_the_scope_to_read(
    as_integration: Callable[..., Api], case: Case
) -> None:
    problem(as_integration(Scope.WRITE).get(f"cases/{case.pk}/events"), 403, "scope_missing")
    problem(as_integration(Scope.READ).get(f"cases/{case.pk}/events"), 404, "not_found")
