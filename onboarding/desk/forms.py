"""What staff fill in. Every form carries a key of its own, so that pressing twice is one command."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from onboarding.desk.words import plain
from onboarding.domain.messages import ItemReasons
from onboarding.domain.reasons import ITEM_REASONS, REFUSE_REASONS
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import Outcome, Slot

DAY_SECONDS = 86_400
OUTCOMES = [
    (Outcome.APPROVE.value, _("Approve")),
    (Outcome.ASK_AGAIN.value, _("Ask again")),
    (Outcome.REFUSE.value, _("Refuse")),
]


def new_key() -> str:
    return str(uuid.uuid4())


class KeyedForm(forms.Form):
    """A form with nothing to fill in: claim, renew, release."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)

    def put(self, **values: str) -> None:
        """Changes hidden values of a form that is shown again; what was typed stays."""
        assert isinstance(self.data, MultiValueDict)
        data = self.data.copy()
        for name, value in values.items():
            data[name] = value
        self.data = data


class ReasonForm(KeyedForm):
    reason = forms.CharField(
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


class DecisionForm(KeyedForm):
    """A decision about one submission. Which reasons go with which outcome is left to the rules."""

    submission = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    reasons = forms.MultipleChoiceField(
        label=_("Reasons to refuse"),
        required=False,
        choices=[(reason.code, _(reason.text)) for reason in REFUSE_REASONS],
        widget=forms.CheckboxSelectMultiple,
    )
    extra_attempt = forms.BooleanField(label=_("Grant one more attempt"), required=False)

    def __init__(self, snapshot: Snapshot, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"submission": snapshot.case.submission, "key": new_key()})
        super().__init__(*args, **kwargs)
        self.slots = tuple(document.slot for document in snapshot.case.documents)
        for slot in self.slots:
            self.fields[f"item_{slot}"] = forms.MultipleChoiceField(
                label=plain(slot),
                required=False,
                choices=[(reason.code, _(reason.text)) for reason in ITEM_REASONS],
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def item_fields(self) -> list[forms.BoundField]:
        """The reasons to ask again, one field a document."""
        return [self[f"item_{slot}"] for slot in self.slots]

    @property
    def items(self) -> tuple[ItemReasons, ...]:
        chosen = ((Slot(slot), self.cleaned_data[f"item_{slot}"]) for slot in self.slots)
        return tuple(ItemReasons(slot=slot, reasons=tuple(reasons)) for slot, reasons in chosen if reasons)
