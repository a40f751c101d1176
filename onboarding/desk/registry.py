"""What stands on the admin site. Imported once Django's own admins are there."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group

from onboarding.api.token_admin import ApiTokenAdmin
from onboarding.desk.accounts import AccountAdmin, RoleAdmin
from onboarding.desk.cases import CaseAdmin
from onboarding.desk.catalogue import ReasonAdmin
from onboarding.desk.notes import NoteAdmin
from onboarding.desk.records import AuditEventAdmin, EmailAdmin, OutboxMessageAdmin
from onboarding.models.api import ApiToken
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.desk import Note
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.models.reasons import Reason

# Roles are groups by name; addresses, factors and sessions belong to accounts. None is edited by itself.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])
admin.site.register(Group, RoleAdmin)
admin.site.register(Case, CaseAdmin)
admin.site.register(AuditEvent, AuditEventAdmin)
admin.site.register(Email, EmailAdmin)
admin.site.register(OutboxMessage, OutboxMessageAdmin)
admin.site.register(Note, NoteAdmin)
admin.site.register(Reason, ReasonAdmin)
admin.site.register(User, AccountAdmin)
admin.site.register(ApiToken, ApiTokenAdmin)
