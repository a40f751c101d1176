"""What programs need to speak with us: tokens, integrations, their sign-ups, answers kept for repetitions."""

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from onboarding.models.cases import Case

if TYPE_CHECKING:  # knox ships no types

    class AbstractAuthToken(models.Model):
        digest = models.CharField(max_length=128, primary_key=True)
        token_key = models.CharField(max_length=25, db_index=True)
        user = models.ForeignKey(
            settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="auth_token_set"
        )
        created = models.DateTimeField(auto_now_add=True)
        expiry = models.DateTimeField(null=True, blank=True)

        class Meta:
            abstract = True

    AuthTokenManager = models.Manager["ApiToken"]
else:
    from knox.models import AbstractAuthToken, AuthTokenManager


class Tokens(AuthTokenManager):
    """Knox's manager: `create` answers with the row and the text of the token."""


class ApiToken(AbstractAuthToken):
    """A token as knox keeps it, by digest, and what it is for.

    `scopes` say what the token of an integration may do. A person's token has none: it may what the person
    may, as long as the password is the one it was made under (`stamp`).
    """

    objects: ClassVar[Tokens] = Tokens()
    label = models.CharField(max_length=80)
    scopes = models.JSONField(default=list)
    stamp = models.CharField(max_length=128, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="made_tokens", editable=False
    )

    class Meta:
        verbose_name = "API token"
        indexes = [models.Index(fields=["expiry"], name="api_token_expiry")]

    def __str__(self) -> str:
        return self.label


class Integration(models.Model):
    """Somebody else's program. Its account has neither password nor mailbox: nobody signs in with it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="integration"
    )
    name = models.CharField(max_length=80, unique=True)
    """Applicants read it in the mail that asks them to confirm."""

    def __str__(self) -> str:
        return self.name


class ApiSignUp(models.Model):
    """A sign-up by an integration. `case` is empty where the address had an account already.

    Until the applicant has confirmed the address both kinds look the same from outside.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, related_name="sign_ups")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, related_name="api_sign_up")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class IdempotencyKey(models.Model):
    """One `Idempotency-Key` of one caller: what was asked, whether it runs, and what was answered.

    Key and request are kept as keyed digests only, since both may hold personal data.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    caller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_digest = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    begun_at = models.DateTimeField(null=True)
    """Since when somebody works on it; empty while nobody does."""
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    location = models.CharField(max_length=200, blank=True)
    kept_until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key_digest"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)
