"""Registers the namespace and the search attributes on the configured server; waits until they are usable.

`python -m temporal_app.registration`, once per release or as often as you like: what is there stays as it is.
The worker needs both before it starts: a case that sets an unregistered search attribute cannot be started.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from google.protobuf.duration_pb2 import Duration
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    CountWorkflowExecutionsRequest,
    DescribeNamespaceRequest,
    DescribeWorkflowExecutionRequest,
    RegisterNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from temporal_app.connection import EXIT_PAUSE_SECONDS, connect
from temporal_app.contracts import SEARCH_ATTRIBUTES

CALL_SECONDS = 10.0
"""Limit of one call; a silent address would otherwise hang for half a minute."""
POLL_SECONDS = 0.1
PATIENCE_SECONDS = 60.0
NEEDED_ATTRIBUTES: Mapping[str, int] = {key.name: int(key.indexed_value_type) for key in SEARCH_ATTRIBUTES}
"""Name and type of every search attribute that the workflow sets."""
HOPELESS = {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.UNIMPLEMENTED}
"""Answers that patience does not change."""

Answer = TypeVar("Answer")


class RegistrationFailed(Exception):
    """The server cannot be used by this service; the text says why and what to do."""


async def register(
    client: Client,
    *,
    retention: timedelta,
    patience_seconds: float,
    attributes: Mapping[str, int] = NEEDED_ATTRIBUTES,
) -> list[str]:
    """Registers what is missing in the client's namespace and waits until all of it is usable.

    Args:
        client: Connected; its namespace need not exist yet.
        retention: How long a new namespace keeps histories of closed cases; an old one keeps its own rule.
        patience_seconds: How long a server that starts, or is slow to learn of its namespace, is waited for.
        attributes: Type (`IndexedValueType`) by name of the search attributes.

    Returns:
        The names of what was registered now.

    Raises:
        RegistrationFailed: The server refuses, stays silent, or has an attribute of another type.
    """
    deadline = time.monotonic() + patience_seconds
    made = await _patiently(
        lambda: _register_namespace(client, retention), deadline, "registering the namespace"
    )
    added = await _patiently(
        lambda: _add_attributes(client, attributes), deadline, "registering search attributes"
    )
    await _patiently(lambda: _use(client, attributes), deadline, "waiting until the namespace is usable")
    return [*([client.namespace] if made else []), *added]


async def _register_namespace(client: Client, retention: timedelta) -> bool:
    """Whether the namespace was missing and is registered now."""
    service = client.workflow_service
    try:
        await service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
    else:
        return False
    period = Duration()
    period.FromTimedelta(retention)
    request = RegisterNamespaceRequest(
        namespace=client.namespace,
        description="Cases of the onboarding service",
        workflow_execution_retention_period=period,
    )
    # When somebody else was faster, this fails, and the next try finds the namespace.
    await service.register_namespace(request)
    return True


async def _add_attributes(client: Client, attributes: Mapping[str, int]) -> list[str]:
    """The names of the search attributes that were missing and are registered now."""
    service = client.operator_service
    answer = await service.list_search_attributes(ListSearchAttributesRequest(namespace=client.namespace))
    known = dict(answer.custom_attributes)
    for name, wanted in attributes.items():
        if known.get(name, wanted) != wanted:
            raise RegistrationFailed(
                f"Namespace {client.namespace} has a search attribute {name} of type {_type(known[name])}; "
                f"this service needs {_type(wanted)}. Use another TEMPORAL_NAMESPACE or remove it."
            )
    missing = {name: wanted for name, wanted in attributes.items() if name not in known}
    if missing:
        request = AddSearchAttributesRequest(namespace=client.namespace)
        for name, wanted in missing.items():
            request.search_attributes[name] = IndexedValueType.ValueType(wanted)
        await service.add_search_attributes(request)
    return sorted(missing)


async def _use(client: Client, attributes: Mapping[str, int]) -> None:
    """Uses the attributes in a list and the namespace in a lookup: both parts of the server know it then."""
    query = " AND ".join(f"{name} IS NOT NULL" for name in attributes)
    service = client.workflow_service
    await service.count_workflow_executions(
        CountWorkflowExecutionsRequest(namespace=client.namespace, query=query)
    )
    nobody = WorkflowExecution(workflow_id="registration-probe")
    try:
        await service.describe_workflow_execution(
            DescribeWorkflowExecutionRequest(namespace=client.namespace, execution=nobody)
        )
    except RPCError as error:
        # "No such workflow" is the answer of a server that knows the namespace.
        reasons = error.grpc_status.details
        if error.status != RPCStatusCode.NOT_FOUND or any(
            reason.Is(NamespaceNotFoundFailure.DESCRIPTOR) for reason in reasons
        ):
            raise


async def _patiently(step: Callable[[], Awaitable[Answer]], deadline: float, doing: str) -> Answer:
    """Repeats a step until it succeeds; gives up at the deadline, or at an answer that will not change."""
    while True:
        try:
            return await asyncio.wait_for(step(), CALL_SECONDS)
        except (RPCError, RuntimeError, TimeoutError) as error:
            hopeless = isinstance(error, RPCError) and error.status in HOPELESS
            if hopeless or time.monotonic() > deadline:
                raise RegistrationFailed(
                    f"Temporal does not let us go on ({doing}): {_first_line(error)}. "
                    "Check that the server runs and that TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and, where it "
                    "asks for them, TEMPORAL_API_KEY and the TEMPORAL_TLS settings are right."
                ) from error
        await asyncio.sleep(POLL_SECONDS)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else f"no answer within {CALL_SECONDS:.0f} s"


def _type(value: int) -> str:
    return (
        IndexedValueType.Name(IndexedValueType.ValueType(value)).removeprefix("INDEXED_VALUE_TYPE_").title()
    )


async def register_configured(patience_seconds: float) -> list[str]:
    """As `register`, on the server and in the namespace that the settings name."""
    deadline = time.monotonic() + patience_seconds
    client = await _patiently(connect, deadline, "connecting")
    registered = await register(
        client,
        retention=timedelta(days=settings.TEMPORAL_RETENTION_DAYS),
        patience_seconds=max(0.0, deadline - time.monotonic()),
    )
    await asyncio.sleep(EXIT_PAUSE_SECONDS)
    return registered


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onboarding.settings")
    try:
        registered = asyncio.run(register_configured(PATIENCE_SECONDS))
    except (RegistrationFailed, ImproperlyConfigured) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(f"Registered: {', '.join(registered) or 'nothing was missing'}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
