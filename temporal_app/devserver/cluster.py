"""The official server as it runs in production, on Postgres with several shards; without containers."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from temporal_app.devserver import build, config
from temporal_app.devserver.config import ServerPorts
from temporal_app.devserver.embedded import OwnServer, RunningProcess
from temporal_app.devserver.launch import server_process
from temporal_app.devserver.ports import free_ports
from temporal_app.devserver.programs import BuiltServer, cache_folder
from temporal_app.devserver.speech import CannotStartError, Say, say

SCHEMA_SECONDS = 120
MAIN, VISIBILITY = "temporal", "temporal_visibility"
SCHEMAS = {MAIN: "postgresql/v12/temporal", VISIBILITY: "postgresql/v12/visibility"}
EXTENSION = "btree_gin"
"""The visibility schema needs it; Debian's Postgres has it, a Postgres out of a Python package does not."""


@dataclass(frozen=True)
class Postgres:
    """Where a Postgres server is reached, by a user who may create databases."""

    host: str = "127.0.0.1"
    port: int = 5432
    user: str = "postgres"
    password: str = ""
    socket_folder: Path | None = None
    """Instead of host and port, for a server that listens on a socket only."""

    @property
    def attributes(self) -> Mapping[str, str]:
        """What the connection string needs beside host and port."""
        return {} if self.socket_folder is None else {"host": str(self.socket_folder), "port": str(self.port)}


@dataclass
class ClusterServer(OwnServer):
    """The server on Postgres; a context manager. `kill` and `start` bring the same server back.

    Args:
        postgres: Its databases `temporal` and `temporal_visibility` are made with the newest schema.
        folder: Holds configuration and log.
        history_shards: Fixed for the life of the databases.
    """

    postgres: Postgres
    folder: Path
    history_shards: int = 4
    program: BuiltServer = field(default_factory=lambda: built_server())
    _running: RunningProcess | None = None

    def prepare(self, database: str) -> dict[str, object]:
        """Makes a database, brings its schema up to date, and returns it as a store of the server.

        Idempotency: what is there stays.

        Raises:
            ExtensionMissingError: This Postgres lacks what the schema needs.
            CannotStartError: The SQL tool refuses; with its words.
        """
        with contextlib.suppress(DatabaseExistsError):
            self._sql(database, "create")
        with contextlib.suppress(DatabaseExistsError):
            self._sql(database, "setup-schema", "-v", "0.0")
        self._sql(database, "update-schema", "--schema-name", SCHEMAS[database])
        postgres = self.postgres
        return config.postgres_store(
            database,
            address=f"{postgres.host}:{postgres.port}",
            user=postgres.user,
            password=postgres.password,
            attributes=postgres.attributes,
        )

    def start(self) -> None:
        """Prepares the databases, then starts the server on free loopback ports, later on the same ones.

        Raises:
            CannotStartError: It does not come up.
        """
        if self._running is None:
            names = ServerPorts.names()
            ports = ServerPorts(**dict(zip(names, free_ports(len(names)), strict=True)))
            text = config.server_config(
                main_store=self.prepare(MAIN),
                visibility_store=self._visibility_store(),
                history_shards=self.history_shards,
                ports=ports,
                dynamic_values_file="dynamic.yaml",
            )
            self._running = RunningProcess(server_process(self.program, self.folder, text), ports)
        self._running.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._running is not None:
            self._running.stop()

    def _visibility_store(self) -> dict[str, object]:
        """The lists of workflows, on the same Postgres where it can hold them, else in a file.

        Histories, timers and tasks, which is what several shards are about, are on Postgres either way.
        """
        try:
            return self.prepare(VISIBILITY)
        except ExtensionMissingError:
            say(f"Temporal: this Postgres lacks {EXTENSION}; the lists of workflows go to a SQLite file.")
            return config.sqlite_store("visibility.sqlite3")

    def _sql(self, database: str, *action: str) -> None:
        postgres = self.postgres
        command = [str(self.program.sql_tool), "--plugin", "postgres12_pgx", "--endpoint", postgres.host]
        command += ["--port", str(postgres.port), "--user", postgres.user, "--database", database]
        if postgres.attributes:
            query = "&".join(f"{name}={value}" for name, value in postgres.attributes.items())
            command += ["--connect-attributes", query]
        # By environment: an argument would show the password in the list of processes.
        outcome = subprocess.run(
            [*command, *action],
            env={"SQL_PASSWORD": postgres.password},
            capture_output=True,
            text=True,
            timeout=SCHEMA_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if outcome.returncode != 0:
            said = (outcome.stdout + outcome.stderr).strip()
            if "already exists" in said:
                raise DatabaseExistsError
            if EXTENSION in said:
                raise ExtensionMissingError(said[-500:])
            raise CannotStartError(f"Preparing the database {database} failed ({action[0]}): {said[-500:]}")


class DatabaseExistsError(Exception):
    """The database or its version table was there already."""


class ExtensionMissingError(CannotStartError):
    """The Postgres server lacks an extension that the schema needs."""


def built_server(tell: Say = say) -> BuiltServer:
    """The official server, also where a `temporal` program is on the PATH: that one cannot do Postgres."""
    return BuiltServer(build.ensure_built(cache_folder(os.environ), tell))
