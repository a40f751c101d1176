# Django finds models through this module; every other __init__.py is empty.
from onboarding.models import (
    api,
    audit,
    cases,
    checks,
    desk,
    documents,
    drafts,
    emails,
    figures,
    keys,
    outbox,
    people,
    policies,
    reasons,
    reveals,
    search,
    workers,
)

User = people.User

__all__ = [
    "User",
    "api",
    "audit",
    "cases",
    "checks",
    "desk",
    "documents",
    "drafts",
    "emails",
    "figures",
    "keys",
    "outbox",
    "people",
    "policies",
    "reasons",
    "reveals",
    "search",
    "workers",
]
