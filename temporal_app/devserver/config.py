"""The configuration of the official server and its UI, rendered from data.

Written as JSON, which every YAML reader takes: nothing to escape, nothing to template.
Everything listens on loopback only. The same renderer serves the embedded SQLite server of `make run`
and the many-shard Postgres server of `make cluster-check`, so they differ in the store alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from temporal_app.devserver.ports import LOOPBACK

DYNAMIC_VALUES: Mapping[str, bool | int | str] = {
    # The demo clock and the tests move one case's time ahead.
    "frontend.WorkflowTimeSkippingEnabled": True,
    # The default of one second makes every skipped timer cost a second.
    "history.timerProcessorMaxTimeShift": "10ms",
    # With four partitions and few pollers single cases waited 17-45 s behind a backlog of 2,000.
    "matching.numTaskqueueReadPartitions": 1,
    "matching.numTaskqueueWritePartitions": 1,
    # A search attribute is usable as soon as it is registered; the reads that this costs need higher limits.
    "system.forceSearchAttributesCacheRefreshOnRead": True,
    "frontend.persistenceMaxQPS": 10_000,
    "history.persistenceMaxQPS": 45_000,
}


@dataclass(frozen=True)
class ServerPorts:
    """The loopback ports of one server process."""

    frontend: int
    frontend_membership: int
    frontend_http: int
    history: int
    history_membership: int
    matching: int
    matching_membership: int
    worker: int
    worker_membership: int

    @classmethod
    def names(cls) -> list[str]:
        return [field.name for field in fields(cls)]


def sqlite_store(file_name: str) -> dict[str, Any]:
    """A durable SQLite file: nothing acknowledged is lost by `kill -9` or a power cut.

    Args:
        file_name: Relative to the server's working folder, so that no path needs escaping in its address.
    """
    return {
        "pluginName": "sqlite",
        "databaseName": file_name,
        "connectAddr": "localhost",
        "connectProtocol": "tcp",
        "connectAttributes": {
            "cache": "private",
            "setup": "true",
            "journal_mode": "wal",
            "synchronous": "2",
        },
        "maxConns": 1,
        "maxIdleConns": 1,
        "maxConnLifetime": "1h",
    }


def postgres_store(
    database: str, *, address: str, user: str, password: str, attributes: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A Postgres database; `attributes` go into its connection string (such as the folder of a socket)."""
    return {
        "pluginName": "postgres12_pgx",
        "databaseName": database,
        "connectAddr": address,
        "connectProtocol": "tcp",
        "connectAttributes": dict(attributes or {}),
        "user": user,
        "password": password,
        "maxConns": 20,
        "maxIdleConns": 20,
        "maxConnLifetime": "1h",
    }


def server_config(
    *,
    main_store: Mapping[str, Any],
    visibility_store: Mapping[str, Any],
    history_shards: int,
    ports: ServerPorts,
    dynamic_values_file: str,
) -> str:
    """The configuration file of one server process that runs all four services.

    Args:
        main_store: Where histories live.
        visibility_store: Where the lists of workflows live.
        history_shards: Fixed for the life of a database.
        ports: Where the services listen.
        dynamic_values_file: Relative to the server's working folder.
    """

    def service(grpc: int, membership: int, http: int | None = None) -> dict[str, Any]:
        rpc: dict[str, Any] = {"grpcPort": grpc, "membershipPort": membership, "bindOnIP": LOOPBACK}
        return {"rpc": rpc if http is None else rpc | {"httpPort": http}}

    disabled = {"history": {"state": "disabled"}, "visibility": {"state": "disabled"}}
    config = {
        "log": {"stdout": True, "level": "warn"},
        "persistence": {
            "defaultStore": "main",
            "visibilityStore": "visibility",
            "numHistoryShards": history_shards,
            "datastores": {"main": {"sql": dict(main_store)}, "visibility": {"sql": dict(visibility_store)}},
        },
        "global": {"membership": {"maxJoinDuration": "30s", "broadcastAddress": LOOPBACK}},
        "services": {
            "frontend": service(ports.frontend, ports.frontend_membership, ports.frontend_http),
            "history": service(ports.history, ports.history_membership),
            "matching": service(ports.matching, ports.matching_membership),
            "worker": service(ports.worker, ports.worker_membership),
        },
        "clusterMetadata": {
            "enableGlobalNamespace": False,
            "failoverVersionIncrement": 10,
            "masterClusterName": "active",
            "currentClusterName": "active",
            "clusterInformation": {
                "active": {
                    "enabled": True,
                    "initialFailoverVersion": 1,
                    "rpcName": "frontend",
                    "rpcAddress": f"{LOOPBACK}:{ports.frontend}",
                    "httpAddress": f"{LOOPBACK}:{ports.frontend_http}",
                }
            },
        },
        "dcRedirectionPolicy": {"policy": "noop"},
        "archival": disabled,
        "namespaceDefaults": {"archival": disabled},
        "publicClient": {"hostPort": f"{LOOPBACK}:{ports.frontend}"},
        "dynamicConfigClient": {"filepath": dynamic_values_file, "pollInterval": "60s"},
    }
    return json.dumps(config, indent=2) + "\n"


def dynamic_config() -> str:
    """The server's dynamic configuration file."""
    return json.dumps({key: [{"value": value}] for key, value in DYNAMIC_VALUES.items()}, indent=2) + "\n"


def ui_config(*, port: int, server_address: str, namespace: str) -> str:
    """The UI's configuration file."""
    config = {
        "host": LOOPBACK,
        "port": port,
        "enableUi": True,
        "temporalGrpcAddress": server_address,
        "defaultNamespace": namespace,
        "disableNewsFetch": True,
        "hideLogs": True,
        # The UI's own page only, and its cookie works without HTTPS.
        "cors": {"allowOrigins": [f"http://{LOOPBACK}:{port}"], "cookieInsecure": True},
    }
    return json.dumps(config, indent=2) + "\n"
