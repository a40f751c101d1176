"""Accounts by django-allauth, with sign-up, case and mail in one transaction."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    pass
