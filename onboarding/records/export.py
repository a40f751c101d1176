"""Everything that is kept about one applicant, as they get it: plain values for JSON.

Colleagues are named by their role, never by name, and what staff write to one another stays inside.
"""

from __future__ import annotations

from typing import Any

from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case, Profile
from onboarding.models.documents import Document, DocumentView
from onboarding.models.emails import Email
from onboarding.records.queries import recorded_state

FORMAT = 1
"""Grows when a program that reads the file would have to change."""


def data_of(case: Case) -> dict[str, Any]:
    """The file `data.json`: account, case, details, history, decisions, documents, looks at them, e-mails."""
    user = case.applicant
    return {
        "format": FORMAT,
        "account": {
            "email": user.email,
            "time_zone": user.time_zone,
            "language": user.language,
            "joined_at": user.date_joined,
            "last_sign_in_at": user.last_login,
        },
        "case": {
            "reference": case.reference,
            "status": case.status,
            "signed_up_at": case.born_at,
            "changed_at": case.changed_at,
            "closes_at": case.closes_at,
            "policy": case.policy,
        },
        "details": _details(case),
        "history": [
            {
                "at": event.at,
                "what": event.kind,
                "by": event.actor_role,
                "status": event.status,
                "about": event.subject,
            }
            for event in AuditEvent.objects.filter(case=case).order_by("version")
        ],
        "decisions": [
            {"at": each.at, "submission": each.submission, "outcome": each.outcome, "reasons": each.reasons}
            for each in recorded_state(case).decisions
        ],
        "documents": [
            {
                "item": document.slot,
                "uploaded_at": document.uploaded_at,
                "replaced_at": document.superseded_at,
                "files": [file_name(document, page) for page in pages_of(document)],
            }
            for document in documents_of(case)
        ],
        "looks_at_documents": [
            {
                "at": view.at,
                "item": view.document.slot,
                "by": "you" if view.viewer_id == case.applicant_id else "staff",
            }
            for view in DocumentView.objects.filter(document__case=case)
            .select_related("document")
            .order_by("at")
        ],
        "emails": [
            {"what": mail.kind, "owed_at": mail.owed_at, "sent_at": mail.sent_at}
            for mail in Email.objects.filter(case=case, recipient=user).order_by("owed_at")
        ],
    }


def documents_of(case: Case) -> list[Document]:
    """Every picture that was ever accepted, oldest first."""
    return list(Document.objects.filter(case=case).select_related("case").order_by("uploaded_at", "pk"))


def pages_of(document: Document) -> range:
    """The pages of a document, counted from 1."""
    return range(1, len(document.pages) + 1)


def file_name(document: Document, page: int) -> str:
    """Where a page lies in the archive: "documents/2026-11-21-id_front-1-ab12cd34.jpg"."""
    day = f"{document.uploaded_at:%Y-%m-%d}"
    return f"documents/{day}-{document.slot}-{page}-{str(document.pk)[:8]}.jpg"


def _details(case: Case) -> dict[str, Any] | None:
    profile = Profile.objects.filter(case=case).first()
    if profile is None:
        return None
    return {
        "given_name": profile.given_name,
        "family_name": profile.family_name,
        "birth_date": profile.birth_date,
        "country": profile.country,
        "document_type": profile.document_type,
        "document_number": profile.document_number,
        "expiry_date": profile.expiry_date,
        "mrz": profile.mrz,
    }
