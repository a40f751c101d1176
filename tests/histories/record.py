"""Records the histories that later releases are replayed against: `make record-histories`.

Writes `tests/histories/<label>-<life>/<run>.json`; the label is today's date, or the argument (a release).
What is there is never written again: a case that runs has the history that it has.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import django

FOLDER = Path(__file__).resolve().parent


def record(label: str) -> int:
    """Lives every life once on a real server; returns how many histories were written."""
    from django.conf import settings

    from temporal_app import connection, registration
    from temporal_app.devserver.embedded import EmbeddedServer
    from tests.histories.lives import LIVES, make_life
    from tests.live import RunningWorker
    from tests.temporal.fake_activities import RecordingActivities

    missing = [name for name in LIVES if not (FOLDER / f"{label}-{name}").exists()]
    written = 0
    with EmbeddedServer() as server:
        settings.TEMPORAL_ADDRESS, settings.TEMPORAL_NAMESPACE = server.address, "histories"
        asyncio.run(registration.register_configured(30))
        port = RecordingActivities()
        worker = RunningWorker(port)
        worker.start()
        for name in missing:
            life = make_life(name, port)
            LIVES[name](life)
            life.recorded()
            (FOLDER / f"{label}-{name}").mkdir()
            for number, history in enumerate(runs(life.id), start=1):
                with (FOLDER / f"{label}-{name}" / f"{number}.json").open("x", encoding="utf-8") as file:
                    file.write(history + "\n")
                written += 1
            sys.stdout.write(f"{label}-{name}: recorded\n")
        worker.stop()
        connection.forget()
    return written


def runs(case_id: str) -> list[str]:
    """The histories of all runs of a case as JSON, the oldest first."""
    from temporalio.client import Client

    from temporal_app.contracts import case_workflow_id
    from tests.live import at_server

    async def fetch(client: Client) -> list[str]:
        found: list[str] = []
        workflow_id, run_id = case_workflow_id(case_id), None
        first = await client.get_workflow_handle(workflow_id).describe()
        run_id = first.raw_description.workflow_execution_info.first_run_id
        while run_id:
            history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
            found.append(history.to_json())
            last = history.events[-1].workflow_execution_continued_as_new_event_attributes
            run_id = last.new_execution_run_id
        return found

    return at_server(fetch)


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from onboarding import clock

    label = sys.argv[1] if len(sys.argv) > 1 else clock.now().date().isoformat()
    if "/" in label or label.startswith("."):
        sys.stderr.write("The label is a date or a release, such as 2027-01-31 or 1.2.\n")
        return 2
    written = record(label)
    sys.stdout.write(f"{written} histories written; those that were there stay as they are.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
