"""A case in the words of the API: one snapshot, cut to what its reader may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext

from onboarding.api.callers import Caller
from onboarding.desk import reading
from onboarding.desk import words as desk_words
from onboarding.desk.masking import masked, masked_email, profile_of
from onboarding.domain.actions import attempts_left, open_slots
from onboarding.domain.case import Case as CaseState
from onboarding.domain.case import Event
from onboarding.domain.explain import status_sentence
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import OWED, Action, CaseStatus, Role
from onboarding.models.cases import Case
from onboarding.models.documents import Document
from onboarding.records import queries
from onboarding.sentences import reason_words, spoken
from onboarding.web import words

Json = dict[str, Any]


def case_for(caller: Caller, row: Case, *, answered: bool = False) -> Json:
    """The whole case. Staff get the workflow's live answer, others the rows and what was handed in since.

    Args:
        answered: the workflow has just answered a command, and its row may not have followed yet.
    """
    if answered or not caller.owns(row):
        seen = reading.read(row)
        return _whole(caller, row, seen.snapshot, live=seen.live)
    return _whole(caller, row, queries.current_snapshot(row), live=False)


def summary_for(caller: Caller, row: Case) -> Json:
    """A case in a list."""
    staff = bool(caller.roles)
    return {
        "id": str(row.pk),
        "reference": row.reference,
        "status": row.status,
        "paused": row.paused,
        "created_at": row.born_at,
        "changed_at": row.changed_at,
        "closes_at": row.closes_at,
        "review_due_at": row.review_due_at if staff else None,
        "claimed": row.claimed_by_id is not None if staff else None,
        "applicant": _applicant(row) if staff else None,
    }


def document(row: Document) -> Json:
    return {
        "id": str(row.pk),
        "slot": row.slot,
        "pages": len(row.pages),
        "sha256": row.sha256,
        "uploaded_at": row.uploaded_at,
    }


def _whole(caller: Caller, row: Case, snap: Snapshot, *, live: bool) -> Json:
    case, staff = snap.case, not caller.owns(row)
    return {
        "id": str(row.pk),
        "reference": row.reference,
        "status": case.status.value,
        "sentence": spoken(status_sentence(case), snap.now),
        "paused": case.paused is not None,
        "over": snap.over,
        "created_at": case.born_at,
        "changed_at": case.changed_at,
        "closes_at": snap.closes_at,
        "as_of": snap.now,
        "live": live,
        "version": case.version,
        "document_type": case.document_type.value if case.document_type else None,
        "submission": case.submission,
        "attempts_left": attempts_left(case),
        "requirements": list(_requirements(snap)),
        "next": list(_next(snap, staff=staff)),
        "allowed_actions": _actions(caller, snap, staff=staff),
        "history": list(_history(case, staff=staff)),
        "applicant": _applicant(row) if staff else None,
    }


def _requirements(snap: Snapshot) -> Iterator[Json]:
    """What is owed, in the order of the walk."""
    case = snap.case
    proven = case.status is not CaseStatus.EMAIL_PENDING
    editable = snap.may(Role.APPLICANT, Action.COMPLETE_PROFILE)
    yield _requirement("email", gettext("Confirm the e-mail address"), owed=not proven, is_open=not proven)
    undeclared = case.document_type is None
    yield _requirement("details", gettext("Give the details"), owed=undeclared, is_open=editable)
    takes = open_slots(case)
    for item in case.documents:
        again = item.state in OWED
        yield {
            **_requirement("document", str(words.TITLES[item.slot]), owed=again, is_open=item.slot in takes),
            "slot": item.slot.value,
            "state": item.state.value,
            "reasons": [
                {"code": code, **spelled}
                for code in item.reasons
                for spelled in reason_words((code,))
                if again
            ],
            "uploaded_at": item.uploaded_at,
        }


def _requirement(kind: str, title: str, *, owed: bool, is_open: bool) -> Json:
    return {
        "kind": kind,
        "slot": None,
        "title": title,
        "owed": owed,
        "open": is_open,
        "state": None,
        "reasons": [],
        "uploaded_at": None,
    }


def _next(snap: Snapshot, *, staff: bool) -> Iterator[Json]:
    for planned in snap.future:
        text = desk_words.wakeup(planned) if staff else words.next_words(planned)
        if text:
            yield {
                "kind": planned.kind.value,
                "at": planned.at,
                "number": planned.number,
                "of": planned.of,
                "text": text,
            }


def _actions(caller: Caller, snap: Snapshot, *, staff: bool) -> list[str]:
    """In the order of the enumeration, as the rules grant them to the caller's roles."""
    roles = caller.roles if staff else (Role.APPLICANT,)
    return [action.value for action in Action if any(snap.may(role, action) for role in roles)]


def _history(case: CaseState, *, staff: bool) -> Iterator[Json]:
    """Oldest first."""
    for event in case.history:
        text = desk_words.event(event.kind, event.number, event.subject) if staff else words.happened(event)
        if text:
            yield _event(event, text, staff=staff)


def _event(event: Event, text: str, *, staff: bool) -> Json:
    return {
        "version": event.version,
        "kind": event.kind.value,
        "at": event.at,
        "status": event.status.value,
        "text": text,
        "by": event.actor.role.value if staff else None,
        "reason": event.reason if staff else None,
    }


def _applicant(row: Case) -> Json:
    """As the desk masks it."""
    profile = profile_of(row)
    name = f"{profile.given_name} {profile.family_name}".strip() if profile else ""
    return {"name": masked(name), "email": masked_email(row.applicant.email)}
