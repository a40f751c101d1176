"""Pages of a list by key: the next page begins where this one ended, whatever was added meanwhile."""

from __future__ import annotations

import base64
import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from onboarding.api.callers import Caller
from onboarding.api.problems import FieldError, Problem, invalid
from onboarding.api.representation import summary_for
from onboarding.models.cases import Case
from onboarding.records import search


def page(caller: Caller, rows: QuerySet[Case], wanted: dict[str, Any]) -> dict[str, Any]:
    """Newest first.

    Raises:
        Problem: 422 where `after` is no key of ours.
    """
    rows = rows.select_related("applicant", "profile").defer("state", "policy").order_by("-born_at", "id")
    if "after" in wanted:
        born_at, case_id = _read(wanted["after"])
        rows = rows.filter(Q(born_at__lt=born_at) | Q(born_at=born_at, id__gt=case_id))
    limit = wanted["limit"]
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return {
        "items": [summary_for(caller, row) for row in shown],
        "next": _written(shown[-1]) if len(found) > limit else None,
    }


def page_found(caller: Caller, wanted: dict[str, Any]) -> dict[str, Any]:
    """Of the cases that a term finds, in the order of what they were found by. For staff, who see all.

    Raises:
        Problem: 422 where `after` is no key of ours, or its place is gone.
    """
    after = _term_of(wanted["after"]) if "after" in wanted else None
    try:
        found = search.find(wanted["term"], after, wanted["limit"])
    except search.PlaceIsGone:
        raise _bad_place(gettext("This place in the list is gone. Search again without `after`.")) from None
    ids = [hit.case_id for hit in found.hits]
    rows = caller.cases.select_related("applicant", "profile").defer("state", "policy").in_bulk(ids)
    return {
        "items": [summary_for(caller, rows[case_id]) for case_id in ids if case_id in rows],
        "next": _key(str(found.hits[-1].term_id)) if found.more else None,
        "unfinished": found.unfinished,
    }


def _written(row: Case) -> str:
    return _key(f"{row.born_at.isoformat()} {row.pk}")


def _read(key: str) -> tuple[datetime, uuid.UUID]:
    try:
        moment, _, case_id = _text(key).partition(" ")
        born_at = datetime.fromisoformat(moment)
        if born_at.tzinfo is None:
            raise ValueError("zone")
        return born_at, uuid.UUID(case_id)
    except (ValueError, OverflowError):
        raise _bad_place() from None


def _term_of(key: str) -> int:
    """The place where a page of a search ended: a row of its index, not the word itself."""
    try:
        place = search.place_in(_text(key))
    except ValueError:
        place = None
    if place is None:
        raise _bad_place()
    return place


def _key(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _text(key: str) -> str:
    """The inverse of `_key`.

    Raises:
        ValueError
    """
    return base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode("ascii")


def _bad_place(detail: str = "") -> Problem:
    detail = detail or gettext("Use the `next` of the page before, unchanged.")
    return invalid(FieldError("after", "invalid", detail))
