# Django finds models through this module; every other __init__.py is empty.
from onboarding.models import audit, cases, checks, documents, drafts, emails, outbox, people, workers

User = people.User

__all__ = ["User", "audit", "cases", "checks", "documents", "drafts", "emails", "outbox", "people", "workers"]
