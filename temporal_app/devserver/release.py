"""What happens once per start beside the long-running processes: database, registration, demo, banner.

Web and worker wait for the file `database-ready`; the worker waits for namespace and search attributes by
itself. What cannot be done yet (the database starts up) is said and tried again.
"""

from __future__ import annotations

import asyncio
import http.client
import io
import time
from collections.abc import Callable, Mapping

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from temporal_app.devserver.place import Place
from temporal_app.devserver.ports import LOOPBACK, answers_ok
from temporal_app.devserver.preparedness import mark_prepared
from temporal_app.devserver.running import UI_PORT
from temporal_app.devserver.speech import say
from temporal_app.registration import RegistrationFailed, register_configured

LONGEST_PAUSE_SECONDS = 15.0
REPORT_SECONDS = 15.0


def release(environ: Mapping[str, str]) -> int:
    """Prepares everything, waits until the service is ready, and tells people where it is.

    Idempotency: every step leaves alone what is there.
    """
    place = Place.from_environment(environ)
    port = int(environ["PORT"])
    django.setup()
    if not place.database_ready.exists():
        _until_done("The database", lambda: _prepare_database(place))
        place.database_ready.touch()
    _until_done("Temporal", lambda: asyncio.run(register_configured(30.0)))
    _wait_until_ready(port)
    people = _demo(port) if settings.DEMO else ""
    for line in banner(port, environ.get(UI_PORT), people):
        say(line)
    return 0


def banner(port: int, ui_port: str | None, people: str) -> list[str]:
    """The lines that tell a newcomer where everything is.

    Args:
        port: Of the web.
        ui_port: Of the Temporal UI, if there is one.
        people: Lines about demo people and their passwords; empty outside a demo.
    """
    site = f"http://{LOOPBACK}:{port}"
    rows = [("Site", f"{site}/"), ("Staff", f"{site}/admin/")]
    if people:
        rows.append(("Mail box", f"{site}/mailbox/"))
    if ui_port:
        rows.append(("Temporal", f"http://{LOOPBACK}:{ui_port}/"))
    lines = ["", "=" * 72, "The onboarding service is ready.", ""]
    lines += [f"  {title:<10} {address}" for title, address in rows]
    if people.strip():
        lines += ["", *(f"  {line}".rstrip() for line in people.strip().splitlines())]
    return [*lines, "", "  Ctrl-C stops it. Nothing is lost; `make reset` starts over.", "=" * 72, ""]


def _prepare_database(place: Place) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    mark_prepared(place)


def _until_done(what: str, step: Callable[[], object]) -> None:
    """Repeats a step with a growing pause until it succeeds."""
    pause = 1.0
    while True:
        try:
            step()
        except (DatabaseError, RegistrationFailed) as error:
            say(f"{what} is not ready: {str(error).strip()} Trying again in {pause:.0f} s.")
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        else:
            return


def _wait_until_ready(port: int) -> None:
    """Waits for `/readyz`, and says what it says when that takes long."""
    reported = time.monotonic()
    while not answers_ok(port, "/readyz"):
        if time.monotonic() - reported > REPORT_SECONDS:
            say(f"Still waiting: /readyz says {_body(port, '/readyz')}")
            reported = time.monotonic()
        time.sleep(0.25)


def _body(port: int, path: str) -> str:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().read(500).decode("utf-8", errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"nothing ({error})"
    finally:
        connection.close()


def _demo(port: int) -> str:
    """Makes the demo's people and cases, and returns who can sign in, as text."""
    say(f"The site answers at http://{LOOPBACK}:{port}/; making the demo's people and cases.")
    output = io.StringIO()
    try:
        call_command("demo", "seed")
        call_command("demo", "people", stdout=output)
    except CommandError as error:
        say(f"The demo is incomplete: {error}")
    return output.getvalue()
