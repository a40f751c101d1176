"""Known and unknown addresses: the same status, the same page, the same time (OWASP ASVS 5.0, 6.3.8).

The real views and the real Argon2, thirty pairs in turn: a busy machine is busy for both halves of a pair.
"""

from __future__ import annotations

import gc
import re
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from onboarding import settings as real
from tests.web.people import PASSWORD, make_applicant

pytestmark = [pytest.mark.database, pytest.mark.seconds]

PAIRS = 30
MOST = 1.5
KNOWN = "ana@example.org"
MOMENTS = {"Date", "Expires"}
"""Headers that say when the answer was made: two answers of one pair may lie on both sides of a second."""
Ask = Callable[[Client, str], Any]


@pytest.fixture
def known(settings: Any, transactional_db: None) -> str:
    """An address with an account whose password the real hasher has hashed."""
    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS
    return make_applicant(KNOWN).email


def sign_up(client: Client, email: str) -> Any:
    return client.post("/account/sign-up/", {"email": email, "password1": PASSWORD})


def sign_in(client: Client, email: str) -> Any:
    return client.post("/account/sign-in/", {"login": email, "password": "wrong wrong wrong"})


def reset(client: Client, email: str) -> Any:
    return client.post("/account/password/", {"email": email})


def said(answer: Any) -> tuple[Any, ...]:
    """Everything that an answer says, without what differs from visit to visit and the address itself."""
    body = re.sub(r'value="[^"]{64}"|[a-z0-9]+@example\.org', "", answer.content.decode())
    headers = {name: value for name, value in answer.headers.items() if name not in MOMENTS}
    return answer.status_code, headers, sorted(answer.cookies), body


@pytest.mark.parametrize("ask", [sign_up, sign_in, reset])
def test_nobody_can_tell_by_the_clock_who_has_an_account(ask: Ask, known: str) -> None:
    """Mutants seen red: no `PACE.keep` at the sign-up; the backend hashes nothing for unknown addresses."""
    seconds: dict[bool, list[float]] = {True: [], False: []}
    answers = {}
    ask(Client(), "first@example.org")  # whatever is loaded once
    gc.disable()
    try:
        for number in range(PAIRS):
            for has_account in (number % 2 == 0, number % 2 == 1):
                email = known if has_account else f"n{number}@example.org"
                client = Client()
                began = time.perf_counter()
                answer = ask(client, email)
                seconds[has_account].append(time.perf_counter() - began)
                answers[has_account] = said(answer)
    finally:
        gc.enable()
    assert answers[True] == answers[False]
    medians = {who: statistics.median(each) for who, each in seconds.items()}
    ratio = max(medians.values()) / min(medians.values())
    sys.stdout.write(
        f"{ask.__name__}: known {medians[True] * 1000:.1f} ms, unknown {medians[False] * 1000:.1f} ms, "
        f"ratio {ratio:.2f}\n"
    )
    assert ratio < MOST
