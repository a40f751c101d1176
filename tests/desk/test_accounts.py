"""Superusers make staff; nobody else makes anybody."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group

from onboarding import roles
from onboarding.domain.status import Role
from onboarding.mail import notices
from onboarding.models.emails import Email
from onboarding.models.people import User
from tests.desk.cases import make_row
from tests.desk.conftest import Desk, MakeStaff
from tests.people import give_app

pytestmark = pytest.mark.database

ACCOUNTS = "/admin/onboarding/user/"
PASSWORD = "correct horse battery staple"


@pytest.fixture
def ada(make_staff: MakeStaff) -> User:
    return make_staff("superuser", "Ada Alba")


def colleague(**changes: object) -> dict[str, object]:
    reviewer = Group.objects.get(name="reviewer").pk
    typed = {"email": "New@staff.example", "password1": PASSWORD, "password2": PASSWORD, "groups": [reviewer]}
    return {**typed, **changes}


def test_a_new_colleague_can_work_at_once(ada: User, desk: Desk):
    """Mutants: `is_staff` stays off; the address stays unproven, so that signing in asks for a code."""
    answer = desk(ada).post(f"{ACCOUNTS}add/", colleague())
    assert answer.status_code == 302
    user = User.objects.get(email="new@staff.example")
    assert roles.roles_of(user) == (Role.REVIEWER,)
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=user).verified


@pytest.mark.parametrize(
    "wrong",
    [
        {"password1": "short", "password2": "short"},
        {"password2": "other"},
        {"email": "ADA.ALBA@staff.example"},
    ],
)
def test_a_bad_account_is_not_made(wrong: dict, ada: User, desk: Desk):
    answer = desk(ada).post(f"{ACCOUNTS}add/", colleague(**wrong))
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert User.objects.count() == 1


def test_a_new_address_of_a_colleague_is_vouched_for(ada: User, rita: User, desk: Desk):
    typed = {"email": "rita@new.example", "is_active": "on", "is_staff": "on", "first_name": "Rita"}
    assert desk(ada).post(f"{ACCOUNTS}{rita.pk}/change/", typed).status_code == 302
    address = EmailAddress.objects.get(user=rita)
    assert (address.email, address.verified, address.primary) == ("rita@new.example", True, True)


def test_applicants_are_not_listed(ada: User, desk: Desk):
    row = make_row()
    assert row.applicant.email not in desk(ada).get(ACCOUNTS).content.decode()
    assert desk(ada).get(f"{ACCOUNTS}{row.applicant_id}/change/").status_code == 302


def test_a_permission_alone_makes_nobody_a_superuser(rita: User, desk: Desk):
    """Mutant: Django's own permission checks."""
    from django.contrib.auth.models import Permission

    rita.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    client = desk(rita)
    assert client.get(ACCOUNTS).status_code == 403
    assert client.post(f"{ACCOUNTS}{rita.pk}/change/", {"is_superuser": "on"}).status_code == 403


def test_a_lost_telephone_is_forgotten_and_the_owner_is_told(ada: User, rita: User, desk: Desk):
    """Mutants seen red: the sessions go on; the mail is not owed."""
    give_app(rita)
    device = desk(rita)
    UserSession.objects.create(user=rita, ip="127.0.0.1", session_key=device.session.session_key)
    chosen = {"action": "forget_factors", "_selected_action": [rita.pk]}
    assert desk(rita).post(ACCOUNTS, chosen).status_code == 403
    assert Authenticator.objects.filter(user=rita).exists()
    answer = desk(ada).post(ACCOUNTS, chosen, follow=True)
    assert "1 account was reset." in answer.content.decode()
    assert not Authenticator.objects.filter(user=rita).exists()
    assert device.get("/admin/").status_code == 302
    assert Email.objects.get(to_address=rita.email).template == "mfa/email/forgotten.txt"
    assert "telephone" not in notices.content(Email.objects.get(to_address=rita.email)).subject


def test_who_is_stopped_is_signed_out_at_once_and_for_good(ada: User, rita: User, desk: Desk):
    """Mutant seen red: the sessions stay and live again with the account."""
    device = desk(rita)
    UserSession.objects.create(user=rita, ip="127.0.0.1", session_key=device.session.session_key)
    typed = {"email": rita.email, "is_staff": "on", "first_name": "Rita"}  # "is active" is not ticked
    assert desk(ada).post(f"{ACCOUNTS}{rita.pk}/change/", typed).status_code == 302
    User.objects.filter(pk=rita.pk).update(is_active=True)
    assert device.get("/account/").status_code == 302
