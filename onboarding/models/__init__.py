# Django finds models through this module; every other __init__.py is empty.
from onboarding.models import audit, cases, documents, emails, keys, outbox, people, workers

User = people.User

__all__ = ["User", "audit", "cases", "documents", "emails", "keys", "outbox", "people", "workers"]
