"""What staff fill in. Every form carries a key of its own, so that pressing twice is one command."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding.desk.words import plain
from onboarding.domain.messages import ItemReasons
from onboarding.domain.reasons import ReasonKind, cited
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import Outcome, Slot
from onboarding.records.reasons import Offered, catalogue
from onboarding.web.plain_fields import PlainText

DAY_SECONDS = 86_400
OUTCOMES = [
    (Outcome.ASK_AGAIN.value, _("Ask again")),
    (Outcome.APPROVE.value, _("Approve")),
    (Outcome.REFUSE.value, _("Refuse")),
]
LONGEST_NOTE = 2000


def new_key() -> str:
    return str(uuid.uuid4())


class KeyedForm(forms.Form):
    """A form with nothing to fill in: claim, renew, release."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)

    @property
    def sent_key(self) -> str:
        """The key of a valid form, as the use cases take it."""
        return str(self.cleaned_data["key"])

    @property
    def given_reason(self) -> str:
        """Why, of a valid form; empty where none is asked for."""
        return str(self.cleaned_data.get("reason", "")).strip()

    def put(self, **values: str) -> None:
        """Changes hidden values of a form that is shown again; what was typed stays."""
        assert isinstance(self.data, MultiValueDict)
        data = self.data.copy()
        for name, value in values.items():
            data[name] = value
        self.data = data


class ReasonForm(KeyedForm):
    reason = PlainText(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept in the history of the case. No personal data, please."),
        error_messages={"required": _("Give a reason.")},
    )


class ExtendForm(ReasonForm):
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=90, initial=7)
    field_order = ("key", "days", "reason")

    @property
    def seconds(self) -> int:
        days: int = self.cleaned_data["days"]
        return days * DAY_SECONDS


class NoteForm(KeyedForm):
    text = PlainText(
        label=_("A note for colleagues"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write something first.")},
    )


class DecisionForm(KeyedForm):
    """A decision about one submission. Which reasons go with which outcome is left to the rules.

    Every reason is offered with the version of its words. One that was reworded since the page was opened is
    ticked with its new words, and the form has to be sent again; one that was taken away is refused.
    """

    submission = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    extra_attempt = forms.BooleanField(label=_("Grant one more attempt"), required=False)
    note = PlainText(
        label=_("Note to colleagues, never shown to the applicant"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, snapshot: Snapshot, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"submission": snapshot.case.submission, "key": new_key()})
        super().__init__(*args, **kwargs)
        self.slots = tuple(document.slot for document in snapshot.case.documents)
        self._reworded: list[str] = []
        to_refuse, to_ask = catalogue(ReasonKind.REFUSAL), catalogue(ReasonKind.ITEM)
        self._offer("reasons", gettext("Reasons to refuse"), to_refuse)
        for slot in self.slots:
            self._offer(f"item_{slot}", plain(slot), to_ask)

    def _offer(self, name: str, label: str, offered: Sequence[Offered]) -> None:
        self.fields[name] = forms.MultipleChoiceField(
            label=label,
            required=False,
            choices=[(each.citation, each.text) for each in offered],
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "invalid_choice": _("A reason isn't in the catalogue any more. Choose another one.")
            },
        )
        if self.is_bound:
            self._bring_up_to_date(name, {each.code: each for each in offered})

    def _bring_up_to_date(self, name: str, offered: dict[str, Offered]) -> None:
        """Ticks the present version of each reason, and remembers those whose words were others."""
        assert isinstance(self.data, MultiValueDict)
        ticked = []
        for value in self.data.getlist(name):
            found = cited(value)
            present = offered.get(found[0]) if found else None
            if present and "@" in value and value != present.citation:
                self._reworded.append(present.text)
            ticked.append(present.citation if present else value)
        data = self.data.copy()
        data.setlist(name, ticked)
        self.data = data

    def clean(self) -> dict[str, Any]:
        if self._reworded:
            raise forms.ValidationError(
                gettext(
                    "These words were changed since you opened the page: “{words}”. Read them again."
                ).format(words="”, “".join(dict.fromkeys(self._reworded)))
            )
        return super().clean() or {}

    @property
    def item_fields(self) -> list[forms.BoundField]:
        """The reasons to ask again, one field a document."""
        return [self[f"item_{slot}"] for slot in self.slots]

    @property
    def items(self) -> tuple[ItemReasons, ...]:
        chosen = ((Slot(slot), self.cleaned_data[f"item_{slot}"]) for slot in self.slots)
        return tuple(ItemReasons(slot=slot, reasons=tuple(reasons)) for slot, reasons in chosen if reasons)
