"""`manage.py replay [FOLDER] [--live N]`: does today's code still fit what cases have done?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from temporal_app.replay import CannotReplay, Replayed, replay_folder, replay_live

RECORDED = Path("tests") / "histories"


class Command(BaseCommand):
    help = (
        "Replays recorded histories, and with --live those of open cases, against today's workflow code. "
        "Run it before an upgrade; exit code 1 says that a running case would get stuck."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help=f"exported histories; default: {RECORDED}")
        parser.add_argument("--live", type=int, metavar="N", help="the newest N open cases instead")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder = options["folder"] or Path(settings.BASE_DIR) / RECORDED
        try:
            replayed = replay_live(options["live"]) if options["live"] else replay_folder(folder)
        except CannotReplay as error:
            raise CommandError(str(error)) from error
        for each in replayed:
            self.stdout.write(line(each))
        failed = sum(bool(each.failure) for each in replayed)
        if failed:
            raise CommandError(f"{failed} of {len(replayed)} histories do not replay on today's code.")
        self.stdout.write(f"{len(replayed)} histories replay on today's code.")


def line(each: Replayed) -> str:
    verdict = f"DOES NOT REPLAY: {each.failure}" if each.failure else "replays"
    return f"{each.name} ({each.events} events): {verdict}"
