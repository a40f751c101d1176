"""Tokens in the admin: operators make those of integrations, and revoke any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from onboarding import roles
from onboarding.api import tokens
from onboarding.api.callers import Scope
from onboarding.desk import words
from onboarding.desk.access import ReadOnlyAdmin, staff_of
from onboarding.domain.status import Role
from onboarding.models.api import ApiToken, Integration

if TYPE_CHECKING:
    TokenForm = forms.ModelForm[ApiToken]
else:
    TokenForm = forms.ModelForm  # generic in the stubs only

USUAL_DAYS = 90
SCOPES = [
    (Scope.SIGN_UP.value, _("sign people up")),
    (Scope.READ.value, _("read the cases of those it signed up, once they have confirmed")),
    (Scope.WRITE.value, _("give details, upload, submit, withdraw and reopen for them")),
]


class NewTokenForm(TokenForm):
    """For an integration that is known, or for a new one."""

    integration = forms.ModelChoiceField(
        label=_("Integration"),
        queryset=Integration.objects.order_by("name"),
        required=False,
        empty_label=_("a new one, named below"),
    )
    new_name = forms.CharField(
        label=_("Name of a new integration"),
        max_length=80,
        required=False,
        help_text=_("Applicants read it in the mail that asks them to confirm."),
    )
    scopes = forms.MultipleChoiceField(
        label=pgettext_lazy("token", "May"),
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=_("Good for so many days"), min_value=1, max_value=tokens.LONGEST_DAYS, initial=USUAL_DAYS
    )

    class Meta:
        model = ApiToken
        fields = ("label",)
        labels = {"label": _("Label")}
        help_texts = {"label": _("What it is for, so that you know it again when you revoke it.")}

    def clean_new_name(self) -> str:
        name = " ".join(str(self.cleaned_data["new_name"]).split())
        if name and Integration.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("There is one of this name: choose it above."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("integration")) == bool(cleaned.get("new_name")) and not self.errors:
            self.add_error("integration", _("Choose an integration, or name a new one."))
        return cleaned


class ApiTokenAdmin(ReadOnlyAdmin):
    """Digests are never shown; the text of a token is, once, to whoever made it."""

    list_display = ["label", "whose", "may", "created", "expiry", "made_by"]
    list_select_related = ["user__integration", "made_by"]
    search_fields = ["label", "user__integration__name"]
    ordering = ["-created"]
    fields = ["label", "whose", "may", "created", "expiry", "made_by"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        rows: QuerySet[ApiToken] = super().get_queryset(request)
        return rows.select_related("user__integration", "made_by")

    # --- who ---------------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return Role.OPERATOR in roles.roles_of(staff_of(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deleting is revoking."""
        return self.has_view_permission(request)

    # --- making one --------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With one button: after it comes the page that shows the token, once."""
        shown = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, {**(extra_context or {}), **shown})

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs) if obj else NewTokenForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        own: list[Any] = ["integration", "new_name", "label", "scopes", "days"]
        return super().get_fieldsets(request, obj) if obj else [(None, {"fields": own})]

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        typed = form.cleaned_data
        row, text = tokens.for_integration(
            typed["integration"] or tokens.new_integration(typed["new_name"]),
            typed["label"],
            [Scope(each) for each in typed["scopes"]],
            typed["days"],
            made_by=staff_of(request),
        )
        obj.__dict__.update(row.__dict__)
        obj.text = text  # type: ignore[attr-defined]  # on its way to the page, kept nowhere

    def response_add(
        self, request: HttpRequest, obj: ApiToken, post_url_continue: Any = None
    ) -> HttpResponse:
        """Shows the text at once instead of redirecting: so it comes to no session and no log."""
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("The token is made"),
            "token": obj,
            "opts": self.opts,
        }
        answer = TemplateResponse(request, "admin/onboarding/apitoken/made.html", context)
        add_never_cache_headers(answer)
        return answer

    # --- looking at them ---------------------------------------------------------------------------

    @admin.display(description=_("whose"))
    def whose(self, token: ApiToken) -> str:
        integration = getattr(token.user, "integration", None)
        return integration.name if integration else words.person(token.user)

    @admin.display(description=pgettext_lazy("token", "may"))
    def may(self, token: ApiToken) -> str:
        return ", ".join(token.scopes) or gettext("what this person may")
