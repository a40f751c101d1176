"""Pages of a list by key: the next page begins where this one ended, whatever was added meanwhile."""

from __future__ import annotations

import base64
import binascii
import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from onboarding.api.callers import Caller
from onboarding.api.problems import FieldError, invalid
from onboarding.api.representation import summary_for
from onboarding.models.cases import Case


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


def _written(row: Case) -> str:
    return base64.urlsafe_b64encode(f"{row.born_at.isoformat()} {row.pk}".encode()).decode().rstrip("=")


def _read(key: str) -> tuple[datetime, uuid.UUID]:
    try:
        text = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode("ascii")
        moment, _, case_id = text.partition(" ")
        born_at = datetime.fromisoformat(moment)
        if born_at.tzinfo is None:
            raise ValueError("zone")
        return born_at, uuid.UUID(case_id)
    except (ValueError, OverflowError, binascii.Error):
        detail = gettext("Use the `next` of the page before, unchanged.")
        raise invalid(FieldError("after", "invalid", detail)) from None
