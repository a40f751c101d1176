"""Payloads are what the SDK's own converter makes of them, and nothing is made to fit."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from temporalio.converter import DataConverter

from onboarding.domain.case import Case, birth
from onboarding.domain.messages import IdUploaded, Submitted
from onboarding.domain.policy import Policy
from onboarding.domain.snapshot import Snapshot, snapshot
from onboarding.domain.status import CaseStatus, Slot
from onboarding.domain.transition import hear
from temporal_app.contracts import CaseStart, CheckRequest, HandedIn
from temporal_app.payloads import DATA_CONVERTER
from tests.domain.builders import T0, claim, profiled, submitted, uploaded, verified

NO_MESSAGE = (KeyError, TypeError, ValueError, RuntimeError)
"""The last one is the SDK's own, for what is no JSON."""
OURS, THEIRS = DATA_CONVERTER.payload_converter, DataConverter.default.payload_converter


def a_case() -> Case:
    case = birth("6f9619ff-8b86-d011-b42d-00cf4fc964ff", "7", Policy(), T0)
    for number, message in enumerate(
        (verified(T0), profiled(T0, "passport"), uploaded(T0, Slot.PASSPORT), submitted(T0), claim())
    ):
        case = hear(case, message, T0 + timedelta(minutes=number))
    return case


VALUES: list[tuple[Any, Any]] = [
    (a_case(), Case),
    (snapshot(a_case(), T0 + timedelta(hours=1)), Snapshot),
    (CaseStart(case_id="1", applicant="7", policy=Policy(), born_at=T0, carried=a_case()), CaseStart),
    (HandedIn(submitted=(Submitted(message_id="1", occurred_at=T0),)), HandedIn),
    (CheckRequest(case_id="1", submission=2), CheckRequest),
    (None, CheckRequest | None),
    (CheckRequest(case_id="1", submission=2), CheckRequest | None),
    ("a text", str),
]


@pytest.mark.parametrize(("value", "kind"), VALUES, ids=lambda each: type(each).__name__)
def test_values_go_to_and_fro_as_by_the_sdks_own_converter(value: Any, kind: Any) -> None:
    """In both directions, so releases with either work together. Mutant seen red: another field."""
    (ours,), (theirs,) = OURS.to_payloads([value]), THEIRS.to_payloads([value])
    assert ours == theirs
    assert OURS.from_payloads([theirs], [kind]) == [value] == THEIRS.from_payloads([ours], [kind])


@pytest.mark.parametrize(
    "wrong",
    [
        {"slot": "nonsense"},
        {"occurred_at": "yesterday"},
        {"occurred_at": 5},
        {"message_id": 5},
        {"message_id": None},
        {"document_id": ["a", "b"]},
        {"sha256": {"a": 1}},
    ],
    ids=str,
)
def test_a_payload_of_another_shape_is_no_message(wrong: dict[str, Any]) -> None:
    """Mutant seen red: texts are made of anything, as cattrs does by itself."""
    fact = uploaded(T0, Slot.PASSPORT)
    (payload,) = OURS.to_payloads([fact])
    payload.data = json.dumps({**json.loads(payload.data), **wrong}).encode()
    with pytest.raises(NO_MESSAGE):
        OURS.from_payloads([payload], [IdUploaded])


@pytest.mark.parametrize("data", [b"[]", b"5", b'"text"', b"null", b"{}", b"no json"])
def test_what_is_no_object_is_no_message(data: bytes) -> None:
    """Mutant seen red: what is no object is handed on as it is."""
    (payload,) = OURS.to_payloads([uploaded(T0, Slot.PASSPORT)])
    payload.data = data
    with pytest.raises(NO_MESSAGE):
        OURS.from_payloads([payload], [IdUploaded])


def test_numbers_and_yes_or_no_are_told_apart() -> None:
    """Mutant seen red: anything is a number."""
    (payload,) = OURS.to_payloads([CheckRequest(case_id="1", submission=2)])
    for submission in (b'"2"', b"true", b"2.5", b"null"):
        payload.data = b'{"case_id": "1", "submission": ' + submission + b"}"
        with pytest.raises(NO_MESSAGE):
            OURS.from_payloads([payload], [CheckRequest])


def test_fields_of_a_later_release_are_left_out() -> None:
    """Mutant seen red: cattrs is told to forbid other keys."""
    case = a_case()
    (payload,) = OURS.to_payloads([case])
    payload.data = json.dumps({**json.loads(payload.data), "of_tomorrow": 1}).encode()
    (read,) = OURS.from_payloads([payload], [Case])
    assert read == case
    assert type(read.status) is CaseStatus
