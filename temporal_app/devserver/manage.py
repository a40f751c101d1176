"""`make manage`: manage.py beside a running `make run`, with the settings that its processes have."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import MutableMapping, Sequence

from temporal_app.devserver import ports
from temporal_app.devserver.place import PROJECT, Place
from temporal_app.devserver.running import settings_of


def manage(environ: MutableMapping[str, str], arguments: Sequence[str]) -> int:
    """Runs one command of manage.py and returns its exit code.

    Args:
        environ: As for `run`; what a person has set wins. Completed for the command.
        arguments: Those of manage.py.
    """
    place = Place.from_environment(environ)
    port = ports.port_number(environ.get("PORT", "").strip() or "8000")
    environ.update(settings_of(environ, place, port))
    frontend = ports.known_ports(place.ports).get("frontend")
    if frontend and not environ.get("TEMPORAL_ADDRESS", "").strip():
        environ["TEMPORAL_ADDRESS"] = f"{ports.LOOPBACK}:{frontend}"
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=dict(environ), check=False).returncode
