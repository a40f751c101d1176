"""Domain sentences in the reader's language and time zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, ngettext

from onboarding.domain.explain import Sentence
from onboarding.domain.reasons import Reason
from onboarding.models.reasons import ReasonWording

SLACK_FROM, SLACK = 3_300, 300
"""Seconds: from about an hour on, five minutes less than a full unit still count as full."""


def spoken(sentence: Sentence, now: datetime) -> str:
    """The sentence with its gaps filled.

    Args:
        now: the case's own clock, for "in 6 days".
    """
    gaps: dict[str, str] = {name: str(number) for name, number in sentence.numbers.items()}
    for name, moment in sentence.moments.items():
        gaps[name] = spoken_moment(moment, now)
    for name, phrases in sentence.names.items():
        gaps[name] = _listed([gettext(phrase) for phrase in phrases])
    return gettext(sentence.text).format(**gaps)


def spoken_moment(moment: datetime, now: datetime) -> str:
    """A moment with its zone and how far away it is: "Sat 12 Dec, 09:00 (UTC), in 6 days"."""
    local = timezone.localtime(moment)
    day = formats.date_format(local, "MOMENT_WITH_YEAR" if local.year != now.year else "MOMENT")
    return f"{day} ({local.tzname()}), {relative(moment, now)}"


def relative(moment: datetime, now: datetime) -> str:
    """How far away a moment is, in the largest unit that says enough."""
    seconds = (moment - now).total_seconds()
    amount = abs(seconds)
    if amount > SLACK_FROM:
        amount += SLACK
    if amount < 60:
        return gettext("now")
    for size, one, many in (
        (86_400, gettext("1 day"), gettext("{n} days")),
        (3_600, gettext("1 hour"), gettext("{n} hours")),
        (60, gettext("1 minute"), gettext("{n} minutes")),
    ):
        if amount >= size:
            count = int(amount // size)
            words = one if count == 1 else many.format(n=count)
            break
    return (
        gettext("in {time}").format(time=words) if seconds > 0 else gettext("{time} ago").format(time=words)
    )


def attempts_words(left: int) -> str:
    """How often a reviewer can still ask again."""
    if left == 0:
        return gettext("This was the last time we could ask again.")
    return ngettext("We can ask again {left} more time.", "We can ask again {left} more times.", left).format(
        left=left
    )


def reason_words(citations: tuple[str, ...]) -> list[dict[str, str]]:
    """Each reason in plain words, with its cure, as the cited version of the catalogue says it."""
    return [
        {
            "text": gettext("We could not accept this because {why}.").format(why=words.text),
            "cure": words.cure,
        }
        for words in reason_texts(citations).values()
    ]


def reason_texts(citations: Iterable[str]) -> dict[str, Reason]:
    """The words of citations in the reader's language, in their order; without those that nobody knows."""
    ordered = tuple(dict.fromkeys(citations))
    found = ReasonWording.objects.of(ordered, get_language() or settings.LANGUAGE_CODE)
    return {each: found[each] for each in ordered if each in found}


def _listed(phrases: list[str]) -> str:
    if len(phrases) < 2:
        return "".join(phrases)
    return gettext("{first} and {last}").format(first=", ".join(phrases[:-1]), last=phrases[-1])
