"""`manage.py rotate_document_keys [--dry-run]`: wraps all data keys with the newest key of DOCUMENT_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onboarding.documents import vault_keys
from onboarding.models.documents import Document


class Command(BaseCommand):
    help = "Wraps all data keys with the newest key of DOCUMENT_KEYS. Safe to repeat and to interrupt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        done = vault_keys.rotate(dry_run=options["dry_run"])
        verb = "would be wrapped anew" if options["dry_run"] else "wrapped anew"
        self.stdout.write(f"{done.rewrapped} data keys {verb} with the master key {done.newest}.")
        if done.unused:
            self.stdout.write(
                f"Nothing uses {', '.join(done.unused)} any more. Keep it for as long as you keep backups."
            )
        if in_clear := Document.objects.filter(sealed=False).count():
            self.stdout.write(f"{in_clear} documents of an earlier release are not encrypted yet.")
        if done.locked:
            raise CommandError(f"{done.locked} data keys are opened by no key of DOCUMENT_KEYS.")
