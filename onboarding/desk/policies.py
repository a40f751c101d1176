"""The policy of new cases: what holds, what will, who changed it and why; and a form for the next one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from onboarding import clock
from onboarding.desk import pages, words
from onboarding.desk.access import staff_of
from onboarding.desk.durations import DurationField, LadderField, spoken
from onboarding.domain.policy import LADDERS, Complaint, Policy, complaints
from onboarding.models.policies import PolicyVersion
from onboarding.records import policies
from onboarding.records.policies import Changed
from onboarding.web.plain_fields import PlainText

HISTORY = 50
LADDER_NAMES = frozenset(reminders for reminders, _deadline in LADDERS)

LABELS = {
    "email_reminders_seconds": gettext_noop("Reminders to confirm the e-mail address, after"),
    "email_deadline_seconds": gettext_noop("Deadline to confirm the e-mail address"),
    "collection_reminders_seconds": gettext_noop("Reminders to send the documents, after"),
    "collection_deadline_seconds": gettext_noop("Deadline to send the documents"),
    "resubmission_reminders_seconds": gettext_noop("Reminders to send something again, after"),
    "resubmission_deadline_seconds": gettext_noop("Deadline to send something again"),
    "reminder_grace_seconds": gettext_noop("A deadline is never nearer to the last reminder than"),
    "reminder_quiet_seconds": gettext_noop("No reminder in the first and the last"),
    "reminder_delivery_seconds": gettext_noop("A reminder counts as on time when it is delivered within"),
    "check_timeout_seconds": gettext_noop("Review goes on without checks after"),
    "review_sla_seconds": gettext_noop("A review is promised within"),
    "review_warning_percent": gettext_noop("“Due soon” after this part of it, in percent"),
    "review_escalation_seconds": gettext_noop("Second escalation, after the first"),
    "lease_seconds": gettext_noop("A claim lasts"),
    "lease_limit_seconds": gettext_noop("A claim that is renewed lasts at most"),
    "pause_limit_seconds": gettext_noop("A pause ends by itself after"),
    "reopen_window_seconds": gettext_noop("An expired or withdrawn case can be reopened for"),
    "follow_up_seconds": gettext_noop("Ask how it went, after the approval"),
    "resubmission_limit": gettext_noop("How often a reviewer may ask again"),
    "selfie_required": gettext_noop("A picture of oneself is required"),
    "proof_of_address_required": gettext_noop("A proof of address is required"),
}


class PolicyForm(forms.Form):
    """One field for each value of the policy, in its own unit, and why and from when."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    effective_at = forms.DateTimeField(
        label=_("In force from"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: from now on. Cases that run already keep their policy."),
        error_messages={"invalid": _("Write a date and a time, such as 2026-12-01 09:00.")},
    )
    reason = PlainText(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give a reason.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in fields(Policy):
            self.fields[field.name] = _field(field.name, field.type)
        self.order_fields([*LABELS, "effective_at", "reason"])

    def clean_effective_at(self) -> Any:
        at = self.cleaned_data["effective_at"]
        if at and at <= clock.now():
            raise forms.ValidationError(
                gettext("Choose a moment that is still to come, or leave it empty for now."), "past"
            )
        return at

    def clean(self) -> dict[str, Any]:
        """What single values can't show: the rules of the whole, each sentence beside what it is about."""
        typed = super().clean() or {}
        if not any(name in self.errors for name in LABELS):
            for complaint in complaints(self.policy):
                self.add_error(complaint.field, readable(complaint))
        return typed

    @property
    def policy(self) -> Policy:
        """The values that were typed; complete where none of them has an error."""
        return Policy(**{name: self.cleaned_data[name] for name in LABELS})

    @property
    def values(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in LABELS)

    @property
    def effective(self) -> tuple[forms.BoundField, ...]:
        return self["effective_at"], self["reason"]


def _field(name: str, kind: Any) -> forms.Field:
    label = gettext(LABELS[name])
    if kind is bool:
        return forms.BooleanField(label=label, required=False)
    if name in LADDER_NAMES:
        return LadderField(label=label, required=False, help_text=_("For example: 1 day, 3 days, 36 hours"))
    if name.endswith("_seconds"):
        return DurationField(label=label)
    return forms.IntegerField(label=label, min_value=0, max_value=100)


def readable(complaint: Complaint) -> str:
    """A sentence of the rules with the labels of the page instead of names of fields."""
    field, other = (
        f"“{gettext(LABELS[name])}”" if name else "" for name in (complaint.field, complaint.other)
    )
    return gettext(complaint.text).format(field=field, other=other, most=complaint.most)


@dataclass(frozen=True, slots=True)
class Line:
    """One version in the history. `changes` are label, before, after against the version before it."""

    version: PolicyVersion
    begins: words.Moment
    made: words.Moment
    who: str
    state: str
    changes: list[tuple[str, str, str]]


def show(request: HttpRequest) -> HttpResponse:
    """What holds, the form, and the history; a POST puts another policy on the list."""
    if request.method == "POST":
        form = PolicyForm(request.POST)
        if not form.is_valid():
            return _page(request, form, gettext("Something does not fit. Nothing was changed."), 400)
        typed = form.cleaned_data
        try:
            version = policies.put_into_force(
                form.policy,
                by=staff_of(request),
                reason=typed["reason"].strip(),
                effective_at=typed["effective_at"] or clock.now(),
                seen=typed["seen"],
                key=typed["key"],
            )
        except Changed:
            text = gettext(
                "A colleague has changed the policy meanwhile: the history shows how. Everything you typed "
                "is still here. Look at it again, then save it."
            )
            shown_again = request.POST.copy()
            shown_again["seen"] = str(_newest_id())
            form.data = shown_again
            return _page(request, form, text, 409)
        begins = words.Moment.of(version.effective_at, clock.now()).text
        messages.success(
            request, gettext("New cases get this policy from {moment} on.").format(moment=begins)
        )
        return redirect("admin:desk_policy")
    present = policies.policy_in_force()
    initial = {name: getattr(present, name) for name in LABELS}
    return _page(request, PolicyForm(initial={**initial, "seen": _newest_id()}))


def _page(request: HttpRequest, form: PolicyForm, text: str = "", status: int = 200) -> HttpResponse:
    present, holds = policies.policy_in_force(), policies.in_force()
    context = pages.context(
        admin.site,
        request,
        gettext("Policy of new cases"),
        form=form,
        text=text,
        present=[
            (gettext(label), value_words(name, getattr(present, name))) for name, label in LABELS.items()
        ],
        from_settings=holds is None,
        history=_history(holds),
    )
    return TemplateResponse(request, "admin/desk/policy.html", context, status=status)


def _newest_id() -> int:
    last = policies.newest()
    return last.pk if last else 0


def _history(holds: PolicyVersion | None) -> list[Line]:
    """The newest versions, each with what it changed against the one written before it."""
    now = clock.now()
    rows = list(PolicyVersion.objects.select_related("made_by").order_by("-id")[: HISTORY + 1])
    lines = []
    for version, before in zip(rows, [*rows, None][1:], strict=True):
        was = policies.policy_of(before) if before else policies.policy_of_settings()
        if holds and version.pk == holds.pk:
            state = gettext("in force")
        else:
            state = gettext("to come") if version.effective_at > now else gettext("over")
        lines.append(
            Line(
                version,
                words.Moment.of(version.effective_at, now),
                words.Moment.of(version.made_at, now),
                words.person(version.made_by),
                state,
                changes(was, policies.policy_of(version)),
            )
        )
    return lines[:HISTORY]


def changes(before: Policy, after: Policy, labels: Mapping[str, str] = LABELS) -> list[tuple[str, str, str]]:
    """Label, value before and value after of everything that differs."""
    return [
        (
            gettext(label),
            value_words(name, getattr(before, name)),
            value_words(name, getattr(after, name)),
        )
        for name, label in labels.items()
        if getattr(before, name) != getattr(after, name)
    ]


def value_words(name: str, value: object) -> str:
    """One value of a policy for people: durations in the largest whole unit, the rest as it is."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, tuple):
        return ", ".join(map(spoken, value)) or gettext("none")
    assert isinstance(value, int)
    return spoken(value) if name.endswith("_seconds") else str(value)
