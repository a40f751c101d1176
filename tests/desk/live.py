"""Cases with a real workflow, led through their lives by the use cases."""

from __future__ import annotations

import uuid
from datetime import date

from onboarding.demo.walk import Somebody, Walk
from onboarding.models.people import User


def make_walk(**colleagues: User) -> Walk:
    """Somebody who has just signed up, and the colleagues who act on the case by name."""
    name = f"ana-{uuid.uuid4().hex[:8]}"
    return Walk(Somebody(name, "Ana", "García", date(1990, 2, 11)), colleagues, "!")


def in_review(**colleagues: User) -> Walk:
    walk = make_walk(**colleagues)
    walk.hand_in()
    return walk
