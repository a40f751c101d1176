"""What `manage.py case` does, as functions: look at one case, and have it commanded by a member of staff."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from onboarding import clock
from onboarding.desk import page, refusals, words
from onboarding.desk.reading import Reading, read
from onboarding.domain.case import Receipt
from onboarding.domain.explain import status_sentence, why
from onboarding.domain.messages import Decide, ItemReasons
from onboarding.domain.refusals import Refusal, RefusalCode
from onboarding.domain.status import Action, Slot
from onboarding.domain.transition import receipt, refuse
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.sentences import spoken, spoken_moment
from onboarding.usecases import staff
from temporal_app import gateway

RECEIPT_SECONDS = 5.0


class Complaint(Exception):
    """Why nothing was done, in a sentence for the terminal."""


def case_called(reference: str) -> Case:
    """The case with this reference, however it was typed, or with this id.

    Raises:
        Complaint: there is none.
    """
    typed = "".join(reference.upper().split()).replace("-", "")
    rows = Case.objects.select_related("applicant")
    row = rows.filter(reference=f"{typed[:4]}-{typed[4:]}").first()
    if row is None:
        try:
            row = rows.filter(pk=uuid.UUID(reference)).first()
        except ValueError:
            row = None
    if row is None:
        raise Complaint(f"There is no case {reference}. A reference looks like 7KQ4-M2XD.")
    return row


def colleague(email: str) -> User:
    """The staff account that acts.

    Raises:
        Complaint: there is none.
    """
    user = User.objects.filter(email=email.strip().lower(), is_staff=True, is_active=True).first()
    if user is None:
        raise Complaint(f"--by {email}: there is no active staff account with this address.")
    return user


def shown(row: Case) -> Iterator[str]:
    """The lines of `case show`: live if the workflow answers, else the row and its age. No personal data."""
    reading, now = read(row), clock.case_now(row)
    case = reading.snapshot.case
    paused = ", paused" if case.paused else ""
    yield f"{row.reference}  {words.plain(case.status)}{paused}  version {case.version}"
    yield spoken(status_sentence(case), now)
    yield from (f"  {spoken(each, now)}" for each in why(case))
    yield f"{reading.source} {reading.trouble}".rstrip()
    yield "Documents: " + (", ".join(f"{each.slot} {each.state}" for each in case.documents) or "none yet")
    yield "Next, if nobody acts:"
    future = [f"  {spoken_moment(each.at, now)}: {words.wakeup(each)}" for each in reading.snapshot.future]
    yield from future or ["  nothing any more"]
    yield "History:"
    events = list(AuditEvent.objects.filter(case=row))
    names = words.Names(event.actor_account for event in events)
    for event in events:
        who = names.of(event.actor_account, event.actor_role)
        what = words.event(event.kind, event.number, event.subject)
        reason = f" ({event.reason})" if event.reason else ""
        yield f"  {event.version:>3}  {event.at:%Y-%m-%d %H:%M:%S}  {what}, by {who}{reason}"
    for each in case.receipts:
        if each.code:
            yield f"Refused at {each.at:%Y-%m-%d %H:%M:%S}: {each.name} ({each.code})"


def asked_items(typed: Sequence[str]) -> tuple[ItemReasons, ...]:
    """Reads `id_back=blurred,glare`.

    Raises:
        Complaint: it doesn't look like that.
    """
    items = []
    for each in typed:
        slot, equals, codes = each.partition("=")
        if not equals or slot not in set(Slot):
            raise Complaint(f"--item {each}: write SLOT=REASON,REASON; slots are {', '.join(Slot)}.")
        items.append(ItemReasons(slot=Slot(slot), reasons=tuple(code for code in codes.split(",") if code)))
    return tuple(items)


def decide(row: Case, user: User, order: Decide, *, dry_run: bool) -> str:
    """Sends the decision as the signal `review_decided` and waits for what the case says about it.

    Raises:
        Complaint: refused, or nobody knows (yet).
    """
    now = clock.case_now(row)
    if dry_run:
        reading = read(row)
        refusal = refuse(reading.snapshot.case, order, now)
        if refusal:
            raise Complaint(refusals.sentence(refusal, reading.snapshot, user, now))
        return f"Would decide: {words.plain(order.outcome)} submission {order.submission}. Nothing was sent."
    staff.decide_by_signal(row, order)
    note = _receipt(row, order.message_id)
    if note.code:
        refusal = Refusal(RefusalCode(note.code), note.account, note.moment)
        raise Complaint(refusals.sentence(refusal, read(row).snapshot, user, now))
    return f"Decided: {words.plain(order.outcome)} submission {order.submission}, version {note.version}."


def _receipt(row: Case, message_id: str) -> Receipt:
    give_up_at = time.monotonic() + RECEIPT_SECONDS
    while time.monotonic() < give_up_at:
        note = receipt(gateway.snapshot(str(row.pk)).case, message_id)
        if note:
            return note
        time.sleep(0.1)
    raise Complaint("The decision was handed over, and the case has not answered yet: see `case show`.")


def command(row: Case, user: User, action: Action, run: Callable[[], object], *, dry_run: bool) -> str:
    """Has a command carried out, or says whether it would be allowed now.

    Raises:
        Complaint: refused, by the role or by the rules.
    """
    if dry_run:
        if row.applicant_id == user.pk:
            raise Complaint(refusals.sentence(Refusal(RefusalCode.OWN_CASE), None, user, clock.case_now(row)))
        if action not in page.allowed_to(user, read(row).snapshot):
            raise Complaint(
                f"Would be refused: {words.plain(action)} is not possible now, or not for this role."
            )
        return f"Would {words.plain(action)}. Nothing was sent."
    run()
    return f"Done: {words.plain(action)}."


def complaint(error: gateway.GatewayError, row: Case, user: User, key: str) -> Complaint:
    """The sentence for a command that was not carried out."""
    now: datetime = clock.case_now(row)
    if isinstance(error, gateway.Refused):
        reading: Reading = read(row)
        return Complaint(refusals.sentence(error.refusal, reading.snapshot, user, now))
    if isinstance(error, gateway.Unavailable):
        return Complaint(
            f"No answer ({error}), so it isn't known whether it was done. Run it again with --key {key}: "
            "it will not be done twice."
        )
    return Complaint("The workflow of this case doesn't take commands: it has ended, or hasn't begun yet.")
