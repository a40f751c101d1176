"""`make run`: what must be right before the first process starts, and the watch over the supervisor.

The supervisor is a child, so that Ctrl-C reaches one process, which then ends the others in order and within
a limit. All are tethered: whoever is killed takes those below with it, and the next start finds nothing in
its way.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from temporal_app.devserver import ports, preparedness, programs, supervision, tether
from temporal_app.devserver.config import ServerPorts
from temporal_app.devserver.launch import Process, embedded_server
from temporal_app.devserver.place import Place
from temporal_app.devserver.speech import CannotStartError, say

STOP_SECONDS = 9.0
"""Everything has ended by then; what has not is killed."""
UI_PORT = "TEMPORAL_UI_PORT"
"""Tells the release step where the UI is, for its banner."""


def run(environ: MutableMapping[str, str]) -> int:
    """Runs the service until it is asked to stop.

    Args:
        environ: Read for `PORT`, `VAR_DIR` and the service's settings; completed for the children.

    Returns:
        The exit code.

    Raises:
        CannotStartError: Something is in the way; the text says what to do.
    """
    place = Place.from_environment(environ)
    place.make()
    site = f"http://{ports.LOOPBACK}:{environ.get('PORT', '').strip() or '8000'}"
    with place.sole_use(site):
        port = ports.wanted_port(environ.get("PORT", "").strip() or "8000")
        place.database_ready.unlink(missing_ok=True)
        if preparedness.is_prepared(place, environ):
            place.database_ready.touch()
        environ.update(settings_of(environ, place, port))
        temporal = _temporal(environ, place)
        app = [supervision.release_process(), supervision.worker_process(place)]
        app.append(supervision.web_process(place, port))
        file = place.run / "supervisor.conf"
        file.write_text(supervision.supervisor_config(temporal, app), encoding="utf-8")
        say("Starting. The addresses follow when everything is ready; Ctrl-C stops.")
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(file)]
        return _watch(tether.tethered(command), place.root, {**environ, **tether.to_this_process()})


def settings_of(environ: Mapping[str, str], place: Place, port: int) -> dict[str, str]:
    """What the children need in their environment; what a person has set wins."""
    defaults = {
        "DEMO": "1",
        "SITE_URL": f"http://{ports.LOOPBACK}:{port}",
        # Web and worker end side by side; together with Temporal it must stay under ten seconds.
        "WORKER_DRAIN_SECONDS": "3",
        "DJANGO_SETTINGS_MODULE": "onboarding.settings",
        "PYTHONUNBUFFERED": "1",
    }
    chosen = {name: environ.get(name, "").strip() or value for name, value in defaults.items()}
    return chosen | {"VAR_DIR": str(place.root), "PORT": str(port)}


def _temporal(environ: MutableMapping[str, str], place: Place) -> list[Process]:
    """The processes of our own Temporal server, none for an outside one; completes `environ`."""
    namespace = _checked_namespace(environ)
    found = programs.find_server(environ)
    if isinstance(found, programs.OutsideServer):
        return []
    names = ServerPorts.names()
    known = ports.remembered_ports(place.ports, [*names, "ui"])
    server_ports = ServerPorts(**{name: known[name] for name in names})
    environ["TEMPORAL_ADDRESS"] = f"{ports.LOOPBACK}:{server_ports.frontend}"
    environ[UI_PORT] = str(known["ui"])
    return embedded_server(found, place.temporal, server_ports, ui_port=known["ui"], namespace=namespace)


def _checked_namespace(environ: MutableMapping[str, str]) -> str:
    """Reads the settings once, so that nonsense is refused here and not by three processes at once."""
    from django.core.exceptions import ImproperlyConfigured

    os.environ.update(environ)
    try:
        from onboarding import settings
    except ImproperlyConfigured as refusal:
        raise CannotStartError(str(refusal)) from None
    return settings.TEMPORAL_NAMESPACE


def _watch(command: list[str], folder: Path, environment: dict[str, str]) -> int:
    """Runs the supervisor, passes its output on, and ends it when we are asked to end."""
    child = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    asked_at: float | None = None

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked_at
        if asked_at is None:
            asked_at = time.monotonic()
            child.terminate()
        else:
            child.kill()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if child.stdout is None:
        raise RuntimeError("The supervisor has no output.")
    copying = threading.Thread(target=_copy, args=(child.stdout, sys.stdout.buffer), daemon=True)
    copying.start()
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = child.wait(timeout=0.25)
            break
        if asked_at is not None and time.monotonic() - asked_at > STOP_SECONDS:
            child.kill()
    copying.join(timeout=1)
    if asked_at is None:
        raise CannotStartError(f"The supervisor ended by itself (code {code}); its log is in VAR_DIR/log.")
    with contextlib.suppress(OSError):
        say("Stopped. Nothing is lost: the next start goes on with the same cases.")
    return 0


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    """Passes output on as it comes. When nobody reads ours any more it is dropped, so that nobody waits."""
    gone = False
    while chunk := os.read(source.fileno(), 65536):
        if not gone:
            try:
                target.write(chunk)
                target.flush()
            except OSError:
                gone = True
