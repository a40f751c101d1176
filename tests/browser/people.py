"""People who have come some way already: made beside the service, signed in by their cookie."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from playwright.sync_api import BrowserContext

from tests.stack import Stack

PREPARE = """
from datetime import date
from allauth.account.models import EmailAddress
from django.db import transaction
from onboarding.domain.status import DocumentType, Slot
from onboarding.models import User
from onboarding.usecases import applicant
from tests import pictures
with transaction.atomic():
    user = User.objects.create_user({email!r}, "correct horse battery staple")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    case = applicant.sign_up(user)
applicant.confirm_email(user)
applicant.complete_profile(case, given_name="Ana", family_name="García", birth_date=date(1990, 2, 11),
                           country="ES", document_type=DocumentType.ID_CARD, key="details")
for number in range({uploads}):
    applicant.upload(case, Slot.ID_FRONT, pictures.jpeg(number=number), key=f"upload-{{number}}")
"""
SESSION = """
from onboarding.models import User
from tests.sessions import open_session
print(open_session(User.objects.get(email={email!r})))
"""
AS_CASE = """
from onboarding.models.cases import Case
from onboarding.models.documents import Document
from onboarding.usecases import applicant
case = Case.objects.get(applicant__email={email!r})
"""


@dataclass(frozen=True)
class Prepared:
    """Somebody whose ID card is asked for."""

    live: Stack
    email: str

    def sign_in(self, context: BrowserContext) -> None:
        sign_in(context, self.live, self.email)

    def ask(self, code: str) -> str:
        """Runs code beside the service, with `case`, `Document` and the use cases at hand."""
        return self.live.python(AS_CASE.format(email=self.email) + code).strip()


def sign_in(context: BrowserContext, live: Stack, email: str) -> None:
    """By cookie and with every factor. The pages that do it are test_accounts' business."""
    key = live.python(SESSION.format(email=email)).split()[-1]
    # With the zone of the browser, as after any page before this one: or the first would change for it.
    cookies = {"sessionid": key, "time_zone": "Europe/Madrid"}
    context.add_cookies(
        [{"name": name, "value": value, "url": live.base_url} for name, value in cookies.items()]
    )


def prepared(live: Stack, uploads: int = 0) -> Prepared:
    """Makes somebody who has given their details, and has added the front so many times."""
    email = f"prepared-{uuid.uuid4().hex[:8]}@example.org"
    live.python(PREPARE.format(email=email, uploads=uploads))
    return Prepared(live, email)
