# Django finds models through this module; every other __init__.py is empty.
from onboarding.models import (
    audit,
    cases,
    documents,
    emails,
    outbox,
    people,
    policies,
    reveals,
    search,
    workers,
)

User = people.User

__all__ = [
    "User",
    "audit",
    "cases",
    "documents",
    "emails",
    "outbox",
    "people",
    "policies",
    "reveals",
    "search",
    "workers",
]
