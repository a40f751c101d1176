"""Personal data that the desk masks, shown for a few minutes to the one who said why. Each look is a row."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding import clock
from onboarding.desk.masking import profile_of
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.models.reveals import Reveal
from onboarding.web.plain_fields import PlainText

SHOWN_FOR = timedelta(minutes=5)
LEAST_REASON = 5


class RevealForm(forms.Form):
    use_required_attribute = False
    reason = PlainText(
        label=_("Why do you need to see it?"),
        min_length=LEAST_REASON,
        max_length=500,
        widget=forms.TextInput,
        help_text=_("Written down with your name. No personal data, please."),
        error_messages={
            "required": _("Say why you need to see it."),
            "min_length": _("Say why you need to see it, in a few words."),
        },
    )


def allow(row: Case, user: User, reason: str) -> None:
    """Writes down who looks and why, before anything is shown."""
    now = clock.now()
    Reveal.objects.create(case=row, viewer=user, reason=reason, at=now, until=now + SHOWN_FOR)


def shown_until(row: Case, user: User) -> Reveal | None:
    """The newest look of this account that still holds."""
    looks = Reveal.objects.filter(case=row, viewer=user, until__gt=clock.now())
    return looks.order_by("-until").first()


def personal(row: Case) -> list[tuple[str, str]]:
    """Label and value of what is masked otherwise."""
    profile = profile_of(row)
    facts = [(gettext("E-mail"), row.applicant.email)]
    if profile:
        facts.insert(0, (gettext("Name"), f"{profile.given_name} {profile.family_name}".strip() or "-"))
        facts.append((gettext("Born"), profile.birth_date.isoformat() if profile.birth_date else "-"))
        facts.append((gettext("Country"), profile.country or "-"))
    return facts
