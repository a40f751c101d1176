"""The topology of docker-compose.yml without containers, under production settings.

Two Postgres servers (one for Temporal, one for the service), the official Temporal server with four history
shards, two workers, two web processes behind a proxy that speaks HTTPS (the driver plays it), a mail server.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

from onboarding import keyring
from temporal_app.devserver.cluster import ClusterServer, Postgres
from temporal_app.devserver.ports import LOOPBACK, free_ports
from tests.faults.mail_sink import MailSink
from tests.faults.processes import Component, run_once, until
from tests.postgres import postgres

HOST = "onboarding.example"
SITE = f"https://{HOST}"
HISTORY_SHARDS = 4
START_SECONDS = 60.0


class Topology:
    """Everything, started in order; a context manager.

    Args:
        folder: Temporary; holds logs, the ledger and the mails, and goes away with the caller.
    """

    def __init__(self, folder: Path, *, webs: int = 2, workers: int = 2) -> None:
        self.folder = folder
        self.ledger = folder / "ledger.jsonl"
        self.mails = folder / "mails.jsonl"
        self.webs: list[Component] = []
        self.workers: list[Component] = []
        self.web_ports = free_ports(webs)
        self._worker_count = workers
        self._stack = contextlib.ExitStack()
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Topology:
        with contextlib.ExitStack() as stack:
            for_temporal, for_service = (stack.enter_context(postgres()) for _ in range(2))
            address = Postgres(user="postgres", socket_folder=socket_folder(for_temporal))
            server = stack.enter_context(
                ClusterServer(address, self.folder / "temporal", history_shards=HISTORY_SHARDS)
            )
            sink = stack.enter_context(MailSink(self.mails))
            self.environment = self._settings(for_service, server.address, sink.port)
            self._release()
            self._start(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _settings(self, database_url: str, temporal_address: str, mail_port: int) -> dict[str, str]:
        """Production settings, complete: nothing of ours leaks in but the path to programs."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "onboarding.settings",
            "PYTHONUNBUFFERED": "1",
            "DEMO": "0",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "DOCUMENT_KEYS": keyring.fresh("cluster"),
            "SITE_URL": SITE,
            "ALLOWED_HOSTS": HOST,
            "BEHIND_PROXY": "1",
            "ACCOUNT_RATE_LIMITS": "off",
            "DATABASE_URL": database_url,
            "EMAIL_URL": f"smtp://{LOOPBACK}:{mail_port}",
            "TEMPORAL_ADDRESS": temporal_address,
            "TEMPORAL_NAMESPACE": "cluster",
            "VAR_DIR": str(self.folder / "var"),
        }

    def _release(self) -> None:
        """What the one-shot jobs of docker-compose.yml do."""
        for command in ("migrate --noinput", "createcachetable", "collectstatic --noinput"):
            run_once([sys.executable, "manage.py", *command.split()], self.environment)
        run_once([sys.executable, "-m", "temporal_app.registration"], self.environment)

    def _start(self, stack: contextlib.ExitStack) -> None:
        for number in range(self._worker_count):
            argv = [sys.executable, "-m", "temporal_app.worker"]
            self.workers.append(Component(f"worker-{number + 1}", argv, self.environment, self.folder))
        for number, port in enumerate(self.web_ports):
            argv = [sys.executable, "-m", "uvicorn", "onboarding.asgi:application", "--host", LOOPBACK]
            argv += ["--port", str(port), "--no-access-log", "--no-proxy-headers", "--lifespan", "off"]
            self.webs.append(Component(f"web-{number + 1}", argv, self.environment, self.folder))
        for component in (*self.workers, *self.webs):
            stack.callback(component.end)
            component.start()
        for port in self.web_ports:
            until(lambda port=port: answers(port, "/readyz"), START_SECONDS, "getting ready")

    @property
    def worker_kills(self) -> int:
        return sum(worker.kills for worker in self.workers)


def socket_folder(database_url: str) -> Path:
    """Where the server of such an address listens: the path is the folder and the name of the database."""
    return Path(urlsplit(database_url).path.removeprefix("/")).parent


def answers(port: int, path: str) -> bool:
    """Whether a web process answers 200 to what the proxy asks."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
