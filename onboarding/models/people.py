"""Accounts: the e-mail address is the name people sign in with."""

import zoneinfo
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property


class AccountManager(BaseUserManager["User"]):
    """Creates accounts by e-mail address; `createsuperuser` and allauth go through here."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractUser):
    """Anybody with an account: applicants and staff."""

    username = None  # type: ignore[assignment]  # the e-mail address takes its place
    email = models.EmailField("e-mail address", unique=True)
    time_zone = models.CharField(max_length=64, blank=True)
    """IANA name, reported by the browser; empty is UTC."""
    language = models.CharField(max_length=10, blank=True)
    """One of LANGUAGES, in which mails are written; empty until somebody has signed up or in: the default."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()  # type: ignore[assignment]  # AbstractUser types its own

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="email_once_in_any_case")]

    def __str__(self) -> str:
        return self.email

    @cached_property
    def group_names(self) -> frozenset[str]:
        """Asked for once per instance, like Django's permissions: a page asks for roles in many places."""
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def reads(self) -> str:
        """The language to write to them in; the default one where theirs is not known or not offered."""
        return self.language if self.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        try:
            return zoneinfo.ZoneInfo(self.time_zone or "UTC")
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return zoneinfo.ZoneInfo("UTC")
