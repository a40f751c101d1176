"""`manage.py account forget-factors ADDRESS`: for somebody who lost telephone and recovery codes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onboarding.models.people import User
from onboarding.web import second_factor


class Command(BaseCommand):
    help = "`forget-factors` takes the second factors of an account away and signs its devices out."

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True, metavar="forget-factors")
        forget = parts.add_parser("forget-factors", help="only when you are sure who asks")
        forget.add_argument("address", help="the e-mail address of the account")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["address"].strip().lower()).first()
        if user is None:
            raise CommandError("There is no account with this address.")
        second_factor.forget(user)
        self.stdout.write("Forgotten. The account has no second factor now, and nobody is signed in with it.")
