"""`manage.py relay --once`: what is owed is delivered, and what isn't is said."""

from __future__ import annotations

import pytest
from django.core.management import CommandError

from onboarding import clock
from onboarding.models.outbox import OutboxMessage
from temporal_app import connection, gateway
from tests.commands.conftest import Run
from tests.desk.cases import make_row

pytestmark = pytest.mark.database


def test_without_temporal_everything_waits(run: Run, db: None):
    make_row(place="new")
    with pytest.raises(CommandError, match="0 delivered, 1 waiting, 0 parked"):
        run("relay", "--once")


def test_parked_messages_are_counted_apart(run: Run, db: None):
    """Mutant: parked rows counted as waiting."""
    make_row(place="new")
    OutboxMessage.objects.update(parked_at=clock.now())
    with pytest.raises(CommandError, match="0 delivered, 0 waiting, 1 parked"):
        run("relay", "--once")


@pytest.mark.temporal
@pytest.mark.django_db(transaction=True)
def test_one_sweep_delivers_what_was_left_behind(run: Run, worker: object, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as away:
        away.setattr(gateway, "_call", lambda *_: (_ for _ in ()).throw(gateway.Unavailable("away")))
        row = make_row(place="new")
    connection.forget()
    OutboxMessage.objects.update(next_attempt_at=clock.now())
    assert "1 delivered, 0 waiting, 0 parked." in run("relay", "--once")
    assert gateway.snapshot(str(row.pk)).case.version == 1
