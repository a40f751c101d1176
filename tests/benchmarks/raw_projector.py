"""The least that makes a signal readable in a row: `-m tests.benchmarks.raw_projector ADDRESS NAMESPACE`.

An unsandboxed workflow that hears one signal and writes one row by one local activity, into the same database
as ours and through the same Django.
"""

from __future__ import annotations

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection, transaction
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from temporal_app.connection import EXIT_PAUSE_SECONDS

QUEUE = "raw-projector"
TABLE = "benchmark_projection"


@activity.defn(name="minimal_project")
def project(name: str) -> None:
    """Writes the row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} (name) VALUES (%s)", [name])  # noqa: S608 - our own constant


@workflow.defn
class Projecting:
    """Hears one signal, writes one row, ends."""

    def __init__(self) -> None:
        self._heard = ""

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: bool(self._heard))
        await workflow.execute_local_activity(
            project, self._heard, start_to_close_timeout=timedelta(seconds=10)
        )

    @workflow.signal
    def submitted(self, name: str) -> None:
        self._heard = name

    @workflow.query
    def ready(self) -> bool:
        return not self._heard


def make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (name varchar(64) PRIMARY KEY)")


def is_there(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {TABLE} WHERE name = %s", [name])  # noqa: S608
        return cursor.fetchone() is not None


async def serve(address: str, namespace: str) -> None:
    """Runs until the process is ended."""
    client = await Client.connect(address, namespace=namespace)
    with ThreadPoolExecutor(4) as threads:
        worker = Worker(
            client,
            task_queue=QUEUE,
            workflows=[Projecting],
            activities=[project],
            activity_executor=threads,
            workflow_runner=UnsandboxedWorkflowRunner(),
        )
        await worker.run()


if __name__ == "__main__":
    import django

    django.setup()
    try:
        asyncio.run(serve(*sys.argv[1:3]))
    finally:
        time.sleep(EXIT_PAUSE_SECONDS)
