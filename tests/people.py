"""Accounts, cases and pictures for tests, made the way the service makes them."""

from __future__ import annotations

import time
import uuid
from datetime import date

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.contrib.auth.models import Group
from django.db import transaction

from onboarding.domain.status import DocumentType, Slot
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.usecases import applicant
from tests import pictures


def make_applicant() -> Case:
    """Somebody who has just signed up."""
    with transaction.atomic():
        user = User.objects.create_user(f"{uuid.uuid4().hex}@example.org")
        return applicant.sign_up(user)


def make_staff(role: str) -> User:
    """Somebody in one of the staff groups."""
    user = User.objects.create_user(f"{uuid.uuid4().hex}@example.org", is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def give_app(user: User) -> User:
    """An authenticator app for an account, as if its owner had set it up."""
    totp.TOTP.activate(user, totp.generate_totp_secret())
    return user


def code_of(user: User, *, half_minutes: int = 0) -> str:
    """What the app of this account shows now, or so many half minutes later."""
    secret = decrypt(Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data["secret"])
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + half_minutes))


def give_details(case: Case, *, key: str = "details") -> None:
    applicant.complete_profile(
        case,
        given_name="Ana",
        family_name="Canary",
        birth_date=date(1990, 1, 1),
        country="ES",
        document_type=DocumentType.PASSPORT,
        key=key,
    )


def hand_in(case: Case, *, key: str = "one") -> None:
    """From a confirmed address to a submission, as fast as forms can be filled."""
    applicant.confirm_email(case.applicant)
    give_details(case)
    applicant.upload(case, Slot.PASSPORT, picture(), key=f"upload-{key}")
    applicant.submit(case, key=f"submit-{key}")


def picture() -> bytes:
    """A photograph that the checks have nothing to say about, another one each time."""
    return pictures.jpeg(number=uuid.uuid4().int % 1_000_000)
