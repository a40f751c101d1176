"""Namespace and search attributes on a real server."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar, cast

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesResponse
from temporalio.api.workflowservice.v1 import CountWorkflowExecutionsRequest
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from temporal_app import registration
from temporal_app.connection import EXIT_PAUSE_SECONDS
from temporal_app.contracts import ATTEMPT, SEARCH_ATTRIBUTES, STATUS
from temporal_app.devserver.embedded import EmbeddedServer
from temporal_app.devserver.ports import free_ports
from temporal_app.registration import NEEDED_ATTRIBUTES, RegistrationFailed, register, register_configured

pytestmark = pytest.mark.temporal

Answer = TypeVar("Answer")
MONTH = timedelta(days=30)
NAMES = sorted(key.name for key in SEARCH_ATTRIBUTES)


@pytest.fixture
def in_fresh_namespace(temporal_server: EmbeddedServer) -> Callable[..., Any]:
    """Runs a coroutine with a client of a namespace that does not exist yet."""
    namespace = f"registration-{uuid.uuid4().hex[:8]}"

    def run(work: Callable[[Client], Coroutine[Any, Any, Answer]]) -> Answer:
        async def connected() -> Answer:
            client = await Client.connect(temporal_server.address, namespace=namespace)
            answer = await work(client)
            await asyncio.sleep(EXIT_PAUSE_SECONDS)
            return answer

        return asyncio.run(connected())

    return run


class SlowToLearn:
    """A server that has everything registered, and refuses lists for a while, as a large one does."""

    namespace = "slow"

    def __init__(self, refusals: int) -> None:
        self.refusals_left = refusals
        self.workflow_service = self.operator_service = self

    async def describe_namespace(self, _request: object) -> None:
        pass

    async def list_search_attributes(self, _request: object) -> ListSearchAttributesResponse:
        answer = ListSearchAttributesResponse()
        for name, kind in NEEDED_ATTRIBUTES.items():
            answer.custom_attributes[name] = IndexedValueType.ValueType(kind)
        return answer

    async def count_workflow_executions(self, request: CountWorkflowExecutionsRequest) -> None:
        assert all(name in request.query for name in NAMES)
        if self.refusals_left:
            self.refusals_left -= 1
            raise RPCError("invalid search attribute", RPCStatusCode.INVALID_ARGUMENT, b"")

    async def describe_workflow_execution(self, _request: object) -> None:
        pass


def test_registration_waits_until_the_server_knows_the_attributes() -> None:
    """Mutant: returning without `_use`; the first cases of a fresh cluster could then not be started."""
    server = SlowToLearn(refusals=2)
    assert asyncio.run(register(cast(Client, server), retention=MONTH, patience_seconds=30)) == []
    assert server.refusals_left == 0


def test_patience_ends_with_the_servers_own_words() -> None:
    """Mutant: waiting for ever."""
    server = SlowToLearn(refusals=1000)
    with pytest.raises(RegistrationFailed, match="invalid search attribute"):
        asyncio.run(register(cast(Client, server), retention=MONTH, patience_seconds=0))


def test_what_is_registered_can_be_used_at_once(in_fresh_namespace: Callable[..., Any]) -> None:

    async def work(client: Client) -> list[str]:
        registered = await register(client, retention=MONTH, patience_seconds=30)
        await client.start_workflow(
            "Nobody",
            id="first",
            task_queue="nobody",
            search_attributes=TypedSearchAttributes(
                [SearchAttributePair(STATUS, "collecting"), SearchAttributePair(ATTEMPT, 1)]
            ),
        )
        return registered

    assert sorted(in_fresh_namespace(work)[1:]) == NAMES


def test_a_second_registration_changes_nothing(in_fresh_namespace: Callable[..., Any]) -> None:
    async def work(client: Client) -> tuple[list[str], list[str]]:
        first = await register(client, retention=MONTH, patience_seconds=30)
        return first, await register(client, retention=timedelta(days=1), patience_seconds=30)

    first, second = in_fresh_namespace(work)
    assert len(first) == 1 + len(NAMES)
    assert second == []


def test_two_registrations_at_once_do_not_disturb_each_other(in_fresh_namespace: Callable[..., Any]) -> None:
    """Mutant: ALREADY_EXISTS among the hopeless answers ends one of the two processes of a deployment."""

    async def work(client: Client) -> list[list[str]]:
        both = [register(client, retention=MONTH, patience_seconds=30) for _ in range(2)]
        return list(await asyncio.gather(*both))

    both = in_fresh_namespace(work)
    assert sum("registration-" in name for names in both for name in names) == 1


def test_an_attribute_of_another_type_is_refused_in_a_sentence(
    in_fresh_namespace: Callable[..., Any],
) -> None:
    """Mutant: comparing names only; every case would fail at its first upsert."""

    async def work(client: Client) -> None:
        other = {"Attempt": int(IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE)}
        await register(client, retention=MONTH, patience_seconds=30, attributes=other)
        await register(client, retention=MONTH, patience_seconds=30)

    with pytest.raises(RegistrationFailed, match="Attempt of type Double; this service needs Int"):
        in_fresh_namespace(work)


def test_a_missing_server_is_a_sentence_after_the_patience(settings: Any) -> None:
    (port,) = free_ports(1)
    settings.TEMPORAL_ADDRESS = f"127.0.0.1:{port}"
    with pytest.raises(RegistrationFailed, match="TEMPORAL_ADDRESS"):
        asyncio.run(register_configured(0.2))


def test_the_command_says_what_it_did(
    temporal_server: EmbeddedServer, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.TEMPORAL_ADDRESS = temporal_server.address
    settings.TEMPORAL_NAMESPACE = f"command-{uuid.uuid4().hex[:8]}"

    assert [registration.main(), registration.main()] == [0, 0]

    first, second = capsys.readouterr().out.splitlines()
    assert all(name in first for name in NAMES)
    assert "nothing was missing" in second


def test_the_command_fails_without_a_traceback(
    settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (port,) = free_ports(1)
    settings.TEMPORAL_ADDRESS = f"127.0.0.1:{port}"
    monkeypatch.setattr(registration, "PATIENCE_SECONDS", 0.2)

    assert registration.main() == 1

    assert "Traceback" not in capsys.readouterr().err
