"""`manage.py demo people | seed`: the demo's people, and their cases in every state."""

from __future__ import annotations

import json
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from onboarding.demo import people
from onboarding.demo.lives import LIVES
from onboarding.demo.seed import CannotSeed, seed

INTERESTING = ("ana", "mateo", "gala", "olga")
"""Applicants worth signing in as: one for each kind of page."""


class Command(BaseCommand):
    help = "Demo only: `people` prints who can sign in, `seed` makes them and about 40 cases in every state."

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True, metavar="people | seed")
        who = parts.add_parser("people", help="print addresses, passwords and what each may do")
        who.add_argument("--json", action="store_true", help="as a JSON list")
        parts.add_parser("seed", help="make people and cases; what is there already is left alone")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There is a demo only where DEMO=1.")
        if options["what"] == "people":
            self.stdout.write(as_json() if options["json"] else as_text())
        else:
            self.seed()

    def seed(self) -> None:
        began = time.monotonic()
        try:
            made = seed(self.stdout.write)
        except CannotSeed as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - began
        self.stdout.write(
            f"Demo: {made} cases made in {seconds:.0f} s." if made else "Demo: everything is there already."
        )


def demo_people() -> list[dict[str, str]]:
    return people.known_people({life.name: life.what for life in LIVES if life.name in INTERESTING})


def as_json() -> str:
    return json.dumps(demo_people(), indent=2)


def as_text() -> str:
    """One line a person; the password once for each kind of people, because they share it."""
    lines = []
    password = ""
    for person in demo_people():
        if person["password"] != password:
            password = person["password"]
            hint = ", then the code that the page shows" if password == people.STAFF_PASSWORD else ""
            lines.append(f"Password {password}{hint}")
        lines.append(f"  {person['email']:<22} {person['what']}")
    return "\n".join(lines)
