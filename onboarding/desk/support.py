"""The page for whoever is asked "where is my application?": why, what next, what happened, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, gettext_noop

from onboarding import clock
from onboarding.desk import forms, page, pages, reading, reveal, story, words
from onboarding.desk.access import staff_of
from onboarding.desk.commands import COMMANDS
from onboarding.desk.masking import masked_applicant, masked_email
from onboarding.domain.consequences import Consequences, Move
from onboarding.domain.explain import status_sentence, why
from onboarding.domain.refusals import SENTENCES, RefusalCode
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import Action, EventKind
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.models.reveals import Reveal
from onboarding.ribbon import ribbon
from onboarding.sentences import spoken

LOOKS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Order:
    """One thing that support can do, in this page's words."""

    title: str
    button: str


ORDERS = {
    Action.EXTEND: Order(gettext_noop("Extend the deadline"), gettext_noop("Extend")),
    Action.PAUSE: Order(gettext_noop("Pause: the clock stands still"), gettext_noop("Pause")),
    Action.RESUME: Order(gettext_noop("Resume: the clock goes on"), gettext_noop("Resume")),
    Action.REOPEN: Order(gettext_noop("Reopen where it stopped"), gettext_noop("Reopen")),
    Action.RESEND_NOTICE: Order(gettext_noop("Send the present e-mail again"), gettext_noop("Send again")),
    Action.WITHDRAW: Order(gettext_noop("Withdraw for the applicant"), gettext_noop("Withdraw")),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A form that is shown again as it was typed: refused, unanswered, or with what it would move."""

    order: str = ""
    form: forms.KeyedForm | None = None
    text: str = ""
    status: int = 200
    would: Consequences | None = None
    reveal_form: reveal.RevealForm | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One order on the page."""

    name: str
    order: Order
    form: forms.KeyedForm
    would: list[str] | None


def render(
    request: HttpRequest, row: Case, told: Told | None = None, seen: reading.Reading | None = None
) -> HttpResponse:
    """The whole page. The workflow is asked once, unless somebody has asked it already."""
    user, told = staff_of(request), told or Told()
    seen = seen or reading.read(row)
    snapshot, now = seen.snapshot, clock.case_now(row)
    own = row.applicant_id == user.pk
    chosen = request.GET.get("show", story.ALL)
    events = list(AuditEvent.objects.filter(case=row).order_by("-version"))
    emails = story.emails_of(row)
    assigned = (each.subject for each in events if each.kind == EventKind.ASSIGNED)
    names = words.Names([*(each.actor_account for each in events), *assigned])
    look = None if own else reveal.shown_until(row, user)
    context = pages.context(
        admin.site,
        request,
        gettext("Support"),
        row=row,
        reading=seen,
        status=words.plain(snapshot.case.status),
        sentence=spoken(status_sentence(snapshot.case), now),
        why=[spoken(each, now) for each in why(snapshot.case)],
        future=[(words.wakeup(each), words.Moment.of(each.at, now)) for each in snapshot.future],
        own=gettext(SENTENCES[RefusalCode.OWN_CASE]) if own else "",
        applicant=masked_applicant(row),
        address=masked_email(row.applicant.email),
        ribbon=ribbon(snapshot, past_words=words.drawn, future_words=words.wakeup),
        personal=reveal.personal(row) if look else [],
        shown_until=words.Moment.of(look.until, clock.now()) if look else None,
        reveal_form=told.reveal_form or reveal.RevealForm(),
        looks=_looks(row),
        offers=[] if own else list(_offers(user, snapshot, told, now)),
        waits=not seen.live and told.status != page.UNANSWERED,
        told=told,
        filters=[(name, gettext(label), name == chosen) for name, label in story.FILTERS.items()],
        entries=story.entries(events, emails, names, now, chosen),
        emails=story.letters(emails, now),
        may_resend=not own and Action.RESEND_NOTICE in page.allowed_to(user, snapshot),
    )
    return TemplateResponse(request, "admin/desk/support.html", context, status=told.status)


def _offers(user: User, snapshot: Snapshot, told: Told, now: datetime) -> Iterator[Offer]:
    """What this account may do now, and the form that is shown again in any case."""
    allowed = page.allowed_to(user, snapshot)
    for action, order in ORDERS.items():
        again = told.order == action
        if again or action in allowed:
            form = told.form if again and told.form else COMMANDS[action].form(auto_id=f"{action}_%s")
            would = list(would_move(told.would, now)) if again and told.would else None
            yield Offer(action.value, order, form, would)


def would_move(found: Consequences, now: datetime) -> Iterator[str]:
    """What an order would change, one sentence each: "Closes: 12 Dec → 19 Dec"."""
    if found.status:
        yield gettext("The case becomes “{status}”.").format(status=words.plain(found.status))
    for kind in found.notices:
        yield gettext("The applicant gets the e-mail “{kind}”.").format(kind=words.plain(kind))
    for move in found.moves:
        yield _move(move, now)
    if not found.moves:
        yield gettext("No planned moment moves.")


def _move(move: Move, now: datetime) -> str:
    what = gettext(words.WAKEUPS[move.kind]).format(number=move.number, of=move.of)
    before = words.Moment.of(move.before, now).text if move.before else ""
    after = words.Moment.of(move.after, now).text if move.after else ""
    if not before:
        return gettext("{what}: new, {after}").format(what=what, after=after)
    if not after:
        return gettext("{what}: {before} → not any more").format(what=what, before=before)
    return gettext("{what}: {before} → {after}").format(what=what, before=before, after=after)


def _looks(row: Case) -> list[dict[str, Any]]:
    newest = Reveal.objects.filter(case=row).select_related("viewer").order_by("-at")[:LOOKS_SHOWN]
    return [
        {
            "at": words.Moment.of(each.at, clock.now()),
            "who": words.person(each.viewer),
            "reason": each.reason,
        }
        for each in newest
    ]
