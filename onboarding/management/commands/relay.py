"""`manage.py relay [--once]`: delivers what the outbox owes to Temporal, in the foreground."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onboarding.models.outbox import OutboxMessage
from temporal_app import relay


class Command(BaseCommand):
    help = "Delivers owed messages to their cases. Workers do so by themselves; any number may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="sweep once; exit code 1 if something waits")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["once"]:
            self.once()
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("Delivering what is owed; Ctrl-C stops.")
        relay.run(stop)

    def once(self) -> None:
        done = relay.sweep(timedelta(0))
        owed = OutboxMessage.objects.filter(delivered_at=None)
        parked = owed.filter(parked_at__isnull=False).count()
        waiting = owed.count() - parked
        text = f"{done} delivered, {waiting} waiting, {parked} parked."
        if waiting or parked:
            raise CommandError(f"{text} Parked ones need a person: see the admin.")
        self.stdout.write(text)
