"""Who else has this case open: signs of life that expire by themselves."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext

from onboarding import clock
from onboarding.desk import words
from onboarding.models.cases import Case
from onboarding.models.desk import Presence
from onboarding.models.people import User

COUNTS_FOR = timedelta(seconds=20)
RENEWED_AFTER = timedelta(seconds=6)
"""So an open page writes about every second time it asks for news."""
FORGOTTEN_AFTER = timedelta(hours=1)


def sign(user: User, row: Case) -> None:
    """Says that this colleague is looking, unless that was said a moment ago."""
    moment = clock.now()
    mine = Presence.objects.filter(case=row, viewer=user).values_list("seen_at", flat=True).first()
    if mine and mine > moment - RENEWED_AFTER:
        return
    if mine is None:
        Presence.objects.filter(seen_at__lt=moment - FORGOTTEN_AFTER).delete()
    Presence.objects.bulk_create(
        [Presence(case=row, viewer=user, seen_at=moment)],
        update_conflicts=True,
        unique_fields=["case", "viewer"],
        update_fields=["seen_at"],
    )


def others(user: User, row: Case) -> str:
    """Which colleagues are looking too, as a sentence; empty without any."""
    looking = Presence.objects.filter(case=row, seen_at__gt=clock.now() - COUNTS_FOR).exclude(viewer=user)
    names = [words.person(each.viewer) for each in looking.select_related("viewer").order_by("id")[:5]]
    if not names:
        return ""
    if len(names) == 1:
        return gettext("{name} is looking at this case too.").format(name=names[0])
    return gettext("{names} are looking at this case too.").format(names=", ".join(names))
