"""One connected client per process, on a loop and a thread of its own.

Sync code, async views and forked children all come through `call`. A lazy client would bind to the first
loop that touches it, and a client does not survive a fork; so the connection is keyed by process id and
made for real, and every call has a time limit, because a silent address would hold it for 30 s.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from temporalio.client import Client
from temporalio.service import KeepAliveConfig, RetryConfig, RPCError, RPCStatusCode, TLSConfig

T = TypeVar("T")

EXIT_PAUSE_SECONDS = 0.05
"""A process that exits within milliseconds of its last call may be aborted by the SDK's core (134, 139)."""
BREATHER_SECONDS = 1.0
"""After the service was found away, calls fail at once for this long instead of each waiting its limit."""

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
        keep_alive_config=KeepAliveConfig(interval_millis=10_000, timeout_millis=5_000),
    )


def tls() -> TLSConfig | bool:
    """TLS as configured: off, with the system's authorities, or with an authority and certificate of one's own."""
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
        self.pid = os.getpid()
        self._loop = asyncio.new_event_loop()
        self._connecting: asyncio.Task[Client] | None = None
        self._away_until = 0.0
        threading.Thread(target=self._loop.run_forever, name="temporal-client", daemon=True).start()

    def call(self, work: Callable[[Client], Awaitable[T]], limit: timedelta) -> T:
        """Runs `work` with the client and waits for its answer, at most `limit`.

        Raises:
            ConnectionLost: nobody answered in time; whether the work was done is unknown.
            RPCError: the server answered with an error of another kind.
        """
        if time.monotonic() < self._away_until:
            raise ConnectionLost("Temporal was away a moment ago")
        try:
            future = asyncio.run_coroutine_threadsafe(self._run(work, limit), self._loop)
            return future.result()
        except RPCError as error:
            if error.status not in AWAY:
                raise
            self._take_a_breath(error.status)
            raise ConnectionLost(f"Temporal answered {error.status.name}") from error
        except TimeoutError as error:
            raise ConnectionLost(f"no answer within {limit.total_seconds():g} s") from error
        except RuntimeError as error:
            self._take_a_breath(RPCStatusCode.UNAVAILABLE)
            raise ConnectionLost("Temporal cannot be reached") from error

    def _take_a_breath(self, status: RPCStatusCode) -> None:
        if status is RPCStatusCode.UNAVAILABLE:
            self._away_until = time.monotonic() + BREATHER_SECONDS

    async def _run(self, work: Callable[[Client], Awaitable[T]], limit: timedelta) -> T:
        async with asyncio.timeout(limit.total_seconds()):
            return await work(await self._client())

    async def _client(self) -> Client:
        """The client; connecting goes on in the background when one caller's time is up."""
        done = self._connecting
        if done is None or (done.done() and (done.cancelled() or done.exception())):
            self._connecting = done = asyncio.create_task(connect())
        return await asyncio.shield(done)

    def close(self) -> None:
        time.sleep(EXIT_PAUSE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)


_lock = threading.Lock()
_connection: Connection | None = None


def connection() -> Connection:
    """The connection of this process; a forked child makes its own."""
    global _connection
    with _lock:
        if _connection is None or _connection.pid != os.getpid():
            _connection = Connection()
            atexit.register(_connection.close)
        return _connection


def forget() -> None:
    """Drops the connection, so that the next call connects afresh; for tests that change the address."""
    global _connection
    with _lock:
        if _connection is not None and _connection.pid == os.getpid():
            atexit.unregister(_connection.close)
            _connection.close()
        _connection = None


def default_limit() -> timedelta:
    """The time limit of one call of the web."""
    return timedelta(seconds=settings.TEMPORAL_TIMEOUT_SECONDS)
