"""The supervisor's configuration: which processes `make run` keeps alive, and how they end.

Supervisor starts a dead process again: at once when it had been up for a while, else with a pause that grows
by a second each time. On its end it stops `app` first and `temporal` last, each group at once.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from temporal_app.devserver import tether
from temporal_app.devserver.launch import Process
from temporal_app.devserver.place import PROJECT, Place

WEB_STOP_SECONDS = 3
"""How long the web may finish requests; open event streams are cut then."""


def web_process(place: Place, port: int) -> Process:
    """Uvicorn. No access log: query strings may carry what nobody should read."""
    argv = [sys.executable, "-m", "uvicorn", "onboarding.asgi:application", "--host", "127.0.0.1"]
    argv += ["--port", str(port), "--no-access-log", "--no-server-header", "--no-proxy-headers"]
    argv += ["--lifespan", "off", "--timeout-graceful-shutdown", str(WEB_STOP_SECONDS)]
    argv += ["--log-level", "warning"]
    return Process("web", tuple(argv), PROJECT, after=place.database_ready)


def worker_process(place: Place) -> Process:
    argv = (sys.executable, "-m", "temporal_app.worker")
    return Process("worker", argv, PROJECT, after=place.database_ready)


def release_process() -> Process:
    return Process("release", (sys.executable, "-m", "temporal_app.devserver", "release"), PROJECT)


def supervisor_config(temporal: Sequence[Process], app: Sequence[Process]) -> str:
    """The configuration file of `supervisord`, which must run in `VAR_DIR`.

    Its own files are relative to that folder, because it reads `%` in their names in more than one way.

    Args:
        temporal: Started first, stopped last.
        app: Web, worker and the release step, which runs to its end once.
    """
    sections = [
        "[supervisord]",
        "nodaemon=true",
        "silent=true",
        "logfile=log/supervisor.log",
        "logfile_maxbytes=1MB",
        "logfile_backups=1",
        "pidfile=run/supervisor.pid",
        "childlogdir=log",
        "",
        "[eventlistener:console]",
        f"command={_command([sys.executable, '-m', 'temporal_app.devserver.console'])}",
        f"directory={_literal(PROJECT)}",
        "events=PROCESS_LOG,PROCESS_STATE_EXITED,PROCESS_STATE_BACKOFF,PROCESS_STATE_FATAL",
        "buffer_size=10000",
        "stdout_logfile=NONE",
        "stderr_logfile=/dev/stderr",
        "stderr_logfile_maxbytes=0",
        "priority=-1",
        "",
    ]
    for group, processes, priority in (("temporal", temporal, 10), ("app", app, 20)):
        if processes:
            names = ",".join(process.name for process in processes)
            sections += [f"[group:{group}]", f"programs={names}", f"priority={priority}", ""]
        for process in processes:
            sections += _program(process, once=process.name == "release")
    return "\n".join(sections)


def _program(process: Process, *, once: bool) -> list[str]:
    argv = list(process.argv)
    if process.environment:
        argv = ["env", "-i", *(f"{name}={value}" for name, value in process.environment.items()), *argv]
    after = tether.NOTHING if process.after is None else str(process.after)
    return [
        f"[program:{process.name}]",
        f"command={_command(tether.tethered(argv, after=after))}",
        f"directory={_literal(process.folder)}",
        f"autorestart={'unexpected' if once else 'true'}",
        f"startsecs={1 if once else 5}",
        "startretries=1000",
        "stopwaitsecs=5",
        "stopasgroup=false",
        "killasgroup=true",
        "redirect_stderr=true",
        f"stdout_logfile=log/{process.name}.log",
        "stdout_logfile_maxbytes=5MB",
        "stdout_logfile_backups=1",
        "stdout_events_enabled=true",
        "",
    ]


def _command(argv: Sequence[str]) -> str:
    return shlex.join(argv).replace("%", "%%")


def _literal(path: Path) -> str:
    return str(path).replace("%", "%%")
