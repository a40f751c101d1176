"""The page of one case: everything it shows, gathered once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from onboarding import clock, roles
from onboarding.desk import cells, checked, facts, forms, notes, papers, presence, shortcuts, story, words
from onboarding.desk.access import staff_of
from onboarding.desk.commands import COMMANDS
from onboarding.desk.pages import HELPERS
from onboarding.desk.reading import Reading
from onboarding.domain.actions import attempts_left
from onboarding.domain.case import Lease
from onboarding.domain.explain import status_sentence, why
from onboarding.domain.refusals import SENTENCES, RefusalCode
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import Action, EventKind, Role
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.records.findings import findings_of
from onboarding.ribbon import ribbon
from onboarding.sentences import spoken

if TYPE_CHECKING:
    from onboarding.desk.cases import CaseAdmin


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a command that was not carried out; `status` is that of the answer."""

    order: str
    form: forms.KeyedForm
    text: str = ""
    status: int = 200
    preview: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who holds the case, and for how many seconds more."""

    text: str
    mine: bool
    seconds: int


UNANSWERED = 503


def show(
    request: HttpRequest, desk: CaseAdmin, row: Case, reading: Reading, told: Told | None = None
) -> HttpResponse:
    """Renders the page.

    Args:
        told: a form that is shown again, with what was typed, and why.
    """
    user = staff_of(request)
    now = clock.case_now(row)
    snapshot = reading.snapshot
    case = snapshot.case
    own = row.applicant_id == user.pk
    allowed = frozenset() if own else allowed_to(user, snapshot)
    events = list(AuditEvent.objects.filter(case=row).order_by("-version"))
    names = words.Names(_accounts(snapshot, events))
    sees = roles.may_see_documents(user) and not own
    found = findings_of(row.pk, case.submission)
    lease = case.lease if case.lease and case.lease.until > now else None
    others = lease is not None and lease.holder.account != str(user.pk)
    context = {
        **desk.admin_site.each_context(request),
        "opts": Case._meta,
        "title": row.reference,
        "row": row,
        "reading": reading,
        "status": words.plain(case.status),
        "sla": cells.sla(row, now),
        "attempt": (case.resubmissions + 1, case.policy.resubmission_limit + 1) if case.submission else None,
        "sentence": spoken(status_sentence(case), now),
        "why": [spoken(each, now) for each in why(case)],
        # An unanswered form can be sent again at once: its key makes that safe.
        "waits": not reading.live and not (told and told.status == UNANSWERED),
        "own": SENTENCES[RefusalCode.OWN_CASE] if own else "",
        "declared": checked.declared(row, snapshot, found, sees=sees),
        "course": list(facts.course(row, snapshot, now)),
        "checks": checked.results(case, found),
        "ribbon": ribbon(snapshot, past_words=words.drawn, future_words=words.wakeup),
        "decisions": facts.decisions(case, names, now),
        "claim": _claim(lease, user, names, now),
        "others": others,
        "present": "" if own else presence.others(user, row),
        "may_claim": Action.CLAIM in allowed and not others,
        "may_release": Action.RELEASE in allowed and (not others or Role.SENIOR in roles.roles_of(user)),
        "documents": papers.papers(row, snapshot, sees=sees, now=now),
        "sees": sees,
        "helps": bool(HELPERS & set(roles.roles_of(user))),
        "notes": [] if own else notes.shown(row, now),
        "future": [(words.wakeup(each), words.Moment.of(each.at, now)) for each in snapshot.future],
        "events": story.entries(events, [], names, now, story.ALL),
        "emails": story.letters(story.emails_of(row), now),
        "refused": story.refused(case, now),
        "forms": _forms(snapshot, allowed, told, own=own),
        "told": told,
        "attempts_left": attempts_left(case),
        "take_next_key": forms.new_key() if reviews(user) else "",
        "shortcuts": shortcuts.shown(user, shortcuts.DESK),
    }
    status = told.status if told else 200
    return TemplateResponse(request, "admin/onboarding/case/desk.html", context, status=status)


def allowed_to(user: User, snapshot: Snapshot) -> frozenset[Action]:
    """What this account may do to the case now, in any of its roles."""
    return frozenset(action for role in roles.roles_of(user) for action in snapshot.actions.get(role, ()))


def reviews(user: User) -> bool:
    return bool({Role.REVIEWER, Role.SENIOR} & set(roles.roles_of(user)))


FORMS: Mapping[Action, type[forms.KeyedForm]] = {
    action: COMMANDS[action].form
    for action in (
        Action.CLAIM,
        Action.RELEASE,
        Action.EXTEND,
        Action.PAUSE,
        Action.RESUME,
        Action.REOPEN,
        Action.RESEND_NOTICE,
    )
}
"""The forms beside the decision, by the action they carry out."""


def _forms(
    snapshot: Snapshot, allowed: frozenset[Action], told: Told | None, *, own: bool
) -> dict[str, forms.KeyedForm]:
    """One form for each action that is allowed, and the one that is shown again in any case."""
    shown: dict[str, forms.KeyedForm] = {
        action.value: form(auto_id=f"{action}_%s") for action, form in FORMS.items() if action in allowed
    }
    if Action.DECIDE in allowed:
        shown["decide"] = forms.DecisionForm(snapshot)
    if not own:
        shown["note"] = forms.NoteForm(auto_id="note_%s")
    if told:
        shown[told.order] = told.form
    return shown


def _claim(lease: Lease | None, user: User, names: words.Names, now: datetime) -> Claimed | None:
    if lease is None:
        return None
    until = words.Moment.of(lease.until, now).text
    mine = lease.holder.account == str(user.pk)
    if mine:
        text = gettext("Claimed by you until {until}.").format(until=until)
    else:
        name = names.of(lease.holder.account, lease.holder.role)
        text = gettext("{name} is working on this case until {until}.").format(name=name, until=until)
    return Claimed(text, mine, int((lease.until - now).total_seconds()))


def _accounts(snapshot: Snapshot, events: list[AuditEvent]) -> Iterator[str]:
    yield from (event.actor_account for event in events)
    yield from (event.subject for event in events if event.kind == EventKind.ASSIGNED)
    yield from (decision.by.account for decision in snapshot.case.decisions)
    if snapshot.case.lease:
        yield snapshot.case.lease.holder.account
