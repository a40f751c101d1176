"""Sign-ups by integrations: the case that the browser would open, with a mail that asks the applicant.

An integration does not hear whether an address has an account. For a known address nothing is opened, its
owner gets the mail that a sign-up by the browser would send, and the sign-up stays pending for ever, as it
does for somebody who never confirms.
"""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from onboarding import clock
from onboarding.mail import notices
from onboarding.models.api import ApiSignUp, Integration
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.people import User
from onboarding.records import policies
from onboarding.usecases import applicant
from onboarding.web.account_forms import is_known
from onboarding.web.languages import current
from onboarding.web.pace import Pace

INVITATION = "account/email/invitation.txt"
KNOWN = "account/email/account_already_exists"
ONE_MAIL_IN = timedelta(hours=1)
"""Whoever has an account isn't told more often than this, however often somebody signs them up."""
PACE = Pace()


def sign_up(integration: Integration, email: str, time_zone: str, key: str) -> ApiSignUp:
    """Opens a case for this address, or only seems to. With the same key it does so once.

    Args:
        email: in lower case.
        key: a UUID; becomes the id of the sign-up.
    """
    begun = time.monotonic()
    sign_up_id = uuid.UUID(key)
    before = ApiSignUp.objects.filter(pk=sign_up_id, integration=integration).first()
    if before:
        return before
    if not is_known(email):
        try:
            made = _open(integration, email, time_zone, sign_up_id)
        except IntegrityError:  # somebody took the address, or repeated this very request, in between
            before = ApiSignUp.objects.filter(pk=sign_up_id, integration=integration).first()
            if before:
                return before
            if not is_known(email):
                raise
        else:
            PACE.took(time.monotonic() - begun)
            return made
    made = _as_if(integration, email, sign_up_id)
    PACE.keep(time.monotonic() - begun)
    return made


def as_json(row: ApiSignUp, now: datetime) -> dict[str, Any]:
    confirmed = row.case is not None and _confirmed(row.case)
    state = "confirmed" if confirmed else "pending" if now < row.expires_at else "expired"
    return {
        "id": str(row.pk),
        "status": state,
        "case": str(row.case_id) if confirmed else None,
        "asked_at": row.asked_at,
        "expires_at": row.expires_at,
    }


def _open(integration: Integration, email: str, time_zone: str, sign_up_id: uuid.UUID) -> ApiSignUp:
    """Account, case, audit event, message to Temporal, mail and this row: all or none."""
    with transaction.atomic():
        user = User(email=email, time_zone=time_zone, language=current())
        user.set_unusable_password()
        user.save()
        case = applicant.sign_up(user)
        address = EmailAddress.objects.create(user=user, email=email, primary=True)
        _owe_invitation(integration, address)
        return _noted(integration, sign_up_id, case)


def _as_if(integration: Integration, email: str, sign_up_id: uuid.UUID) -> ApiSignUp:
    """The same for the caller; the owner of the address is told."""
    with transaction.atomic():
        told = Email.objects.filter(
            to_address=email, template=f"{KNOWN}.txt", owed_at__gt=clock.now() - ONE_MAIL_IN
        )
        if not told.exists():
            get_adapter().send_mail(KNOWN, email, {})
        return _noted(integration, sign_up_id, None)


def _noted(integration: Integration, sign_up_id: uuid.UUID, case: Case | None) -> ApiSignUp:
    now = clock.now()
    return ApiSignUp.objects.create(
        id=sign_up_id,
        integration=integration,
        case=case,
        asked_at=now,
        expires_at=now + timedelta(seconds=policies.policy_of_newcomers().email_deadline_seconds),
    )


def _owe_invitation(integration: Integration, address: EmailAddress) -> None:
    """There is no page on which a code could be typed, so this mail has the link alone."""
    now = clock.now()
    Email.objects.create(
        key=str(uuid.uuid4()),
        kind=notices.ACCOUNT,
        recipient=address.user,
        to_address=address.email,
        template=INVITATION,
        details={
            "link": notices.confirm_link(address),
            "integration": integration.name,
            "password": settings.SITE_URL + reverse("account_reset_password"),
        },
        owed_at=now,
        next_attempt_at=now,
    )


def _confirmed(case: Case) -> bool:
    return bool(EmailAddress.objects.filter(user=case.applicant_id, verified=True).exists())
