"""What staff can have done to a case: the action, its form, the use case behind it, and what is said then.

Both pages of a case, the reviewer's and the support's, take their orders from here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from onboarding.desk import forms, letters
from onboarding.domain.status import Action
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.usecases import staff


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be ordered; `run` gets a form that is valid."""

    form: type[forms.KeyedForm]
    run: Callable[[User, Case, Any], object]
    done: str


def _with_reason(command: Callable[..., object]) -> Callable[[User, Case, Any], object]:
    return lambda user, case, form: command(user, case, reason=form.given_reason, key=form.sent_key)


COMMANDS = {
    Action.CLAIM: Command(
        forms.KeyedForm,
        lambda user, case, form: staff.claim(user, case, key=form.sent_key),
        gettext_noop("The case is yours."),
    ),
    Action.RELEASE: Command(
        forms.KeyedForm,
        lambda user, case, form: staff.release(user, case, key=form.sent_key),
        gettext_noop("The case is back in the queue."),
    ),
    Action.DECIDE: Command(
        forms.DecisionForm,
        lambda user, case, form: staff.decide(case, letters.decision(user, case, form)),
        gettext_noop("The decision is recorded."),
    ),
    Action.EXTEND: Command(
        forms.ExtendForm,
        lambda user, case, form: staff.extend(
            user, case, seconds=form.seconds, reason=form.given_reason, key=form.sent_key
        ),
        gettext_noop("The deadline is extended."),
    ),
    Action.PAUSE: Command(forms.ReasonForm, _with_reason(staff.pause), gettext_noop("The case is paused.")),
    Action.RESUME: Command(forms.ReasonForm, _with_reason(staff.resume), gettext_noop("The case goes on.")),
    Action.REOPEN: Command(
        forms.ReasonForm, _with_reason(staff.reopen), gettext_noop("The case is open again.")
    ),
    Action.RESEND_NOTICE: Command(
        forms.ReasonForm, _with_reason(staff.resend), gettext_noop("The e-mail is sent again.")
    ),
    Action.WITHDRAW: Command(
        forms.ReasonForm, _with_reason(staff.withdraw), gettext_noop("The application is withdrawn.")
    ),
}
