"""The catalogue of reasons in the admin: seniors keep it, and every new wording is a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from onboarding import roles
from onboarding.desk.access import ModelAdmin, staff_of, works_here
from onboarding.domain.status import Role
from onboarding.models.reasons import Reason, ReasonWording
from onboarding.records import reasons as catalogue
from onboarding.web.plain_fields import PlainText

if TYPE_CHECKING:
    AnyForm = forms.ModelForm[Reason]
else:
    AnyForm = forms.ModelForm  # generic in the stubs only

LANGUAGES: list[tuple[str, str]] = list(settings.LANGUAGES)


class WordsForm(AnyForm):
    """A reason with its present words, a pair of fields for each language."""

    seen = forms.IntegerField(label="", widget=forms.HiddenInput, required=False)
    """The version that the words were read from."""

    class Meta:
        model = Reason
        fields = ("code", "kind", "position", "active")
        help_texts = {
            "code": _("Stands in decisions for ever, so it can't be changed later."),
            "position": _("Small numbers come first."),
            "active": _("Off: no longer offered. Old decisions keep it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.version
            for language, (text, cure) in catalogue.words_in_force(self.instance).items():
                self.initial[f"text_{language}"], self.initial[f"cure_{language}"] = text, cure

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if self.instance.pk and typed.get("seen") not in {None, self.instance.version}:
            raise forms.ValidationError(
                gettext(
                    "A colleague changed these words meanwhile. Open the page anew, then change them again."
                )
            )
        for language, name in LANGUAGES:
            if typed.get(f"cure_{language}") and not typed.get(f"text_{language}"):
                text = gettext("Write why, in {language}, or leave out what to do.").format(language=name)
                self.add_error(f"text_{language}", text)
        return typed

    @property
    def words(self) -> dict[str, tuple[str, str]]:
        typed = self.cleaned_data
        return {
            language: (typed[f"text_{language}"], typed[f"cure_{language}"])
            for language, _name in LANGUAGES
            if typed[f"text_{language}"]
        }


def _fields() -> dict[str, PlainText]:
    """Text and cure in each language; the default one is required, the others fall back to it."""
    fields = {}
    for language, name in LANGUAGES:
        fields[f"text_{language}"] = PlainText(
            label=format_lazy(_("{language}: we could not accept this because …"), language=name),
            max_length=200,
            required=language == settings.LANGUAGE_CODE,
            widget=forms.TextInput(attrs={"size": 70}),
        )
        fields[f"cure_{language}"] = PlainText(
            label=format_lazy(_("{language}: what to do"), language=name),
            max_length=200,
            required=False,
            widget=forms.TextInput(attrs={"size": 70}),
        )
    return fields


ReasonForm = type("ReasonForm", (WordsForm,), _fields())


class ReasonAdmin(ModelAdmin):
    """Reasons are switched off, never deleted: old decisions go on citing them."""

    form = ReasonForm
    list_display = ["code", "kind", "words_now", "version", "active", "position"]
    list_filter = ["kind", "active"]
    search_fields = ["code", "wordings__text"]
    readonly_fields = ["versions"]
    save_on_top = False

    @admin.display(description=_("words"))
    def words_now(self, reason: Reason) -> str:
        citation = f"{reason.code}@{reason.version}"
        found = ReasonWording.objects.of([citation], get_language() or settings.LANGUAGE_CODE)
        return found[citation].text if citation in found else ""

    @admin.display(description=_("versions"))
    def versions(self, reason: Reason) -> str:
        if not reason.pk:
            return "-"
        rows = reason.wordings.select_related("changed_by")
        return render_to_string("admin/onboarding/reason/versions.html", {"rows": rows, "reason": reason})

    def get_fieldsets(self, request: HttpRequest, obj: Reason | None = None) -> Any:
        history = (gettext("History"), {"fields": ["versions"]})
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": ["code", "kind", "active", "position"]}), history]
        words = [f"{part}_{language}" for language, _name in LANGUAGES for part in ("text", "cure")]
        sets: list[Any] = [
            (None, {"fields": ["code", "kind", "active", "position", "seen"]}),
            (gettext("What the applicant reads"), {"fields": words}),
        ]
        return [*sets, history] if obj else sets

    def get_readonly_fields(self, request: HttpRequest, obj: Reason | None = None) -> list[str]:  # noqa: ARG002
        return ["versions", *(["code", "kind"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Reason, form: Any, change: bool) -> None:
        user = staff_of(request)
        if not change:
            obj.save()
            catalogue.write(obj, 1, form.words, user)
            return
        Reason.objects.filter(pk=obj.pk).update(position=obj.position, active=obj.active)
        if form.words == catalogue.words_in_force(obj):
            return
        if not catalogue.reword(obj, form.words, user):
            self.message_user(request, gettext("A colleague was faster: their words hold."), messages.ERROR)

    # Roles, not permissions of rows: whoever may decide about words is the same everywhere.

    def has_module_permission(self, request: HttpRequest) -> bool:
        return works_here(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return works_here(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return Role.SENIOR in roles.roles_of(staff_of(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return self.has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
