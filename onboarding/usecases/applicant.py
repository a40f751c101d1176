"""What an applicant does: committed first, with the message to the workflow in the same transaction.

Every function is safe to repeat with the same key, and refuses what the rules of the case refuse.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from django.db import transaction

from onboarding import clock
from onboarding.documents import intake, keeping, lookalikes
from onboarding.domain.case import birth
from onboarding.domain.messages import (
    Actor,
    EmailVerified,
    Fact,
    IdUploaded,
    ProfileCompleted,
    Reopen,
    Submitted,
    Withdrawn,
)
from onboarding.domain.refusals import Refusal
from onboarding.domain.status import DocumentType, Role, Slot
from onboarding.domain.transition import refuse
from onboarding.models.cases import Case, Profile
from onboarding.models.documents import Document, Scan
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.records import audit, details, outbox, policies, projections, queries
from onboarding.serial import to_json
from temporal_app import gateway, relay


class TurnedAway(Exception):
    """The rules refuse it, and nothing was written. `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class SentTwice(Exception):
    """The same form arrived twice at the same time; the other one's pages are kept."""


def sign_up(user: User) -> Case:
    """Opens the case of a new account: row, first audit event and outbox row, in the caller's transaction.

    The caller has just written the account in the same transaction, so all four stand or fall together. Row
    and audit show the case as its workflow will begin, which has nothing to record then.
    """
    now = clock.now()
    policy = policies.policy_of_newcomers()
    case_id = uuid.uuid4()
    state = birth(str(case_id), str(user.pk), policy, now)
    case = Case.objects.create(
        id=case_id,
        applicant=user,
        policy=to_json(policy),
        born_at=now,
        outbox_sequence=outbox.FIRST,
        **projections.columns(state),
    )
    audit.begin(case, state.history)
    start = outbox.append_start(case)
    transaction.on_commit(partial(relay.deliver_start, start), robust=True)
    return case


def confirm_email(user: User) -> None:
    """The address is proven. Does nothing for an account without a case (staff)."""
    case = queries.case_of(user.pk)
    if case is None:
        return
    message_id = _key(case, "email_verified", user.email)
    with contextlib.suppress(TurnedAway):  # an address confirmed late is still confirmed
        _hand_in(case, lambda now: EmailVerified(message_id=message_id, occurred_at=now))


def complete_profile(
    case: Case,
    *,
    given_name: str,
    family_name: str,
    birth_date: date,
    country: str,
    document_type: DocumentType,
    document_number: str = "",
    expiry_date: date | None = None,
    mrz: str = "",
    key: str,
) -> None:
    """Saves the details and tells the case which documents follow from them. What was drafted is saved by it.

    Number, expiry date and zone are for the checks only: they stay in the database.

    Raises:
        TurnedAway: the case doesn't take details (any more).
    """

    def save(_fact: Fact) -> None:
        Profile.objects.update_or_create(
            case=case,
            defaults={
                "given_name": given_name,
                "family_name": family_name,
                "birth_date": birth_date,
                "country": country,
                "document_type": document_type,
                "document_number": document_number,
                "expiry_date": expiry_date,
                "mrz": mrz,
                "changed_at": clock.case_now(case),
            },
        )
        details.forget_drafts(case)

    _hand_in(
        case,
        lambda now: ProfileCompleted(
            message_id=_key(case, "profile", key), occurred_at=now, document_type=document_type
        ),
        save,
    )


def upload(
    case: Case, slot: Slot, data: bytes, *, declared_name: str = "", key: str, sha256: str = ""
) -> Document:
    """Takes in one file and stores its clean pages.

    Args:
        key: made with the form; the same key is the same upload, however often it is sent.
        sha256: of `data`, in hex, from who has it already.

    Raises:
        TurnedAway: this picture isn't asked for.
        intake.Refused: the file can't be used; says why and what to do.
        vault.VaultUnavailable, vault.DocumentLocked: nothing was stored; try again.
    """
    before = Document.objects.filter(case=case, upload_key=key).first()
    if before:
        _deliver_on_commit(case)
        return before
    document_id = uuid.uuid5(case.id, f"upload:{key}")

    def fact(now: datetime, of_pages: str = "0" * 64) -> IdUploaded:
        return IdUploaded(
            message_id=_key(case, "upload", key),
            occurred_at=now,
            document_id=str(document_id),
            slot=slot,
            sha256=of_pages,
        )

    # Ask before the work: a picture that nobody wants should not cost a decoder.
    refused = refuse(queries.current_state(case), fact(clock.case_now(case)), clock.case_now(case))
    if refused:
        raise TurnedAway(refused)
    taken = intake.take_in(data, declared_name=declared_name, sha256=sha256)

    def save_as(pages: list[dict[str, object]], original: str) -> Callable[[Fact], None]:
        def save(uploaded: Fact) -> None:
            Document.objects.filter(case=case, slot=slot, superseded_at=None).update(
                superseded_at=uploaded.occurred_at
            )
            Document.objects.create(
                id=document_id,
                case=case,
                slot=slot,
                upload_key=key,
                original_sha256=taken.original_sha256,
                sha256=taken.pages_sha256,
                pages=pages,
                uploaded_at=uploaded.occurred_at,
                sealed=True,
                scan=Scan.CLEAN if taken.scanned else Scan.WAITING,
                original=original,
            )

        return save

    kept = keeping.kept(
        case, document_id, taken, None if taken.scanned else data, undone_by=(TurnedAway, SentTwice)
    )
    with contextlib.suppress(SentTwice), kept as (pages, original):
        _hand_in(case, lambda now: fact(now, taken.pages_sha256), save_as(pages, original))
        document = Document.objects.get(pk=document_id)
        if document.pages != pages:
            raise SentTwice
    return document


def submit(case: Case, *, key: str) -> None:
    """Hands everything in for review.

    Raises:
        TurnedAway: something is still owed, or it was submitted before.
    """
    message_id = _key(case, "submit", key)

    def save(_fact: Fact) -> None:
        """What is handed in can be found again from now on; what the virus scanner has yet to see, later."""
        lookalikes.remember_measured(
            Document.objects.filter(case=case, superseded_at=None, scan=Scan.CLEAN).only("pages")
        )

    _hand_in(case, lambda now: Submitted(message_id=message_id, occurred_at=now), save)


def withdraw(case: Case, *, key: str, by: Actor | None = None, reason: str = "") -> None:
    """Stops the application. It can be reopened for a while.

    Raises:
        TurnedAway: it is over already.
    """
    message_id = _key(case, "withdraw", key)
    _hand_in(
        case,
        lambda now: Withdrawn(message_id=message_id, occurred_at=now, by=by, reason=reason),
    )


def reopen(case: Case, *, key: str) -> None:
    """Reopens an expired or withdrawn application; answered by the workflow itself.

    Raises:
        gateway.GatewayError: refused, or no answer; trying again with the same key is safe.
    """
    gateway.command(
        str(case.id),
        Reopen(
            message_id=_key(case, "reopen", key),
            actor=Actor(Role.APPLICANT, str(case.applicant_id)),
            reason="",
        ),
    )


def _key(case: Case, what: str, key: str) -> str:
    """The id of a message: the same for the same case, purpose and form."""
    return str(uuid.uuid5(case.id, f"{what}:{key}"))


def _hand_in(
    case: Case, make: Callable[[datetime], Fact], save: Callable[[Fact], None] | None = None
) -> None:
    """Commits one fact, what it is about, and the message to the workflow."""
    with transaction.atomic():
        # Waits for whoever else hands something in for this case, so that each sees the other's facts.
        locked = Case.objects.select_for_update().get(pk=case.pk)
        fact = make(clock.case_now(locked))
        state = queries.current_state(locked)
        if fact.message_id not in state.seen:
            if OutboxMessage.objects.filter(message_id=fact.message_id).exists():
                return
            refused = refuse(state, fact, fact.occurred_at)
            if refused:
                raise TurnedAway(refused)
            if save:
                save(fact)
            outbox.append(locked, fact)
        _deliver_on_commit(locked)


def _deliver_on_commit(case: Case) -> None:
    transaction.on_commit(partial(relay.deliver, case.pk), robust=True)
