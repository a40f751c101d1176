"""Fields for free text, of forms and of the API, that take out what hides or turns text (`domain.typed`)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from onboarding.domain.typed import hides_something, plain


class PlainText(forms.CharField):
    """Where nothing is left, nothing was typed."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(plain(str(value)) if value not in self.empty_values else value)


class ApiText(serializers.CharField):
    """The same for the API."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(plain(data) if isinstance(data, str) else data)


def seen_address(address: str) -> None:
    """A validator: Django takes quoted controls, and marks in the name of a host.

    Raises:
        ValidationError
    """
    if hides_something(address):
        raise ValidationError(_("This holds a sign that can't be seen. Type the address by hand."), "hidden")
