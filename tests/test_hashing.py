"""Passwords: Argon2id at OWASP's minimum, and never where it would hold up everybody."""

from __future__ import annotations

import asyncio
import re
import threading
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth import hashers
from django.urls import reverse

from onboarding import settings as real
from onboarding.hashers import OwaspArgon2PasswordHasher
from onboarding.lanes import Lanes
from onboarding.models.people import User

OWASP_MINIMUM = {"m": 19_456, "t": 2, "p": 1}
"""OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane."""


def test_new_passwords_are_hashed_with_argon2id_at_owasps_minimum(settings: Any) -> None:
    """Mutants seen red: half the memory; one pass; another hasher first."""
    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS
    kind, variant, version, cost = hashers.make_password("x").split("$")[:4]
    assert (kind, variant, version) == ("argon2", "argon2id", "v=19")
    got = {name: int(value) for name, value in re.findall(r"([mtp])=(\d+)", cost)}
    assert got["m"] >= OWASP_MINIMUM["m"]
    assert got["t"] >= OWASP_MINIMUM["t"]
    assert got["p"] == OWASP_MINIMUM["p"]


def test_a_password_of_an_older_hasher_is_hashed_anew_at_the_next_sign_in(settings: Any) -> None:
    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS
    old = hashers.make_password("x", hasher="pbkdf2_sha256")
    seen: list[str] = []
    assert hashers.check_password("x", old, setter=seen.append)
    assert seen == ["x"]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["sign_in", "unknown", "sign_up"])
def test_no_password_is_hashed_on_the_event_loop(
    way: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a lane, whose thread runs no loop. Mutant seen red: the view is called on the loop itself."""
    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS
    User.objects.create_user("ana@example.org", "correct horse battery staple")
    where: list[str] = []

    for name in ("encode", "verify"):
        plain = getattr(OwaspArgon2PasswordHasher, name)

        def hashing(self: Any, *arguments: Any, _plain: Any = plain) -> Any:
            with pytest.raises(RuntimeError):
                asyncio.get_running_loop()
            where.append(threading.current_thread().name)
            return _plain(self, *arguments)

        monkeypatch.setattr(OwaspArgon2PasswordHasher, name, hashing)
    address = "ana@example.org" if way == "sign_in" else f"{way}@example.org"
    typed = {"login": address, "email": address, "password": "wrong", "password1": "another good passphrase"}
    status = asyncio.run(post(reverse("account_signup" if way == "sign_up" else "account_login"), typed))
    assert status == (302 if way == "sign_up" else 422)
    assert where
    assert all(name.startswith("lane") for name in where)


async def post(path: str, typed: dict[str, str]) -> int:
    """Sends a form to the application as uvicorn would; returns the status."""
    body = "&".join(f"{name}={value}" for name, value in typed.items()).replace(" ", "+").encode()
    token = "t" * 32
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "client": ("127.0.0.1", 1),
        "headers": [
            (b"host", b"testserver"),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", str(len(body)).encode()),
            (b"x-csrftoken", token.encode()),
            (b"cookie", f"csrftoken={token}".encode()),
        ],
    }
    asked = ApplicationCommunicator(Lanes(), scope)
    await asked.send_input({"type": "http.request", "body": body})
    start = await asked.receive_output(20)
    return int(start["status"])
