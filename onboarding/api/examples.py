"""Examples for the description of the API. A test holds each against the schema it illustrates."""

from __future__ import annotations

from typing import Any

from onboarding.api import answers, bodies

CASE_ID = "0b8f3c52-5d7e-4f0e-9a54-6a1f1e2b7c11"
SUMMARY: dict[str, Any] = {
    "id": CASE_ID,
    "reference": "7KQ4-M2XD",
    "status": "collecting",
    "paused": False,
    "created_at": "2026-12-01T09:00:00Z",
    "changed_at": "2026-12-01T09:04:00Z",
    "closes_at": "2026-12-15T09:04:00Z",
    "review_due_at": None,
    "claimed": None,
    "applicant": None,
}
CASE: dict[str, Any] = {
    "id": CASE_ID,
    "reference": "7KQ4-M2XD",
    "status": "collecting",
    "sentence": "It's your turn: add the photo page of your passport by Tue 15 Dec, 09:04 (UTC), in 14 days.",
    "paused": False,
    "over": False,
    "created_at": "2026-12-01T09:00:00Z",
    "changed_at": "2026-12-01T09:04:00Z",
    "closes_at": "2026-12-15T09:04:00Z",
    "as_of": "2026-12-01T09:05:00Z",
    "live": False,
    "version": 3,
    "document_type": "passport",
    "submission": 0,
    "attempts_left": 2,
    "requirements": [
        {
            "kind": "document",
            "slot": "passport",
            "title": "Photo page of your passport",
            "owed": True,
            "open": True,
            "state": "awaited",
            "reasons": [],
            "uploaded_at": None,
        }
    ],
    "next": [
        {
            "kind": "reminder",
            "at": "2026-12-04T09:04:00Z",
            "number": 1,
            "of": 2,
            "text": "We remind you by e-mail (1 of 2).",
        }
    ],
    "allowed_actions": ["complete_profile", "upload", "withdraw"],
    "history": [
        {
            "version": 1,
            "kind": "signed_up",
            "at": "2026-12-01T09:00:00Z",
            "status": "email_pending",
            "text": "You signed up.",
            "by": None,
            "reason": None,
        }
    ],
    "applicant": None,
}
DETAILS = {
    "given_name": "Ana",
    "family_name": "García",
    "birth_date": "1990-02-11",
    "country": "ES",
    "document_type": "passport",
    "document_number": "XX1234567",
    "expiry_date": "2031-03-01",
    "mrz": "",
}
PROBLEM: dict[str, Any] = {
    "type": "urn:onboarding:problem:invalid",
    "title": "Something in it can't be accepted",
    "status": 422,
    "detail": "Some fields can't be accepted: see `errors`.",
    "code": "invalid",
    "errors": [{"field": "birth_date", "code": "required", "detail": "This field is required."}],
}

ANSWERS: dict[type[answers.Shape], Any] = {
    answers.CaseShape: CASE,
    answers.CasePageShape: {"items": [SUMMARY], "next": None},
    answers.FoundPageShape: {"items": [SUMMARY], "next": None, "unfinished": False},
    answers.DetailsShape: DETAILS,
    answers.DocumentShape: {
        "id": "5b1a0c1e-0f7d-5d6f-8b11-1c3c5e7a9b02",
        "slot": "passport",
        "pages": 1,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "uploaded_at": "2026-12-01T09:06:00Z",
    },
    answers.ReceiptShape: {"done": True, "at": "2026-12-02T10:00:00Z", "version": 9},
    answers.SignUpShape: {
        "id": "3c9a7f3e-6b64-5a1c-9a57-2f0c5f1f6c20",
        "status": "pending",
        "case": None,
        "asked_at": "2026-12-01T09:00:00Z",
        "expires_at": "2026-12-08T09:00:00Z",
    },
    answers.TokenShape: {
        "token": "onb_…",
        "label": "my laptop",
        "expires_at": "2026-12-08T09:00:00Z",
    },
    answers.ProblemShape: PROBLEM,
}

BODIES: dict[type[bodies.Body], Any] = {
    bodies.SignUpBody: {"email": "ana@example.org", "time_zone": "Europe/Madrid"},
    bodies.DetailsBody: DETAILS,
    bodies.StaffReasonBody: {"reason": "Asked for by telephone."},
    bodies.ReasonBody: {"reason": "Asked for by telephone."},
    bodies.ExtendBody: {"seconds": 604800, "reason": "Waits for a new passport."},
    bodies.DecisionBody: {
        "submission": 1,
        "outcome": "ask_again",
        "items": [{"slot": "passport", "reasons": ["glare"]}],
    },
    bodies.SearchBody: {"term": "7KQ4-M2XD"},
    bodies.TokenBody: {"label": "my laptop", "days": 7},
}
