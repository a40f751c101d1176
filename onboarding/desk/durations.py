"""Lengths of time as people write them: "7 days", "36 hours", "15 minutes"."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from onboarding.domain.policy import DAY, HOUR, LONGEST_LADDER, LONGEST_SECONDS, MINUTE

UNITS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": 1}
"""By first letter, in seconds. The words of the reader's language are understood as well: `_unit`."""
NAMES = (
    (DAY, gettext_lazy("day"), gettext_lazy("days")),
    (HOUR, gettext_lazy("hour"), gettext_lazy("hours")),
    (MINUTE, gettext_lazy("minute"), gettext_lazy("minutes")),
    (1, gettext_lazy("second"), gettext_lazy("seconds")),
)
WRITTEN = re.compile(r"(\d{1,9})\s*([^\W\d]+)\.?")
LONGEST_TEXT = 200


def spoken(seconds: int) -> str:
    """In the largest unit that is whole: 604800 is "7 days", 5400 is "90 minutes"."""
    size, one, many = next(each for each in NAMES if seconds % each[0] == 0)
    count = seconds // size
    return f"{count} {one if count == 1 else many}"


def read(text: str) -> int:
    """Seconds of one length of time.

    Raises:
        forms.ValidationError: not a number and a unit, or out of range; says what to write.
    """
    match = WRITTEN.fullmatch(text.strip())
    unit = _unit(match[2]) if match else 0
    if not match or not unit:
        raise forms.ValidationError(
            gettext("Write a number and a unit, such as 7 days, 36 hours or 15 minutes."), "no_duration"
        )
    seconds = int(match[1]) * unit
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise forms.ValidationError(gettext("Write something between 1 second and 366 days."), "range")
    return seconds


def _unit(word: str) -> int:
    word = _folded(word)
    for size, one, many in NAMES:
        if word in (_folded(str(one)), _folded(str(many))):
            return size
    known = {"day", "days", "hour", "hours", "minute", "minutes", "min", "second", "seconds", *UNITS}
    return UNITS[word[0]] if word in known else 0


def _folded(word: str) -> str:
    """Without capitals and accents: "Días" and "dias" are the same."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


class DurationField(forms.CharField):
    """One length of time; its value is in seconds."""

    default_error_messages = {"required": _("Write a length of time, such as 7 days.")}

    def __init__(self, **more: object) -> None:
        super().__init__(max_length=LONGEST_TEXT, **more)  # type: ignore[arg-type]  # handed on

    def prepare_value(self, value: object) -> object:
        return spoken(value) if isinstance(value, int) else value

    def clean(self, value: object) -> object:
        return read(super().clean(value))


class LadderField(DurationField):
    """Several lengths of time, separated by commas; its value is a tuple in seconds, in the order written."""

    def prepare_value(self, value: object) -> object:
        return ", ".join(map(spoken, value)) if isinstance(value, tuple) else value

    def clean(self, value: object) -> object:
        text = forms.CharField.clean(self, value)
        rungs = tuple(read(part) for part in text.split(",") if part.strip())
        if len(rungs) > LONGEST_LADDER:
            raise forms.ValidationError(
                gettext("At most {n} reminders, please.").format(n=LONGEST_LADDER), "too_many"
            )
        return rungs
