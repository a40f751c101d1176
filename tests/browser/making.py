"""Makes whom and what the pages show: lives in every state, sessions, links. `cast` runs it."""

from __future__ import annotations

import json
import sys
import uuid
from datetime import date
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import RequestFactory
from django.urls import reverse
from django.views import defaults

from onboarding import clock
from onboarding.demo import people, seed
from onboarding.demo.lives import LIVES
from onboarding.demo.walk import Somebody, Walk
from onboarding.domain.status import DocumentType
from onboarding.models import User
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.models.reasons import Reason
from onboarding.usecases import staff
from onboarding.web.limits import too_many
from onboarding.web.sessions import SessionStore
from tests.sessions import open_session

WANTED = frozenset(
    {"nina", "carla", "ana", "anton", "alba", "dario", "diana", "felix", "gala", "irene", "ivan", "karl"}
    | {"laura", "lola", "marta", "mateo", "olga", "pedro", "rosa", "sara", "simon", "tania"}
)
"""Of the demo's lives: every status, and everything that can lie over one."""

LONG = Somebody(
    "long",
    "Maximiliana" * 7 + "Max",
    "Wolfeschlegelsteinhausenbergerdorff" * 2 + "-Montfort",
    date(1990, 2, 11),
)
"""Names of eighty characters without a space."""
LEFT = Somebody("left", "عبد الرحمن", "بن عبد العزيز الأنصاري", date(1985, 5, 5))
"""Names that are read from the right."""


def make() -> None:
    """Prints what `cast.Cast` holds, as JSON. What is there already is used as it is."""
    seed.seed(lambda text: sys.stderr.write(text), [life for life in LIVES if life.name in WANTED])
    colleagues = people.make_colleagues()
    for who, document_type in ((LONG, DocumentType.ID_CARD), (LEFT, DocumentType.PASSPORT)):
        if not User.objects.filter(email=people.address(who.name)).exists():
            Walk(who, colleagues, "!").hand_in(document_type)
    park()
    hold("ivan", colleagues["rita"])
    users = {user.email.split("@")[0]: user for user in User.objects.filter(email__endswith=people.DOMAIN)}
    cases = {
        name: str(case.pk)
        for name, user in users.items()
        if (case := Case.objects.filter(applicant=user).first())
    }
    found = {
        "sessions": {name: signed_in(user) for name, user in users.items()},
        "cases": cases,
        "references": {name: Case.objects.get(pk=number).reference for name, number in cases.items()},
        "links": links(users),
        "answers": {name: [answer.status_code, answer.content.decode()] for name, answer in answers()},
    }
    sys.stdout.write(json.dumps(found))


def signed_in(user: User) -> str:
    """The key of a session in which everything was proven, on a device that the account's list shows."""
    key = open_session(user)
    UserSession.objects.create(
        user=user, session_key=key, ip="127.0.0.1", user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0"
    )
    return key


def hold(who: str, colleague: User) -> None:
    """The claim of a demo life lasts minutes only."""
    case = Case.objects.get(applicant__email=people.address(who))
    staff.claim(colleague, case, key=str(uuid.uuid4()))


def park() -> None:
    """One message and one e-mail that nobody could take."""
    message = OutboxMessage.objects.filter(case__applicant__email=people.address("simon")).last()
    assert message
    OutboxMessage.objects.filter(pk=message.pk).update(
        parked_at=clock.now(),
        delivered_at=None,
        outcome="",
        last_error="the workflow does not know this message",
    )
    email = Email.objects.filter(case__applicant__email=people.address("olga")).last()
    assert email
    refusal = (
        "550 5.1.1 <olga@demo.example>: Recipient address rejected: User unknown in virtual mailbox table"
    )
    Email.objects.filter(pk=email.pk).update(parked_at=clock.now(), sent_at=None, last_error=refusal)


def links(users: dict[str, User]) -> dict[str, str]:
    """Addresses that no page names, by what they are."""
    email = Email.objects.filter(case__applicant=users["mateo"]).exclude(recipient=None).last()
    address = EmailAddress.objects.get(user=users["nina"])
    reset = [user_pk_to_url_str(users["ana"]), default_token_generator.make_token(users["ana"])]
    assert email
    return {
        "letter": reverse("admin:desk_letter", args=[email.case_id, email.pk]),
        "confirm": reverse("confirm_link", args=[EmailConfirmationHMAC.create(address).key]),
        "reset": reverse("account_reset_password_from_key", args=reset),
        "reason": reverse("admin:onboarding_reason_change", args=[Reason.objects.order_by("pk")[0].pk]),
        "account": reverse("admin:onboarding_user_change", args=[users["rita"].pk]),
        "email": reverse("admin:onboarding_email_change", args=[email.pk]),
    }


def answers() -> list[tuple[str, HttpResponse]]:
    """The pages that only failures lead to."""

    def request() -> HttpRequest:
        made: Any = RequestFactory().get("/")
        made.user = AnonymousUser()
        made.session = SessionStore()
        made._messages = []
        return made  # type: ignore[no-any-return]  # it is one

    return [
        ("400", defaults.bad_request(request(), SuspiciousOperation())),
        ("404", defaults.page_not_found(request(), Http404())),
        ("429", too_many(request())),
        ("500", defaults.server_error(request())),
        ("503", render(request(), "503.html", status=503)),
    ]
