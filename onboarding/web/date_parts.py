"""A date as three plain fields: the same on every device, without a calendar to leaf through for decades."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext_lazy as _

PARTS = ("day", "month", "year")
LENGTHS = {"day": 2, "month": 12, "year": 4}
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class DatePartsWidget(forms.MultiWidget):
    """Day, month and year. Its value is text, "11/2/1990", also where that is no date (yet).

    A whole date as "1990-02-11" under the name of the field is taken as well: that is what programs send.
    """

    use_fieldset = True
    is_date = True

    def __init__(self, *, autocomplete: str = "") -> None:
        def part(name: str) -> forms.TextInput:
            filled_in = f"{autocomplete}-{name}" if autocomplete else "off"
            attributes = {"maxlength": LENGTHS[name], "autocomplete": filled_in}
            return forms.TextInput(attributes | ({} if name == "month" else {"inputmode": "numeric"}))

        super().__init__({name: part(name) for name in PARTS})

    def decompress(self, value: date | str | None) -> list[str]:
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        whole = ISO.fullmatch(value or "")
        if whole:
            return [whole[3].lstrip("0"), whole[2].lstrip("0"), whole[1]]
        return [*(value or "").split("/"), "", "", ""][:3]

    def value_from_datadict(  # type: ignore[override]  # one text instead of a list
        self, data: Mapping[str, Any], _files: object, name: str
    ) -> str:
        whole = data.get(name)
        if whole is not None:
            return str(whole).strip()
        parts = [str(data.get(f"{name}_{part}", "")).replace("/", "").strip() for part in PARTS]
        return "/".join(parts) if any(parts) else ""

    def value_omitted_from_data(self, data: Mapping[str, Any], _files: object, name: str) -> bool:
        return name not in data and not any(f"{name}_{part}" in data for part in PARTS)


class DatePartsField(forms.Field):
    """A date that exists, from day, month (by number or by name) and year."""

    default_error_messages = {  # noqa: RUF012  Django's own way
        "incomplete": _("Fill in day, month and year."),
        "year": _("Write the year with four digits, like 1990."),
        "invalid": _("Write the date in numbers, like 11, 2 and 1990."),
        "impossible": _("There is no such day. Check day and month."),
    }

    def __init__(self, *, autocomplete: str = "", **named: Any) -> None:
        super().__init__(widget=DatePartsWidget(autocomplete=autocomplete), **named)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or not value:
            return value or None
        whole = ISO.fullmatch(value)
        day, month, year = (whole[3], whole[2], whole[1]) if whole else [*value.split("/"), "", ""][:3]
        if not (day and month and year):
            raise forms.ValidationError(self.error_messages["incomplete"], code="incomplete")
        if not (year.isdecimal() and len(year) == 4):
            raise forms.ValidationError(self.error_messages["year"], code="year")
        number = _month(month)
        if number is None or not day.isdecimal():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return date(int(year), number, int(day))
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["impossible"], code="impossible") from error


def _month(text: str) -> int | None:
    """The number of a month, written as one or by its name, whole or short, in the reader's language."""
    if text.isdecimal():
        return int(text)
    wanted = text.casefold().rstrip(".")
    names = ((number, str(name)) for table in (MONTHS, MONTHS_3) for number, name in table.items())
    return next((number for number, name in names if name.casefold().rstrip(".") == wanted), None)
