# Django finds models through this module; every other __init__.py is empty.
from onboarding.models import audit, cases, desk, documents, emails, outbox, people, reasons, workers

User = people.User

__all__ = [
    "User",
    "audit",
    "cases",
    "desk",
    "documents",
    "emails",
    "outbox",
    "people",
    "reasons",
    "workers",
]
