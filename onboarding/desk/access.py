"""Who is at the desk, and that nobody edits there what only a case may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from onboarding.models.people import User

BY_REFERENCE = _("By the reference of a case. A person is found with the box at the top of the page.")
"""Beside the boxes of Django's lists, which put what is typed into the address of the page."""

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin  # generic in the stubs only


def staff_of(request: HttpRequest) -> User:
    """The account of a request that the admin site has let in."""
    user = request.user
    assert isinstance(user, User)
    return user


def works_here(request: HttpRequest) -> bool:
    """Whether this account may look at cases at all: staff in any role."""
    return staff_of(request).has_perm("onboarding.view_case")


class ReadOnlyAdmin(ModelAdmin):
    """Rows to look at: the workflow, the relay and the mail write them."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
