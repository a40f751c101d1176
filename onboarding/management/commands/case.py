"""`manage.py case show | decide | extend | pause | resume | reopen | withdraw`: one case, by hand."""

from __future__ import annotations

import argparse
import uuid
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onboarding.domain.reasons import ITEM_REASONS, REFUSE_REASONS
from onboarding.domain.status import Action, Outcome
from onboarding.management import casework
from onboarding.management.casework import Complaint
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.usecases import staff
from temporal_app import gateway

DAY_SECONDS = 86_400
REASONED: dict[str, tuple[Action, Callable[..., object]]] = {
    "pause": (Action.PAUSE, staff.pause),
    "resume": (Action.RESUME, staff.resume),
    "reopen": (Action.REOPEN, staff.reopen),
    "withdraw": (Action.WITHDRAW, staff.withdraw),
}


class Command(BaseCommand):
    help = "Shows one case, or has it commanded by a member of staff, whose role is checked as on the desk."

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        _part(parts, "show", "state, why, what happens next, and the whole history", acts=False)
        deciding = _part(parts, "decide", "decide about a submission")
        deciding.add_argument("outcome", choices=[each.value for each in Outcome])
        deciding.add_argument("--submission", type=int, help="the one looked at; default: the present one")
        codes = ", ".join(each.code for each in REFUSE_REASONS)
        deciding.add_argument("--reason", action="append", default=[], help=f"to refuse: {codes}")
        codes = ", ".join(each.code for each in ITEM_REASONS)
        deciding.add_argument(
            "--item", action="append", default=[], help=f"to ask again: SLOT=REASON,REASON with {codes}"
        )
        deciding.add_argument("--extra-attempt", action="store_true", help="when all attempts are used up")
        extending = _part(parts, "extend", "move the deadline of what the applicant owes")
        extending.add_argument("--days", type=int, required=True)
        extending.add_argument("--reason", required=True)
        for name in REASONED:
            _part(parts, name, f"{name} the case").add_argument("--reason", required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            row = casework.case_called(options["reference"])
            if options["what"] == "show":
                for line in casework.shown(row):
                    self.stdout.write(line)
                return
            self.act(row, casework.colleague(options["by"]), options)
        except Complaint as error:
            raise CommandError(str(error)) from error

    def act(self, row: Case, user: User, options: dict[str, Any]) -> None:
        key = options["key"] or str(uuid.uuid4())
        try:
            self.stdout.write(f"{row.reference}: {_carried_out(row, user, key, options)}")
        except gateway.GatewayError as error:
            raise casework.complaint(error, row, user, key) from error


def _part(parts: Any, name: str, text: str, *, acts: bool = True) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = parts.add_parser(name, help=text)
    part.add_argument("reference", help="like 7KQ4-M2XD")
    if acts:
        part.add_argument("--by", required=True, metavar="EMAIL", help="the staff account that acts")
        part.add_argument("--key", help="of a command that is repeated: the same key is the same command")
        part.add_argument("--dry-run", action="store_true", help="only say whether it would be done")
    return part


def _carried_out(row: Case, user: User, key: str, options: dict[str, Any]) -> str:
    what, dry_run = options["what"], options["dry_run"]
    if what == "decide":
        order = staff.decision(
            user,
            row,
            submission=row.submission if options["submission"] is None else options["submission"],
            outcome=Outcome(options["outcome"]),
            reasons=tuple(options["reason"]),
            items=casework.asked_items(options["item"]),
            extra_attempt=options["extra_attempt"],
            key=key,
        )
        return casework.decide(row, user, order, dry_run=dry_run)
    reason = options["reason"]
    if what == "extend":
        length = options["days"] * DAY_SECONDS

        def extend() -> object:
            return staff.extend(user, row, seconds=length, reason=reason, key=key)

        return casework.command(row, user, Action.EXTEND, extend, dry_run=dry_run)
    action, run = REASONED[what]
    return casework.command(
        row, user, action, lambda: run(user, row, reason=reason, key=key), dry_run=dry_run
    )
