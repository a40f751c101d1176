"""What is filled in for many cases at once."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding import roles
from onboarding.desk.forms import KeyedForm
from onboarding.desk.words import person
from onboarding.domain.actions import roles_for
from onboarding.domain.review import ASSIGNED_TO, ASSIGNERS
from onboarding.domain.status import Action
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.web.plain_fields import PlainText

RELEASE, ASSIGN, EXTEND = "release", "assign", "extend"
WHO = {
    RELEASE: roles_for(Action.RELEASE),
    ASSIGN: ASSIGNERS,
    EXTEND: roles_for(Action.EXTEND),
}
NEEDS = {ASSIGN: {"to"}, EXTEND: {"days", "reason"}}
MOST = 100


def orders_for(user: User) -> list[str]:
    """The orders that this account may give to many cases, in the order of the page."""
    mine = set(roles.roles_of(user))
    return [order for order, who in WHO.items() if mine & who]


if TYPE_CHECKING:
    ChoiceOfUser = forms.ModelChoiceField[User]
else:
    ChoiceOfUser = forms.ModelChoiceField  # generic in the stubs only


class Colleagues(ChoiceOfUser):
    """Who can be given a case."""

    def label_from_instance(self, obj: Any) -> str:
        return person(obj)


class BulkForm(KeyedForm):
    """The order is the button that was pressed."""

    order = forms.ChoiceField(choices=(), error_messages={"required": _("Choose what to do.")})
    to = Colleagues(
        queryset=User.objects.none(),
        required=False,
        label=_("Assign to"),
        empty_label=_("a reviewer …"),
        error_messages={"invalid_choice": _("Choose a reviewer from the list.")},
    )
    days = forms.IntegerField(
        label=_("Extend by days"),
        required=False,
        min_value=1,
        max_value=90,
        initial=7,
        widget=forms.NumberInput(attrs={"size": 3}),
    )
    reason = PlainText(
        label=_("because"), required=False, max_length=500, widget=forms.TextInput(attrs={"size": 30})
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "bulk_%s")
        super().__init__(*args, **kwargs)
        self.orders = orders_for(user)
        order = self.fields["order"]
        assert isinstance(order, forms.ChoiceField)
        order.choices = [(each, each) for each in self.orders]
        if ASSIGN in self.orders:
            colleagues = self.fields["to"]
            assert isinstance(colleagues, forms.ModelChoiceField)
            colleagues.queryset = reviewers()

    def chosen(self) -> list[Case]:
        """The cases that were ticked, in that order; what is no case is left out."""
        keys: dict[uuid.UUID, None] = {}
        for text in getattr(self.data, "getlist", lambda _name: [])("case")[:MOST]:
            try:
                keys[uuid.UUID(text)] = None
            except ValueError:
                continue
        rows = Case.objects.select_related("applicant", "profile").defer("state").in_bulk(list(keys))
        return [rows[key] for key in keys if key in rows]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.chosen():
            raise forms.ValidationError(gettext("Tick at least one case."))
        order = typed.get("order")
        for name in {"to", "days", "reason"} - NEEDS.get(order or "", set()):
            self.errors.pop(name, None)  # it belongs to another button
        if order == ASSIGN and not typed.get("to") and "to" not in self.errors:
            self.add_error("to", gettext("Choose to whom."))
        if order == EXTEND:
            if not typed.get("days") and "days" not in self.errors:
                self.add_error("days", gettext("Say by how many days."))
            if not typed.get("reason"):
                self.add_error("reason", gettext("Give a reason."))
        return typed


def reviewers() -> Any:
    """Everybody who may be given a case, by name."""
    people = User.objects.filter(is_active=True, is_staff=True, groups__name__in=ASSIGNED_TO)
    return people.distinct().order_by("first_name", "last_name", "email")
