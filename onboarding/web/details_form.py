"""What applicants say about themselves and their document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.domain import mrz
from onboarding.domain.declared import Advice, Declared, advice
from onboarding.domain.names import LONGEST_NAME, UnfitName, clean_name
from onboarding.domain.status import DocumentType
from onboarding.domain.typed import plain as readable
from onboarding.web import countries
from onboarding.web.advice import sentence
from onboarding.web.date_parts import DatePartsField
from onboarding.web.forms import KeyForm
from onboarding.web.words import TYPE_NAMES

OLDEST_YEARS = 120
UNFIT = {
    "character": _("This holds a character that can't be part of a name. Type the name again by hand."),
    "letter": _("A name needs at least one letter."),
    "long": _("This name is too long: at most 120 characters."),
}
NUMBER = re.compile(r"[\w .\-/]*")
PLAIN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


def _countries() -> list[tuple[str, Any]]:
    return [("", _("Choose a country")), *countries.choices()]


class DetailsForm(KeyForm):
    """Names in any script, one of the two is enough; what only helps the checks is optional."""

    given_name = forms.CharField(
        label=_("Given names"),
        help_text=_("All of them, as on the document. Leave it empty if you have none."),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput({"autocomplete": "given-name", "spellcheck": "false"}),
    )
    family_name = forms.CharField(
        label=_("Family name"),
        help_text=_("As on the document. Leave it empty if you have none."),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput({"autocomplete": "family-name", "spellcheck": "false"}),
    )
    birth_date = DatePartsField(
        label=_("Date of birth"),
        help_text=_("For example 11, 2 and 1990."),
        autocomplete="bday",
        error_messages={"required": _("Give your date of birth.")},
    )
    document_type = forms.ChoiceField(
        label=_("Document that you will show"),
        choices=[(kind.value, TYPE_NAMES[kind]) for kind in DocumentType],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the document that you will show."),
            "invalid_choice": _("Choose a document from the list."),
        },
    )
    country = forms.ChoiceField(
        label=_("Country that issued the document"),
        choices=_countries,
        widget=forms.Select({"autocomplete": "off"}),
        error_messages={
            "required": _("Choose the country."),
            "invalid_choice": _("Choose a country from the list."),
        },
    )
    mrz = forms.CharField(
        label=_("The machine-readable lines"),
        help_text=_(
            "The two lines at the bottom of the photo page of a passport, or the two or three on the back of "
            "a card: capital letters, digits and “<”. Start each on a new line; you need not count the “<”."
        ),
        max_length=mrz.LONGEST_TYPED,
        required=False,
        widget=forms.Textarea({"rows": 3, "class": "mrz", **PLAIN}),
        error_messages={
            "max_length": _("This is too long for the lines of a document. Type only those lines.")
        },
    )
    document_number = forms.CharField(
        label=_("Document number"),
        help_text=_("Not needed if you typed the lines."),
        max_length=30,
        required=False,
        widget=forms.TextInput(PLAIN),
    )
    expiry_date = DatePartsField(
        label=_("Valid until"),
        help_text=_("Not needed if you typed the lines, or if the document has no such date."),
        required=False,
    )

    def __init__(self, *arguments: Any, today: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._today = today
        for name in FIELDS:
            widget = self.fields[name].widget
            if not widget.use_fieldset:
                widget.attrs["aria-describedby"] = self.about(name)

    def about(self, name: str) -> str:
        """The ids of what the page says beside a field."""
        kinds = ("helptext", "error", "advice") if self.fields[name].help_text else ("error", "advice")
        return " ".join(f"id_{name}_{kind}" for kind in kinds)

    # --- what is refused -------------------------------------------------------------------------

    def clean_given_name(self) -> str:
        return _name(self.cleaned_data["given_name"])

    def clean_family_name(self) -> str:
        return _name(self.cleaned_data["family_name"])

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if born > self._today:
            raise forms.ValidationError(_("This date lies in the future. Check the year."))
        if born.year < self._today.year - OLDEST_YEARS:
            raise forms.ValidationError(_("This date is too long ago. Check the year."))
        return born

    def clean_mrz(self) -> str:
        typed = readable(self.cleaned_data["mrz"])
        reading = mrz.read(typed)
        return "\n".join(reading.lines) if reading.zone else typed

    def clean_document_number(self) -> str:
        number = " ".join(unicodedata.normalize("NFKC", self.cleaned_data["document_number"]).upper().split())
        if not NUMBER.fullmatch(number) or (number and not any(sign.isalnum() for sign in number)):
            raise forms.ValidationError(_("A document number has letters and digits only. Check it."))
        return number

    def clean_expiry_date(self) -> date | None:
        ends: date | None = self.cleaned_data["expiry_date"]
        if ends and ends.year < self._today.year - OLDEST_YEARS:
            raise forms.ValidationError(_("This date is too long ago. Check the year."))
        return ends

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = {"given_name", "family_name"}
        if not names & self.errors.keys() and not any(cleaned.get(name) for name in names):
            self.add_error("family_name", _("Give at least one name, as on the document."))
        born, ends = cleaned.get("birth_date"), cleaned.get("expiry_date")
        if born and ends and ends <= born:
            self.add_error("expiry_date", _("This is before the date of birth. Check both dates."))
        return cleaned

    # --- what is only told -----------------------------------------------------------------------

    def advice(self) -> tuple[Advice, ...]:
        """What to tell at fields that are filled in well enough. Stops nobody."""
        given = {name: value for name, value in self.cleaned_data.items() if name in FIELDS and value}
        return advice(Declared(**given), self._today)

    def told(self) -> dict[str, list[str]]:
        """The sentences of `advice`, by field."""
        said: dict[str, list[str]] = {}
        for each in self.advice():
            said.setdefault(each.field, []).append(sentence(each))
        return said

    def advice_key(self) -> str:
        """Names all that is told, without saying what was typed: a page sends back what it has shown."""
        return " ".join(
            "-".join(
                [each.field, each.code]
                + (
                    [f"{each.problem.kind}-{each.problem.line}-{each.problem.position}"]
                    if each.problem
                    else []
                )
            )
            for each in self.advice()
        )


FIELDS = tuple(DetailsForm.base_fields)[1:]
"""Everything but the key, in the order in which people meet it."""


def typed(data: Mapping[str, Any]) -> dict[str, str]:
    """The text of each field that is in a request at all."""
    found = {}
    for name in FIELDS:
        widget = DetailsForm.base_fields[name].widget
        if not widget.value_omitted_from_data(data, {}, name):
            found[name] = plain(str(widget.value_from_datadict(data, {}, name) or ""))
    return found


def plain(text: str) -> str:
    """Line ends as we keep them; browsers send them as in mail."""
    return text.replace("\r\n", "\n")


def _name(raw: str) -> str:
    try:
        return clean_name(raw)
    except UnfitName as error:
        raise forms.ValidationError(UNFIT[error.code]) from error
