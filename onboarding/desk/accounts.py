"""Staff accounts in the admin: superusers make and stop them. Applicants make themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from onboarding.desk.access import ReadOnlyAdmin, staff_of
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.usecases import staff
from onboarding.web import second_factor, sessions
from onboarding.web.plain_fields import PlainText, seen_address

if TYPE_CHECKING:
    AnyUserAdmin = UserAdmin[User]
    AnyUserForm = BaseUserCreationForm[User]
    AnyChangeForm = UserChangeForm[User]
else:
    AnyUserAdmin = UserAdmin  # generic in the stubs only
    AnyUserForm = BaseUserCreationForm
    AnyChangeForm = UserChangeForm


def _name(label: Any) -> PlainText:
    return PlainText(label=label, max_length=150, required=False)


class NewColleagueForm(AnyUserForm):
    first_name, last_name = _name(_("First name")), _name(_("Last name"))

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "groups")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        seen_address(email)
        return email.lower()


class ColleagueForm(AnyChangeForm):
    first_name, last_name = _name(_("First name")), _name(_("Last name"))


class AccountAdmin(AnyUserAdmin):
    """Nobody is deleted here: a person who left is made inactive, and the history keeps their name.

    The list is as long as the staff and in the order of their addresses, which no address of a page may hold.
    """

    ordering = ["email"]
    list_display = ["email", "first_name", "last_name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "groups"]
    search_fields = ()
    add_form = NewColleagueForm
    form = ColleagueForm
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "time_zone", "language"]}),
        (_("May sign in and do"), {"fields": ["is_active", "is_staff", "groups", "is_superuser"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "password1", "password2"]}),
        (_("Person"), {"fields": ["first_name", "last_name"]}),
        (_("May do"), {"fields": ["groups"]}),
    ]
    filter_horizontal = ()

    actions = ("forget_factors",)

    @admin.action(description=_("Forget the second factor (lost telephone), and sign out"))
    def forget_factors(self, request: HttpRequest, accounts: QuerySet[User]) -> None:
        """Whoever lost app and recovery codes sets up a new one at the next sign-in."""
        for user in accounts:
            second_factor.forget(user)
            self.log_change(request, user, gettext("Forgot the second factor and ended all sessions."))
        said = ngettext("{number} account was reset.", "{number} accounts were reset.", len(accounts))
        self.message_user(request, said.format(number=len(accounts)), messages.SUCCESS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).filter(Q(is_staff=True) | Q(is_superuser=True))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:  # noqa: ARG002
        """Whoever has a case proves a new address by themselves."""
        applies = obj is not None and Case.objects.filter(applicant=obj).exists()
        return ["last_login", "date_joined", *(["email"] if applies else [])]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)
        if not change or "email" in form.changed_data:
            staff.vouch_for_address(obj)
        if not (obj.is_active and obj.is_staff):
            sessions.end_all(obj)  # also for the day on which somebody opens the account again

    # A permission that somebody was given by mistake must not be enough to make oneself a superuser.

    def has_module_permission(self, request: HttpRequest) -> bool:
        return staff_of(request).is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return staff_of(request).is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return staff_of(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return staff_of(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


class RoleAdmin(ReadOnlyAdmin):
    """The groups that are the roles, and what each may look at: made by migration, the same everywhere."""

    ordering = ["name"]
    list_display = ["name"]
    fields = ["name", "permissions"]
