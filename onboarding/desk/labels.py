"""What the admin calls our tables and their columns, in the reader's language.

Django makes English names from the names of models and fields. They are translated here and not in the
models: there each would be a migration.
"""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

OURS = "onboarding"


def translate(site: AdminSite) -> None:
    """Lets every table of ours on this site speak the reader's language. Called once, at the start."""
    for model in site._registry:
        if model._meta.app_label != OURS:
            continue
        names = model._meta
        names.verbose_name = gettext_lazy(str(names.verbose_name))
        names.verbose_name_plural = gettext_lazy(str(names.verbose_name_plural))
        for field in names.fields:
            if field.model._meta.app_label == OURS and isinstance(field.verbose_name, str):
                field.verbose_name = gettext_lazy(field.verbose_name)


LABELS = (
    _("case"),
    _("cases"),
    _("id"),
    _("reference"),
    _("applicant"),
    _("policy"),
    _("born at"),
    _("outbox sequence"),
    _("clock offset seconds"),
    _("version"),
    _("state"),
    _("status"),
    _("changed at"),
    _("closes at"),
    _("next action"),
    _("next action at"),
    _("submission"),
    _("resubmissions"),
    _("in review since"),
    _("review due at"),
    _("escalation level"),
    _("due soon"),
    _("unchecked"),
    _("paused"),
    _("claimed by"),
    _("claimed until"),
    _("last reviewer"),
    _("recorded at"),
    _("audit event"),
    _("audit events"),
    _("ID"),
    _("at"),
    _("kind"),
    _("actor role"),
    _("actor account"),
    _("came from"),
    _("reason"),
    _("cause"),
    _("subject"),
    _("number"),
    _("handed in at"),
    _("hash"),
    _("e-mail"),
    _("e-mails"),
    _("key"),
    _("recipient"),
    _("to address"),
    _("stage"),
    _("rung"),
    _("template"),
    _("details"),
    _("owed at"),
    _("sent at"),
    _("dropped at"),
    _("parked at"),
    _("attempts"),
    _("next attempt at"),
    _("last error"),
    _("message to a case"),
    _("messages to cases"),
    _("sequence"),
    _("message id"),
    _("name"),
    _("payload"),
    _("occurred at"),
    _("created at"),
    _("delivered at"),
    _("outcome"),
    _("note"),
    _("notes"),
    _("author"),
    _("text"),
    _("reasons"),
    _("code"),
    _("position"),
    _("active"),
    _("user"),
    _("users"),
    _("e-mail address"),
    _("time zone"),
    _("language"),
    _("API token"),
    _("API tokens"),
    _("digest"),
    _("token key"),
    _("created"),
    _("expiry"),
    _("label"),
    _("scopes"),
    _("stamp"),
    _("made by"),
)
"""Every name that Django makes, for the catalogue; a test holds the list against the models."""
