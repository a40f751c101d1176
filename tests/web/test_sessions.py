"""Sessions: saved inside the transaction that wants it, once, and never forgotten."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onboarding.web.sessions import SessionStore
from tests.web.people import sign_up

pytestmark = pytest.mark.database


def test_what_was_saved_and_not_changed_since_is_not_saved_again(db: None) -> None:
    """Mutant seen red: `save` always saves."""
    session = SessionStore()
    session["a"] = 1
    session.save()
    assert session.modified
    with CaptureQueriesContext(
        connection,
    ) as asked:
        session.save()
    assert len(asked) == 0
    session["a"] = 2
    session.save()
    assert SessionStore(session.session_key)["a"] == 2


def test_a_new_session_is_made_although_nothing_is_in_it(db: None) -> None:
    """As Django's own does. Mutant seen red: only what has changed is saved."""
    session = SessionStore()
    session.save()
    assert Session.objects.filter(session_key=session.session_key).exists()


def test_a_change_inside_a_value_is_saved_when_it_is_announced(db: None) -> None:
    session = SessionStore()
    session["list"] = []
    session.save()
    session["list"].append(1)
    session.modified = True
    session.save()
    assert SessionStore(session.session_key)["list"] == [1]


def test_a_new_key_takes_everything_along(db: None) -> None:
    """As at every sign-in."""
    session = SessionStore()
    session["a"] = 1
    session.save()
    old = session.session_key
    session.cycle_key()
    session.save()
    assert session.session_key != old
    assert SessionStore(session.session_key)["a"] == 1
    assert not Session.objects.filter(session_key=old).exists()


def test_a_key_that_is_taken_is_drawn_again(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's session is overwritten, however unlikely that is."""
    first = SessionStore()
    first["who"] = "first"
    first.save()
    drawn = iter([first.session_key, "another-key-of-some-length"])
    second = SessionStore()
    monkeypatch.setattr(second, "_get_new_session_key", lambda: next(drawn))
    second["who"] = "second"
    second.save()
    assert second.session_key == "another-key-of-some-length"
    assert SessionStore(first.session_key)["who"] == "first"


def test_session_and_sign_up_stand_or_fall_together(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code is in the session: an account without it could not be confirmed. Mutant seen red: the session
    is left to the middleware."""

    def watched(self: SessionStore, must_create: bool = False) -> None:
        if self._unsaved:  # else nothing will be written
            written.append(bool(transaction.get_connection().savepoint_ids))
        original(self, must_create)

    written: list[bool] = []
    original = SessionStore.save
    monkeypatch.setattr(SessionStore, "save", watched)
    assert sign_up(browser).status_code == 302
    assert written
    assert all(written)
