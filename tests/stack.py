"""The whole service on loopback as it runs for real: Temporal, worker, web; each can be killed."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from temporal_app.devserver.embedded import EmbeddedServer
from temporal_app.devserver.ports import LOOPBACK, free_ports
from tests.beside import Beside
from tests.faults.processes import Component, run_once, until

START_SECONDS = 60.0
OTHERS = ("TEMPORAL_", "WORKER_", "EMAIL_")
"""Settings of whoever runs the tests are none of ours."""
PREPARE = """
import sys
from django.core.management import call_command
from temporal_app import registration
call_command("migrate", interactive=False)
call_command("createcachetable")
call_command("collectstatic", interactive=False)
sys.exit(registration.main())
"""


class Stack:
    """A context manager. `web`, `worker` and `temporal` have `start`, `stop` and `kill`.

    Args:
        environment: settings on top of those of a demo with its mail in files; `DATABASE_URL` for Postgres.

    Start it from a thread that lives as long as it is needed: the kernel ends it with the thread.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._own_folder = tempfile.TemporaryDirectory(prefix="onboarding-stack-")
        self.folder = Path(self._own_folder.name)
        self.port = free_ports(1)[0]
        self.base_url = f"http://{LOOPBACK}:{self.port}"
        self.temporal = EmbeddedServer(self.folder)
        self._changes = dict(environment or {})
        self.environment: dict[str, str] = {}
        """What every process of the stack is started with; complete once it was started."""

    @property
    def mail_folder(self) -> Path:
        return self.folder / "var" / "mail"

    def start(self) -> None:
        """Starts everything and waits until it is ready to take cases."""
        self.temporal.start()
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("TEMPORAL_", "WORKER_"))
            },
            "DJANGO_SETTINGS_MODULE": "onboarding.settings",
            "DEMO": "1",
            "VAR_DIR": str(self.folder / "var"),
            "DATABASE_URL": f"sqlite:///{self.folder / 'onboarding.sqlite3'}",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "SITE_URL": self.base_url,
            "ALLOWED_HOSTS": f"{LOOPBACK},localhost",  # passkeys need a name
            "EMAIL_URL": "file",
            "ACCOUNT_RATE_LIMITS": "off",
            "API_RATE_LIMITS": "off",
            "TEMPORAL_ADDRESS": self.temporal.address,
            "RELAY_SWEEP_SECONDS": "0.3",
            **self._changes,
        }
        self._beside = Beside(self.environment)
        self._beside.run(PREPARE)
        self.worker = self._component("worker", "-m", "temporal_app.worker")
        self.web = self._component(
            *("web", "-m", "uvicorn", "onboarding.asgi:application"),
            *(
                "--host",
                LOOPBACK,
                "--port",
                str(self.port),
                "--lifespan",
                "off",
                "--no-access-log",
                "--no-proxy-headers",
            ),
        )
        self.worker.start()
        self.web.start()
        until(lambda: self.status_of("/readyz") == 200, START_SECONDS, f"starting ({self.tail()})")

    def stop(self) -> None:
        """Ends everything at once: nobody needs it any more."""
        for name in ("web", "worker"):
            if hasattr(self, name):
                getattr(self, name).kill()
        if hasattr(self, "_beside"):
            self._beside.end()
        self.temporal.kill()
        self._own_folder.cleanup()

    def manage(self, *arguments: str) -> str:
        """Runs `manage.py` against the stack and returns what it printed."""
        return run_once([sys.executable, "manage.py", *arguments], self.environment)

    def python(self, code: str) -> str:
        """Runs code beside the stack, with Django set up, and returns what it printed."""
        return self._beside.run(code)

    def status_of(self, path: str) -> int:
        """The HTTP status of a page; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(self.base_url + path, timeout=5) as answer:  # noqa: S310  our own
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def tail(self) -> str:
        """The last lines of the logs, for whoever wonders why something did not happen."""
        logs = [part.log for part in (self.web, self.worker) if part.log.exists()]
        return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in logs)

    def _component(self, name: str, *argv: str) -> Component:
        return Component(name, [sys.executable, *argv], self.environment, self.folder)

    def __enter__(self) -> Stack:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
