"""What the server and its UI are told: loopback only, durable, and the two stores."""

from __future__ import annotations

import json
from typing import Any

from temporal_app.devserver.config import (
    DYNAMIC_VALUES,
    ServerPorts,
    dynamic_config,
    postgres_store,
    server_config,
    sqlite_store,
    ui_config,
)

PORTS = ServerPorts(*range(21_000, 21_009))


def rendered(**changes: Any) -> dict[str, Any]:
    store = sqlite_store("temporal.sqlite3")
    arguments: dict[str, Any] = {
        "main_store": store,
        "visibility_store": store,
        "history_shards": 1,
        "ports": PORTS,
        "dynamic_values_file": "dynamic.yaml",
    }
    config: dict[str, Any] = json.loads(server_config(**(arguments | changes)))
    return config


def test_every_service_listens_on_loopback_only() -> None:
    """Mutant: leaving `bindOnIP` out makes the server listen on a public address."""
    config = rendered()
    for service in ("frontend", "history", "matching", "worker"):
        assert config["services"][service]["rpc"]["bindOnIP"] == "127.0.0.1"
    assert config["global"]["membership"]["broadcastAddress"] == "127.0.0.1"
    # These two would listen on ports of their own, wherever they like.
    assert "pprof" not in config["global"]
    assert "metrics" not in config["global"]


def test_every_service_has_ports_of_its_own() -> None:
    services = rendered()["services"].values()
    ports = [port for service in services for name, port in service["rpc"].items() if name.endswith("Port")]
    assert sorted(ports) == list(range(21_000, 21_009))


def test_the_file_is_durable_and_has_one_shard() -> None:
    """Mutant: `synchronous: 1` loses acknowledged cases in a power cut."""
    persistence = rendered()["persistence"]
    store = persistence["datastores"]["main"]["sql"]
    assert persistence["numHistoryShards"] == 1
    assert store["connectAttributes"]["journal_mode"] == "wal"
    assert store["connectAttributes"]["synchronous"] == "2"
    assert store["connectAttributes"]["cache"] == "private"
    assert store["maxConns"] == 1


def test_postgres_takes_its_shards_and_a_socket() -> None:
    store = postgres_store(
        "temporal", address="127.0.0.1:5432", user="u", password="p%:@/", attributes={"host": "/run/pg"}
    )
    persistence = rendered(main_store=store, history_shards=4)["persistence"]
    assert persistence["numHistoryShards"] == 4
    assert persistence["datastores"]["main"]["sql"]["password"] == "p%:@/"
    assert persistence["datastores"]["main"]["sql"]["connectAttributes"] == {"host": "/run/pg"}


def test_dynamic_values_are_written_as_the_server_reads_them() -> None:
    values = json.loads(dynamic_config())
    assert values["frontend.WorkflowTimeSkippingEnabled"] == [{"value": True}]
    assert values.keys() == DYNAMIC_VALUES.keys()


def test_the_ui_listens_on_loopback_and_fetches_nothing_from_outside() -> None:
    """Mutant: an empty `host` makes the UI listen everywhere."""
    config = json.loads(ui_config(port=21_100, server_address="127.0.0.1:21000", namespace="onboarding"))
    assert config["host"] == "127.0.0.1"
    assert config["disableNewsFetch"] is True
    assert config["temporalGrpcAddress"] == "127.0.0.1:21000"
