"""One connected client per process, on a loop and a thread of its own.

Sync code, async views and forked children all come through `call`. A lazy client would bind to the first
loop that touches it, and a client does not survive a fork; so the connection is made for real, a child makes
its own, and every call has a time limit, because a silent address would hold it for 30 s.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import functools
import os
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from temporalio.client import Client
from temporalio.runtime import Runtime, TelemetryConfig
from temporalio.service import KeepAliveConfig, RetryConfig, RPCError, RPCStatusCode, TLSConfig

from temporal_app.payloads import DATA_CONVERTER

T = TypeVar("T")

EXIT_PAUSE_SECONDS = 0.05
"""A process that exits within milliseconds of its last call may be aborted by the SDK's core (134, 139)."""
BREATHER_SECONDS = 1.0
"""After the service was found away, calls fail at once for this long instead of each waiting its limit."""
CONNECT_SECONDS = 5.0
"""One attempt to connect; the next call after it begins another one."""
LOOP_GRACE_SECONDS = 0.3

AWAY = frozenset(
    {
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.ABORTED,
        RPCStatusCode.UNAUTHENTICATED,
        RPCStatusCode.PERMISSION_DENIED,
        RPCStatusCode.UNKNOWN,
        RPCStatusCode.INTERNAL,
    }
)


class ConnectionLost(Exception):
    """Temporal could not be reached, or did not answer within the limit. The text says which."""


async def connect() -> Client:
    """A client for the configured server and namespace, really connected.

    Raises:
        RuntimeError: nobody answers at the address.
    """
    return await Client.connect(
        settings.TEMPORAL_ADDRESS,
        namespace=settings.TEMPORAL_NAMESPACE,
        tls=tls(),
        api_key=settings.TEMPORAL_API_KEY or None,
        retry_config=RetryConfig(
            initial_interval_millis=50, max_interval_millis=400, max_elapsed_time_millis=1500, max_retries=3
        ),
        data_converter=DATA_CONVERTER,
        keep_alive_config=KeepAliveConfig(interval_millis=10_000, timeout_millis=5_000),
        runtime=_runtime_after_fork() if _forked else None,
    )


@functools.cache
def _runtime_after_fork() -> Runtime:
    """The SDK's default runtime stays with the process that made it; a child needs one of its own."""
    return Runtime(telemetry=TelemetryConfig())


def tls() -> TLSConfig | bool:
    """TLS as configured: off, with the system's authorities, or with files of our own."""
    if not (settings.TEMPORAL_TLS or settings.TEMPORAL_API_KEY):
        return False

    def content(path: Path | None) -> bytes | None:
        return path.read_bytes() if path else None

    return TLSConfig(
        server_root_ca_cert=content(settings.TEMPORAL_TLS_CA_FILE),
        client_cert=content(settings.TEMPORAL_TLS_CERT_FILE),
        client_private_key=content(settings.TEMPORAL_TLS_KEY_FILE),
    )


class Connection:
    """The client of one process, with its loop and thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._connecting: asyncio.Task[Client] | None = None
        self._away_until = 0.0
        self._thread = threading.Thread(target=self._serve, name="temporal-client", daemon=True)
        self._thread.start()

    def call(self, work: Callable[[Client], Awaitable[T]], limit: timedelta) -> T:
        """Runs `work` with the client and waits for its answer, at most `limit`.

        Raises:
            ConnectionLost: nobody answered in time; whether the work was done is unknown.
            RPCError: the server answered with an error of another kind.
        """
        if time.monotonic() < self._away_until:
            raise ConnectionLost("Temporal was away a moment ago")
        future = asyncio.run_coroutine_threadsafe(self._run(work, limit), self._loop)
        try:
            # The loop keeps the limit; the second one is for a loop that is closed or very busy.
            return future.result(limit.total_seconds() + LOOP_GRACE_SECONDS)
        except RPCError as error:
            if error.status not in AWAY:
                raise
            if error.status is RPCStatusCode.UNAVAILABLE:
                self._take_a_breath()
            raise ConnectionLost(f"Temporal answered {error.status.name}") from error
        except (TimeoutError, CancelledError) as error:
            future.cancel()
            if not self._connected():
                self._take_a_breath()
            raise ConnectionLost(f"no answer within {limit.total_seconds():g} s") from error

    async def _run(self, work: Callable[[Client], Awaitable[T]], limit: timedelta) -> T:
        async with asyncio.timeout(limit.total_seconds()):
            return await work(await self._client())

    async def _client(self) -> Client:
        """The client; connecting goes on in the background when one caller's time is up."""
        attempt = self._connecting
        if attempt is None or (attempt.done() and (attempt.cancelled() or attempt.exception())):
            self._connecting = attempt = asyncio.create_task(_connect_in_time())
        try:
            return await asyncio.shield(attempt)
        except RuntimeError as error:
            self._take_a_breath()
            raise ConnectionLost("Temporal cannot be reached") from error

    def _connected(self) -> bool:
        attempt = self._connecting
        return attempt is not None and attempt.done() and not attempt.cancelled() and not attempt.exception()

    def _take_a_breath(self) -> None:
        self._away_until = time.monotonic() + BREATHER_SECONDS

    def close(self) -> None:
        """Ends loop and thread; calls that are still under way are answered with `ConnectionLost`."""
        time.sleep(EXIT_PAUSE_SECONDS)
        with contextlib.suppress(RuntimeError):  # closed already
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LOOP_GRACE_SECONDS)

    def _serve(self) -> None:
        try:
            self._loop.run_forever()
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            if left:
                self._loop.run_until_complete(asyncio.wait(left))
        finally:
            self._loop.close()


async def _connect_in_time() -> Client:
    """A silent address would hold one attempt for half a minute, and a server that has come back with it.

    Raises:
        RuntimeError: nobody answers at the address, or not in time.
    """
    try:
        return await asyncio.wait_for(connect(), CONNECT_SECONDS)
    except TimeoutError as error:
        raise RuntimeError(f"no answer within {CONNECT_SECONDS:g} s") from error


_lock = threading.Lock()
_connection: Connection | None = None
_forked = False


def connection() -> Connection:
    """The connection of this process; a forked child makes its own."""
    global _connection
    with _lock:
        if _connection is None:
            _connection = Connection()
            atexit.register(_connection.close)
        return _connection


def forget() -> None:
    """Drops the connection, so that the next call connects afresh; for tests that change the address."""
    global _connection
    with _lock:
        if _connection is not None:
            atexit.unregister(_connection.close)
            _connection.close()
        _connection = None


def _start_over_in_child() -> None:
    """In a forked child the parent's loop has no thread, and its lock may be held by nobody."""
    global _connection, _forked, _lock
    if _connection is not None:
        atexit.unregister(_connection.close)
    _connection, _forked, _lock = None, True, threading.Lock()
    _runtime_after_fork.cache_clear()


os.register_at_fork(after_in_child=_start_over_in_child)


def default_limit() -> timedelta:
    """The time limit of one call of the web."""
    return timedelta(seconds=settings.TEMPORAL_TIMEOUT_SECONDS)
