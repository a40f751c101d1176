"""Makes the demo people and their cases, several at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connections

from onboarding.demo import people
from onboarding.demo.lives import LIVES, Life
from onboarding.demo.walk import Somebody, Walk
from onboarding.models.people import User
from onboarding.records import heartbeats
from temporal_app import gateway

logger = logging.getLogger(__name__)

AT_A_TIME = 6
PATIENCE_SECONDS = 60.0
FAMILY_NAMES = ("García", "Müller", "Novak", "Rossi", "Silva", "Okafor", "Tanaka", "Haddad")
OLDEST = date(1961, 3, 14)


class CannotSeed(Exception):
    """Why there are no demo cases, and what to do about it."""


def seed(
    say: Callable[[str], None], lives: Sequence[Life] = LIVES, patience: float = PATIENCE_SECONDS
) -> int:
    """Makes what is missing of the demo; returns how many cases were made.

    Idempotency: a life whose applicant has an account already is left as it is, also half-way.
    Budget: about half a second of two cores a case, after at most `patience` seconds of waiting for Temporal.

    Raises:
        CannotSeed: the demo is off, Temporal stays away, or a life went wrong; the others are there.
    """
    if not settings.DEMO:
        raise CannotSeed("Demo people are made only where DEMO=1: everybody knows their passwords.")
    colleagues = people.make_colleagues()
    missing = [life for life in lives if not _is_there(life)]
    if not missing:
        return 0
    _wait_for_workers(say, patience)
    secret = make_password(people.APPLICANT_PASSWORD)
    with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="demo") as pool:
        wrong = [each for each in pool.map(partial(_lived, colleagues, secret), missing) if each]
    if wrong:
        raise CannotSeed(f"{len(wrong)} demo cases went wrong: {'; '.join(wrong)}")
    return len(missing)


def _is_there(life: Life) -> bool:
    return User.objects.filter(email=people.address(life.name)).exists()


def _lived(colleagues: dict[str, User], secret: str, life: Life) -> str:
    """Leads one life to its end; a sentence about what went wrong, or an empty text."""
    try:
        walk = Walk(_somebody(life), colleagues, secret)
        life.live(walk)
        walk.settle()
    except Exception as error:
        # The edge of a thread: one life that goes wrong must not cost the others.
        logger.exception("the demo case of %s went wrong", life.name)
        return f"{life.name} ({type(error).__name__}: {error})"
    finally:
        connections.close_all()
    return ""


def _somebody(life: Life) -> Somebody:
    number = [each.name for each in LIVES].index(life.name) if life in LIVES else 0
    return Somebody(
        name=life.name,
        given_name=life.name.capitalize(),
        family_name=FAMILY_NAMES[number % len(FAMILY_NAMES)],
        birth_date=OLDEST + timedelta(days=277 * number),
    )


def _wait_for_workers(say: Callable[[str], None], patience: float) -> None:
    give_up_at = time.monotonic() + patience
    said = False
    while not _worker_is_there():
        if time.monotonic() > give_up_at:
            raise CannotSeed(
                f"Temporal or its worker was away for {patience:.0f} s, so no demo case was made. "
                "Start them, then run `manage.py demo seed` again."
            )
        if not said:
            say("Waiting for Temporal and its worker.")
            said = True
        time.sleep(0.5)


def _worker_is_there() -> bool:
    try:
        polling = gateway.workers_polling(timedelta(seconds=2))
    except gateway.GatewayError:
        return False
    return bool(set(polling) & heartbeats.alive())
