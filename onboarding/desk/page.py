"""The page of one case: everything it shows, gathered once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from onboarding import clock, roles
from onboarding.desk import forms, papers, words
from onboarding.desk.access import staff_of
from onboarding.desk.masking import masked_applicant, masked_email, profile_of
from onboarding.desk.reading import Reading
from onboarding.domain.actions import attempts_left
from onboarding.domain.case import Lease
from onboarding.domain.explain import status_sentence, why
from onboarding.domain.refusals import SENTENCES, RefusalCode
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import Action, Role
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.people import User
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


UNANSWERED = 503
WORTH_SAYING = timedelta(minutes=1)
"""A message that took longer than this to arrive is shown with both moments."""


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
    own = row.applicant_id == user.pk
    allowed = frozenset() if own else allowed_to(user, snapshot)
    events = list(AuditEvent.objects.filter(case=row).order_by("-version"))
    names = words.Names(_accounts(snapshot, events))
    sees = roles.may_see_documents(user) and not own
    lease = snapshot.case.lease if snapshot.case.lease and snapshot.case.lease.until > now else None
    others = lease is not None and lease.holder.account != str(user.pk)
    context = {
        **desk.admin_site.each_context(request),
        "opts": Case._meta,
        "title": row.reference,
        "row": row,
        "reading": reading,
        "status": words.plain(snapshot.case.status),
        "sentence": spoken(status_sentence(snapshot.case), now),
        "why": [spoken(each, now) for each in why(snapshot.case)],
        # An unanswered form can be sent again at once: its key makes that safe.
        "waits": not reading.live and not (told and told.status == UNANSWERED),
        "own": SENTENCES[RefusalCode.OWN_CASE] if own else "",
        "facts": list(_facts(row, snapshot, sees=sees, now=now)),
        "claim": _claim(lease, user, names, now),
        "others": others,
        "may_claim": Action.CLAIM in allowed and not others,
        "may_release": Action.RELEASE in allowed and (not others or Role.SENIOR in roles.roles_of(user)),
        "documents": papers.papers(row, snapshot, sees=sees, now=now),
        "sees": sees,
        "future": [(words.wakeup(each), words.Moment.of(each.at, now)) for each in snapshot.future],
        "events": [_event(each, names, now) for each in events],
        "emails": [_email(each) for each in _emails(row)],
        "refused": [
            (words.Moment.of(each.at, now), each.name, each.code, _sentence(each.code))
            for each in reversed(snapshot.case.receipts)
            if each.code
        ],
        "forms": _forms(snapshot, allowed, told),
        "told": told,
        "attempts_left": attempts_left(snapshot.case),
        "take_next_key": forms.new_key() if reviews(user) else "",
    }
    status = told.status if told else 200
    return TemplateResponse(request, "admin/onboarding/case/desk.html", context, status=status)


def allowed_to(user: User, snapshot: Snapshot) -> frozenset[Action]:
    """What this account may do to the case now, in any of its roles."""
    return frozenset(action for role in roles.roles_of(user) for action in snapshot.actions.get(role, ()))


def reviews(user: User) -> bool:
    return bool({Role.REVIEWER, Role.SENIOR} & set(roles.roles_of(user)))


FORMS: Mapping[Action, type[forms.KeyedForm]] = {
    Action.CLAIM: forms.KeyedForm,
    Action.RELEASE: forms.KeyedForm,
    Action.EXTEND: forms.ExtendForm,
    Action.PAUSE: forms.ReasonForm,
    Action.RESUME: forms.ReasonForm,
    Action.REOPEN: forms.ReasonForm,
    Action.RESEND_NOTICE: forms.ReasonForm,
}
"""The forms beside the decision, by the action they carry out."""


def _forms(snapshot: Snapshot, allowed: frozenset[Action], told: Told | None) -> dict[str, forms.KeyedForm]:
    """One form for each action that is allowed, and the one that is shown again in any case."""
    shown: dict[str, forms.KeyedForm] = {
        action.value: form(auto_id=f"{action}_%s") for action, form in FORMS.items() if action in allowed
    }
    if Action.DECIDE in allowed:
        shown["decide"] = forms.DecisionForm(snapshot)
    if told:
        shown[told.order] = told.form
    return shown


def _facts(
    row: Case, snapshot: Snapshot, *, sees: bool, now: datetime
) -> Iterator[tuple[str, str | words.Moment]]:
    """Label and value. Who doesn't look at documents gets the person masked."""
    case, profile = snapshot.case, profile_of(row)
    name = f"{profile.given_name} {profile.family_name}" if profile else ""
    yield gettext("Applicant"), (name or row.applicant.email) if sees else masked_applicant(row)
    yield gettext("E-mail"), row.applicant.email if sees else masked_email(row.applicant.email)
    if profile and sees:
        yield gettext("Born"), profile.birth_date.isoformat() if profile.birth_date else "-"
        yield gettext("Country"), profile.country or "-"
    if case.document_type:
        yield gettext("Document"), words.plain(case.document_type)
    yield gettext("Signed up"), words.Moment.of(case.born_at, now)
    if case.submission:
        limit = case.policy.resubmission_limit + 1
        yield (
            gettext("Submission"),
            gettext("{n}; try {try_} of {limit}").format(
                n=case.submission, try_=case.resubmissions + 1, limit=limit
            ),
        )
        yield gettext("Checks"), _checks(snapshot)
    if row.review_due_at:
        yield gettext("Review due"), words.Moment.of(row.review_due_at, now)
    if snapshot.closes_at:
        yield gettext("Closes"), words.Moment.of(snapshot.closes_at, now)
    if case.escalation_level:
        yield gettext("Escalation"), str(case.escalation_level)
    if row.clock_offset_seconds:
        yield gettext("Demo clock"), gettext("{time} ahead").format(time=words.duration(row.clock_offset))


def _checks(snapshot: Snapshot) -> str:
    case = snapshot.case
    if not case.checked:
        return gettext("could not run: look closely")
    hints = [
        f"{words.plain(slot)}: {words.plain(code)}" if code else words.plain(slot)
        for slot, _, code in (flag.partition(":") for flag in case.flags)
    ]
    return ", ".join(hints) or gettext("nothing noticed")


def _claim(lease: Lease | None, user: User, names: words.Names, now: datetime) -> str:
    if lease is None:
        return ""
    until = words.Moment.of(lease.until, now).text
    if lease.holder.account == str(user.pk):
        return gettext("Claimed by you until {until}.").format(until=until)
    return gettext("{name} is working on this case until {until}.").format(
        name=names.of(lease.holder.account, lease.holder.role), until=until
    )


def _accounts(snapshot: Snapshot, events: list[AuditEvent]) -> Iterator[str]:
    yield from (event.actor_account for event in events)
    yield from (decision.by.account for decision in snapshot.case.decisions)
    if snapshot.case.lease:
        yield snapshot.case.lease.holder.account


def _event(event: AuditEvent, names: words.Names, now: datetime) -> dict[str, Any]:
    late = event.handed_in_at and event.at - event.handed_in_at > WORTH_SAYING
    return {
        "at": words.Moment.of(event.at, now),
        "what": words.event(event.kind, event.number, event.subject),
        "who": names.of(event.actor_account, event.actor_role),
        "reason": words.reasons(event.reason),
        "handed_in": words.Moment.of(event.handed_in_at, now) if late and event.handed_in_at else None,
    }


def _emails(row: Case) -> list[Email]:
    return list(Email.objects.filter(case=row).select_related("recipient").order_by("-owed_at"))


def _email(email: Email) -> dict[str, Any]:
    return {
        "id": email.pk,
        "what": words.plain(email.kind),
        "to": masked_email(email.recipient.email) if email.recipient else "-",
        "state": email.state,
        "sent": words.Moment.of(email.sent_at, clock.now()) if email.sent_at else None,
        "trouble": email.last_error,
    }


def _sentence(code: str) -> str:
    return gettext(SENTENCES[RefusalCode(code)]) if code in set(RefusalCode) else ""
