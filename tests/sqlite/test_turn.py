"""SQLite's one writer: everybody gets a turn, whoever dies or breaks passes it on."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from onboarding.sqlite.base import DatabaseWrapper, Turn

WRITERS = 8
SECONDS = 1.5


@pytest.fixture(autouse=True)
def _own_databases(django_db_blocker: Any) -> Iterator[None]:
    """These tests open databases of their own, and never that of the other tests."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one table."""
    path = tmp_path / "rows.sqlite3"
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA journal_mode=WAL")
        plain.execute("CREATE TABLE rows (who TEXT)")
    plain.close()
    return path


def make_wrapper(path: Path, timeout: float = 20) -> DatabaseWrapper:
    """A connection as the settings make them."""
    return DatabaseWrapper(
        {
            "NAME": str(path),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": timeout},
            "AUTOCOMMIT": True,
            "ATOMIC_REQUESTS": False,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": False,
            "TIME_ZONE": None,
            "TEST": {"NAME": None},
        },
        alias="default",
    )


@pytest.fixture
def database(path: Path) -> Iterator[DatabaseWrapper]:
    wrapper = make_wrapper(path)
    yield wrapper
    wrapper.close()


def begin(database: DatabaseWrapper) -> None:
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(database: DatabaseWrapper) -> None:
    database.commit()
    database.set_autocommit(True)


def insert(database: DatabaseWrapper, who: str) -> None:
    with database.cursor() as cursor:
        cursor.execute("INSERT INTO rows VALUES (%s)", [who])


def is_free(path: Path) -> bool:
    """Whether somebody else would get the turn at once."""
    asked = subprocess.run(
        [sys.executable, "-c", TAKE_AND_LEAVE, f"{path}.turn"], timeout=20, check=False, capture_output=True
    )
    return asked.returncode == 0


TAKE_AND_LEAVE = """
import fcntl, sys
fcntl.flock(open(sys.argv[1], "w"), fcntl.LOCK_EX | fcntl.LOCK_NB)
"""
HOLD = """
import fcntl, sys, time
handle = open(sys.argv[1], "w")
fcntl.flock(handle, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


def test_every_writer_has_its_turn(path: Path) -> None:
    """Eight threads write as fast as they can, and the unluckiest does a fifth of the luckiest or more.

    Seen: 21 to 50 transactions each. Mutant seen red: without the turn most had one, and the luckiest 238.
    """
    written: dict[str, int] = {}
    over = time.monotonic() + SECONDS

    def write(who: str) -> None:
        database = make_wrapper(path)
        count = 0
        while time.monotonic() < over:
            begin(database)
            insert(database, who)
            time.sleep(0.003)  # a transaction in which something is done
            end(database)
            count += 1
        database.close()
        written[who] = count

    threads = [threading.Thread(target=write, args=(str(number),)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written) == WRITERS
    assert min(written.values()) * 5 >= max(written.values()) > 0, written


@pytest.mark.parametrize("way", ["commit", "rollback", "close"])
def test_the_end_of_a_transaction_passes_the_turn_on(database: DatabaseWrapper, path: Path, way: str) -> None:
    """Mutant seen red for each: the method left out of the wrapper."""
    begin(database)
    insert(database, "a")
    assert not is_free(path)
    getattr(database, way)()
    assert is_free(path)


def test_a_statement_of_its_own_waits_for_its_turn_and_passes_it_on(
    database: DatabaseWrapper, path: Path
) -> None:
    """Mutant seen red: single statements go past the queue."""
    other = make_wrapper(path, timeout=0.1)
    begin(other)
    short = make_wrapper(path, timeout=0.1)
    with pytest.raises(OperationalError, match="turn"):
        insert(short, "b")
    end(other)
    insert(database, "c")
    assert is_free(path)
    other.close()
    short.close()


def test_readers_do_not_wait(database: DatabaseWrapper, path: Path) -> None:
    begin(database)
    reader = make_wrapper(path, timeout=0.1)
    with reader.cursor() as cursor:
        assert cursor.execute("SELECT COUNT(*) FROM rows").fetchone() == (0,)
    reader.close()


def test_a_transaction_that_could_not_begin_passes_the_turn_on(path: Path) -> None:
    """Somebody who knows no turns holds SQLite's own lock. Mutant seen red: no `except` around BEGIN."""
    stranger = sqlite3.connect(path, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    database = make_wrapper(path, timeout=0.05)
    with pytest.raises(OperationalError, match="locked"):
        begin(database)
    assert is_free(path)
    stranger.close()
    begin(database)
    end(database)
    database.close()


def test_a_statement_that_fails_passes_the_turn_on(database: DatabaseWrapper, path: Path) -> None:
    with pytest.raises(OperationalError, match="no such table"), database.cursor() as cursor:
        cursor.execute("INSERT INTO nowhere VALUES (1)")
    assert is_free(path)


def test_a_transaction_that_nobody_knows_of_ends_with_its_first_error(
    database: DatabaseWrapper, path: Path
) -> None:
    """Else the file would be locked until the process ends. Mutant seen red: no `rollback`."""
    with database.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="within a transaction"):
        begin(database)
    database.close_if_unusable_or_obsolete()
    other = make_wrapper(path, timeout=0.1)
    insert(other, "d")
    insert(database, "e")
    other.close()


def test_a_connection_that_broke_is_replaced(database: DatabaseWrapper) -> None:
    """Mutant seen red: it counts as usable, as with Django's own backend."""
    insert(database, "f")
    database.connection.close()
    with pytest.raises(Exception, match="closed"):
        insert(database, "g")
    database.close_if_unusable_or_obsolete()
    insert(database, "h")


def test_the_turn_of_a_killed_process_is_free(database: DatabaseWrapper, path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, f"{path}.turn"], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    began: list[float] = []

    def write() -> None:
        begin(database)
        began.append(time.monotonic())
        end(database)

    thread = threading.Thread(target=write)
    database.inc_thread_sharing()
    thread.start()
    thread.join(timeout=0.2)
    assert thread.is_alive()
    assert not began
    holder.kill()
    thread.join(timeout=20)
    assert began
    holder.wait()
    holder.stdout.close()


def test_a_turn_that_does_not_come_is_an_error_of_the_database(tmp_path: Path) -> None:
    turn = Turn(str(tmp_path / "x.turn"))
    turn.take(1)
    with pytest.raises(OperationalError):
        turn.take(0.05)
    turn.pass_on()
    turn.take(1)
    turn.pass_on()


def test_a_turn_that_cannot_be_written_down_is_not_kept(tmp_path: Path) -> None:
    """Mutant seen red: a folder that is gone locks all threads for ever."""
    turn = Turn(str(tmp_path / "gone" / "x.turn"))
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            turn.take(0.05)


def test_the_service_uses_it(settings: Any) -> None:
    engine = settings.DATABASES["default"]["ENGINE"]
    assert engine in {"onboarding.sqlite", "django.db.backends.postgresql"}
