"""The people of the demo: staff in every role, and applicants whose cases stand everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from onboarding.domain.status import Role
from onboarding.models.people import User
from onboarding.usecases import staff

DOMAIN = "demo.example"
STAFF_PASSWORD = "demo-staff-2-look-around"  # noqa: S105  printed by `make run`, and only where DEMO is on
APPLICANT_PASSWORD = "demo-applicant-2-look-around"  # noqa: S105  the same


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works here. `role` None is a superuser."""

    name: str
    given_name: str
    family_name: str
    role: Role | None
    what: str

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"


COLLEAGUES = (
    Colleague("rita", "Rita", "Romero", Role.REVIEWER, "decides cases"),
    Colleague("ruben", "Ruben", "Ruiz", Role.REVIEWER, "decides cases, to see two at once"),
    Colleague("sam", "Sam", "Silva", Role.SENIOR, "decides, and does what support does"),
    Colleague("sue", "Sue", "Sanz", Role.SUPPORT, "extends, pauses, reopens, sends again"),
    Colleague("otto", "Otto", "Ortiz", Role.OPERATOR, "runs the service"),
    Colleague("admin", "Ada", "Alba", None, "may do everything"),
)


def address(name: str) -> str:
    """The e-mail address of a demo applicant."""
    return f"{name}@{DOMAIN}"


def make_colleagues() -> dict[str, User]:
    """The staff accounts, by name; those that are there already are left alone."""
    secret = make_password(STAFF_PASSWORD)
    with transaction.atomic():
        return {each.name: _colleague(each, secret) for each in COLLEAGUES}


def _colleague(who: Colleague, secret: str) -> User:
    user, made = User.objects.get_or_create(
        email=who.email,
        defaults={
            "first_name": who.given_name,
            "last_name": who.family_name,
            "password": secret,
            "is_staff": True,
            "is_superuser": who.role is None,
        },
    )
    if made:
        if who.role:
            user.groups.add(Group.objects.get(name=who.role))
        staff.vouch_for_address(user)
        # Staff have a second factor, always. The page that asks for it shows the code of demo staff.
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    return user


def known_people(applicants: dict[str, str]) -> list[dict[str, str]]:
    """Everybody worth signing in as: address, password, and what they are.

    Args:
        applicants: name → what is interesting about their case.
    """
    people = [
        {"email": each.email, "password": STAFF_PASSWORD, "what": f"{each.role or 'superuser'}: {each.what}"}
        for each in COLLEAGUES
    ]
    people += [
        {"email": address(name), "password": APPLICANT_PASSWORD, "what": f"applicant: {what}"}
        for name, what in applicants.items()
    ]
    return people
