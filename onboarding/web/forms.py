"""What applicants fill in: details and files. A form carries the key that makes sending it twice harmless."""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.domain.status import DocumentType
from onboarding.web.countries import COUNTRIES
from onboarding.web.words import TYPE_NAMES

LONGEST_NAME = 120
OLDEST_YEARS = 120
TURNS_TEXT_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
STALE_FORM = _("This form has grown old. Reload the page and send it again.")


class KeyForm(forms.Form):
    """A form with a key of its own: the same key and content is the same message, however often it comes."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={"required": STALE_FORM, "invalid": STALE_FORM},
    )

    def message_key(self, *content: object) -> str:
        """The key for this content: a form that was corrected after going back is another message."""
        digest = hashlib.sha256(repr(content).encode()).hexdigest()
        return str(uuid.uuid5(self.cleaned_data["key"], digest))


class DetailsForm(KeyForm):
    """Names in any script; one of the two is enough, because not everybody has both."""

    given_name = forms.CharField(
        label=_("Given names"),
        help_text=_("As on the document. Leave it empty if you have none."),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    family_name = forms.CharField(
        label=_("Family name"),
        help_text=_("As on the document. Leave it empty if you have none."),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        widget=forms.DateInput({"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": _("Give your date of birth."),
            "invalid": _("Write the date as year-month-day, like 1990-02-11."),
        },
    )
    country = forms.ChoiceField(
        label=_("Country that issued the document"),
        choices=[("", _("Choose a country")), *COUNTRIES],
        widget=forms.Select({"autocomplete": "country"}),
        error_messages={
            "required": _("Choose the country."),
            "invalid_choice": _("Choose a country from the list."),
        },
    )
    document_type = forms.ChoiceField(
        label=_("Document"),
        choices=[(kind.value, TYPE_NAMES[kind]) for kind in DocumentType],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the document that you will show."),
            "invalid_choice": _("Choose a document from the list."),
        },
    )

    def __init__(self, *arguments: Any, today: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._today = today
        self.fields["birth_date"].widget.attrs |= {"max": today.isoformat()}

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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = {"given_name", "family_name"}
        if not names & self.errors.keys() and not any(cleaned.get(name) for name in names):
            self.add_error("family_name", _("Give at least one name, as on the document."))
        return cleaned


class UploadForm(KeyForm):
    """One file for one slot. What is inside is the intake's business."""

    file = forms.FileField(
        allow_empty_file=True,  # the intake has better words for it
        error_messages={"required": _("Choose a file first, then press the button.")},
    )


def _name(raw: str) -> str:
    """The name in one normal form, without doubled blanks.

    Raises:
        forms.ValidationError: it holds no letter, or characters that no name has.
    """
    name = unicodedata.normalize("NFC", " ".join(raw.split()))
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Co"} for sign in name) or (
        TURNS_TEXT_AROUND & set(name)
    ):
        raise forms.ValidationError(_("This holds a character that can't be part of a name."))
    if name and not any(sign.isalpha() for sign in name):
        raise forms.ValidationError(_("A name needs at least one letter."))
    if len(name) > LONGEST_NAME:
        raise forms.ValidationError(_("This name is too long."))
    return name
