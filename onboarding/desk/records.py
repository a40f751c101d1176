"""What was recorded: audit events, e-mails, messages on their way. To look at; two of them to try again."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding import roles
from onboarding.desk import words
from onboarding.desk.access import BY_REFERENCE, ReadOnlyAdmin, staff_of
from onboarding.desk.masking import masked_email
from onboarding.domain.status import Role
from onboarding.mail import outgoing
from onboarding.models.audit import AuditEvent
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.records import outbox

MAY_SEND_AGAIN = frozenset({Role.OPERATOR, Role.SUPPORT, Role.SENIOR})


class TriesAgain:
    """Gives the action "try again" to the roles that may do something about parked rows."""

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(MAY_SEND_AGAIN & set(roles.roles_of(staff_of(request))))


class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["case", "version", "at", "what", "role", "came_to", "reason"]
    list_filter = ["kind", "actor_role"]
    list_select_related = ["case"]
    search_fields = ["case__reference"]
    search_help_text = BY_REFERENCE
    ordering = ["-id"]
    show_full_result_count = False

    @admin.display(description=_("event"))
    def what(self, event: AuditEvent) -> str:
        return words.event(event.kind, event.number, event.subject)

    @admin.display(description=_("actor role"))
    def role(self, event: AuditEvent) -> str:
        return words.plain(event.actor_role)

    @admin.display(description=_("status"))
    def came_to(self, event: AuditEvent) -> str:
        return words.plain(event.status)


class Parked(admin.SimpleListFilter):
    """Rows that need a person, and those that don't."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:  # noqa: ARG002
        return [("parked", gettext("Parked")), ("waiting", gettext("Waiting")), ("done", gettext("Done"))]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[OutboxMessage],
    ) -> QuerySet[OutboxMessage]:
        done = "delivered_at" if queryset.model is OutboxMessage else "sent_at"
        if self.value() == "parked":
            return queryset.filter(parked_at__isnull=False)
        if self.value() == "waiting":
            return queryset.filter(**{"parked_at": None, done: None})
        return queryset.filter(**{f"{done}__isnull": False}) if self.value() == "done" else queryset


class OutboxMessageAdmin(TriesAgain, ReadOnlyAdmin):
    list_display = [
        "case",
        "sequence",
        "what",
        "state",
        "attempts",
        "last_error",
        "created_at",
        "delivered_at",
    ]
    list_filter = [Parked, "name"]
    list_select_related = ["case"]
    search_fields = ["case__reference"]
    search_help_text = BY_REFERENCE
    ordering = ["-id"]
    show_full_result_count = False
    actions = ["try_again"]

    @admin.display(description=_("name"), ordering="name")
    def what(self, row: OutboxMessage) -> str:
        return words.plain(row.name)

    @admin.display(description=_("state"))
    def state(self, row: OutboxMessage) -> str:
        if row.parked_at:
            return gettext("parked: needs a person")
        return words.plain(row.outcome) or gettext("waiting")

    @admin.action(description=_("Try again (parked messages)"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        parked = list(queryset.filter(parked_at__isnull=False, delivered_at=None))
        for row in parked:
            outbox.unpark(row)
        self.message_user(
            request, gettext("{n} messages are tried again.").format(n=len(parked)), messages.SUCCESS
        )


class EmailAdmin(TriesAgain, ReadOnlyAdmin):
    """Account mail carries codes and links, so its words are never shown."""

    list_display = ["what", "case", "to", "state", "owed_at", "sent_at", "attempts", "last_error"]
    list_filter = [Parked, "kind"]
    list_select_related = ["case", "recipient"]
    search_fields = ["case__reference"]
    search_help_text = BY_REFERENCE
    ordering = ["-owed_at"]
    show_full_result_count = False
    exclude = ["template", "details", "to_address", "recipient"]
    readonly_fields = ["to"]
    actions = ["send_again"]

    @admin.display(description=_("kind"), ordering="kind")
    def what(self, email: Email) -> str:
        return words.plain(email.kind)

    @admin.display(description=_("to"))
    def to(self, email: Email) -> str:
        address = email.recipient.email if email.recipient else email.to_address
        return masked_email(address) if address else "-"

    @admin.display(description=_("state"))
    def state(self, email: Email) -> str:
        return words.plain(email.state)

    @admin.action(description=_("Send again (parked e-mails)"), permissions=["retry"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Email]) -> None:
        parked = list(queryset.filter(parked_at__isnull=False, sent_at=None))
        for email in parked:
            outgoing.send_again(email)
        self.message_user(
            request, gettext("{n} e-mails are sent again.").format(n=len(parked)), messages.SUCCESS
        )
