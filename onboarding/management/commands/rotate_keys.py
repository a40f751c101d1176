"""`manage.py rotate_keys [--dry-run]`: wraps everything that DOCUMENT_KEYS wraps with its newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onboarding import masterkeys
from onboarding.documents import vault_keys
from onboarding.models.documents import Document
from onboarding.web import factor_secrets


class Command(BaseCommand):
    help = (
        "Wraps the data keys of pictures and the secrets of second factors with the newest key of "
        "DOCUMENT_KEYS. Safe to repeat and to interrupt."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        verb = "would be wrapped anew" if options["dry_run"] else "wrapped anew"
        kinds = {"data keys": vault_keys.rotate, "second factors": factor_secrets.rotate}
        done = {name: rotate(dry_run=options["dry_run"]) for name, rotate in kinds.items()}
        newest = masterkeys.ring().newest
        for name, each in done.items():
            self.stdout.write(f"{each.rewrapped} {name} {verb} with the master key {newest}.")
        free = masterkeys.unused(key for each in done.values() for key in each.used)
        if free:
            self.stdout.write(
                f"Nothing uses {', '.join(free)} any more. Keep it for as long as you keep backups."
            )
        if in_clear := Document.objects.filter(sealed=False).count():
            self.stdout.write(f"{in_clear} documents of an earlier release are not encrypted yet.")
        locked = [f"{each.locked} {name}" for name, each in done.items() if each.locked]
        if locked:
            raise CommandError(f"{' and '.join(locked)} are opened by no key of DOCUMENT_KEYS.")
