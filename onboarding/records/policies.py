"""The policy in force for new cases: the defaults, changed by the setting POLICY, changed by operators."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.db import IntegrityError, transaction

from onboarding import clock
from onboarding.domain.policy import Policy, complaints
from onboarding.models.people import User
from onboarding.models.policies import PolicyVersion
from onboarding.serial import from_json, to_json

logger = logging.getLogger(__name__)


class Changed(Exception):
    """Somebody else has put another policy on the list meanwhile; nothing was written."""


def policy_of_settings() -> Policy:
    """The defaults, changed by the setting POLICY: what holds until an operator says something else.

    Raises:
        ValueError: the setting names something unknown or cannot work; the text says what.
    """
    unknown = set(settings.POLICY) - set(Policy.__dataclass_fields__)
    if unknown:
        raise ValueError(f"POLICY knows no {', '.join(sorted(unknown))}.")
    try:
        policy = from_json(settings.POLICY, Policy)
    except Exception as error:
        raise ValueError("POLICY holds values of the wrong kind: durations are whole seconds.") from error
    found = complaints(policy)
    if found:
        raise ValueError("POLICY cannot work: " + " ".join(map(str, found)))
    return policy


def policy_in_force(at: datetime | None = None) -> Policy:
    """The policy that a case is born with at a moment, by default now: one indexed row over the settings."""
    version = in_force(at)
    return policy_of(version) if version else policy_of_settings()


def policy_of_newcomers() -> Policy:
    """The policy in force now, looked up once a second: every sign-up asks, and hardly anybody changes it."""
    version = _in_force_in(int(clock.now().timestamp()))
    return policy_of(version) if version else policy_of_settings()


@lru_cache(maxsize=1)
def _in_force_in(_second: int) -> PolicyVersion | None:
    return in_force()


def forget() -> None:
    """What was looked up: this process sees its own changes at once, others within the second."""
    _in_force_in.cache_clear()


def in_force(at: datetime | None = None) -> PolicyVersion | None:
    """The version of the operators that holds at a moment; None where only the settings do."""
    begun = PolicyVersion.objects.filter(effective_at__lte=at or clock.now())
    return begun.order_by("-effective_at", "-id").first()


def newest() -> PolicyVersion | None:
    """The version that was written last, whenever it begins."""
    return PolicyVersion.objects.order_by("-id").first()


def policy_of(version: PolicyVersion) -> Policy:
    """Its values; what a later release has added comes from the settings.

    A version that this release's rules find unworkable is left out, loudly: nobody's sign-up fails for it.
    """
    base = policy_of_settings()
    try:
        policy = from_json({**to_json(base), **version.values}, Policy)
    except Exception:
        logger.exception("policy %s cannot be read: the settings hold instead", version.pk)
        return base
    if complaints(policy):
        logger.error("policy %s cannot work any more: the settings hold instead", version.pk)
        return base
    return policy


def put_into_force(
    policy: Policy, *, by: User, reason: str, effective_at: datetime, seen: int, key: uuid.UUID
) -> PolicyVersion:
    """Appends a policy. The same key again is the same policy.

    Args:
        effective_at: from when on new cases are born with it.
        seen: id of the newest version that its author knew, 0 for none.

    Raises:
        Changed: there is a newer one.
        ValueError: it cannot work; one sentence for each thing that is wrong.
    """
    found = complaints(policy)
    if found:
        raise ValueError(" ".join(map(str, found)))
    with transaction.atomic():
        before = PolicyVersion.objects.filter(key=key).first()
        if before:
            return before
        last = newest()
        if (last.pk if last else 0) != seen:
            raise Changed
        try:
            with transaction.atomic():
                made = PolicyVersion.objects.create(
                    key=key,
                    values=to_json(policy),
                    effective_at=effective_at,
                    made_at=clock.now(),
                    made_by=by,
                    reason=reason,
                )
        except IntegrityError:  # the same form, sent twice at once
            return PolicyVersion.objects.get(key=key)
        forget()  # for whoever asks in this transaction
        transaction.on_commit(forget)
        return made
