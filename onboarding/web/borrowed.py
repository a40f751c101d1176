"""Sentences of Django and django-allauth that applicants read, for our own catalogue.

Both have a Spanish of their own, which says "usted". Here people are said "tú", on every line of a page.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

SENTENCES = (
    _("Enter a valid email address."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Enter a whole number."),
    _("The email address and/or password you specified are not correct."),
    _("Please type your current password."),
)
TOO_LONG = ngettext_lazy(
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    "limit_value",
)
"""Word for word as the libraries write them; a test holds them against theirs."""
