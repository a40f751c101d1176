"""How a server program of either kind is started on a database file: its files, its commands."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from temporal_app.devserver import config
from temporal_app.devserver.ports import LOOPBACK
from temporal_app.devserver.programs import BuiltServer, ServerProgram, TemporalCli

DATABASE = "temporal.sqlite3"
DYNAMIC_FILE = "dynamic.yaml"
SERVER_FILE = "server.yaml"


@dataclass(frozen=True)
class Process:
    """One program to start."""

    name: str
    argv: tuple[str, ...]
    folder: Path
    """Where it runs."""
    environment: dict[str, str] = field(default_factory=dict)
    """Its whole environment; empty: it inherits ours."""
    after: Path | None = None
    """It waits for this file."""


def embedded_server(
    program: ServerProgram,
    folder: Path,
    ports: config.ServerPorts,
    *,
    ui_port: int | None = None,
    namespace: str = "",
) -> list[Process]:
    """The processes of a durable server on a SQLite file, after writing their configuration into the folder.

    Args:
        program: What `programs.find_program` found.
        folder: Holds configuration and database; made if it is missing.
        ports: Where the services listen.
        ui_port: Where the UI listens; no UI without it.
        namespace: What the UI shows first.

    Returns:
        The server first, then the UI if it is a process of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(program, TemporalCli):
        return [_cli_process(program, folder, ports, ui_port)]
    store = config.sqlite_store(DATABASE)
    text = config.server_config(
        main_store=store,
        visibility_store=store,
        history_shards=1,
        ports=ports,
        dynamic_values_file=DYNAMIC_FILE,
    )
    server = server_process(program, folder, text)
    if ui_port is None:
        return [server]
    return [server, _ui_process(program, folder, ui_port, f"{LOOPBACK}:{ports.frontend}", namespace)]


def server_process(program: BuiltServer, folder: Path, config_text: str) -> Process:
    """The official server on any store, after writing its two files into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SERVER_FILE).write_text(config_text, encoding="utf-8")
    (folder / DYNAMIC_FILE).write_text(config.dynamic_config(), encoding="utf-8")
    argv = (str(program.server), "--config-file", SERVER_FILE, "--allow-no-auth", "start")
    return Process("temporal", argv, folder, _plain_environment())


def _ui_process(
    program: BuiltServer, folder: Path, port: int, server_address: str, namespace: str
) -> Process:
    file = folder / "ui" / "development.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(
        config.ui_config(port=port, server_address=server_address, namespace=namespace), encoding="utf-8"
    )
    argv = (str(program.ui), "--root", ".", "--config", "ui", "--env", "development", "start")
    return Process("temporal-ui", argv, folder, _plain_environment())


def _cli_process(
    program: TemporalCli, folder: Path, ports: config.ServerPorts, ui_port: int | None
) -> Process:
    argv = [str(program.path), "server", "start-dev", "--ip", LOOPBACK, "--port", str(ports.frontend)]
    argv += ["--http-port", str(ports.frontend_http), "--db-filename", DATABASE, "--log-level", "warn"]
    argv += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=2"]
    argv += ["--headless"] if ui_port is None else ["--ui-port", str(ui_port)]
    for key, value in config.DYNAMIC_VALUES.items():
        argv += ["--dynamic-config-value", f"{key}={json.dumps(value)}"]
    return Process("temporal", tuple(argv), folder, _plain_environment())


def _plain_environment() -> dict[str, str]:
    """Little more than PATH and HOME: the server reads dozens of variables that may mean others here."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "TZ", "LANG") if name in os.environ}
