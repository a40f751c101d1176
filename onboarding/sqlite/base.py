"""SQLite as Django has it, with a queue in front of its one writer.

SQLite lets whoever finds it locked sleep and try again, up to 100 ms at a time, and nobody has a turn: under
a few dozen writers some wait for seconds beside an idle disk. Here a writer waits for its turn, which passes
on the moment it is free: a lock among the threads of a process, and a locked file beside the database among
the processes. Readers don't wait, as always in WAL.

The turn only orders writers. What keeps them apart is SQLite itself, so a program that knows no turns (a
backup, the sqlite3 shell) does no harm.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Turn:
    """The right to write to one database, for one thread of one process at a time."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._among_threads = threading.Lock()
        self._file: int | None = None

    def take(self, timeout_seconds: float) -> None:
        """Waits for the turn.

        Raises:
            OperationalError: other threads of this process kept it for too long.
        """
        if not self._among_threads.acquire(timeout=timeout_seconds):
            raise OperationalError("database is locked: the turn to write did not come")
        try:
            # Opened for each turn: a file that a fork shares would not keep parent and child apart.
            self._file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)  # the kernel passes it on when its holder dies
        except BaseException:
            self.pass_on()
            raise

    def pass_on(self) -> None:
        """To another process first, whose writer waits already; our own next one comes after it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        self._among_threads.release()


_turns: dict[str, Turn] = {}
# In a forked child nobody is left who could pass a turn on.
os.register_at_fork(after_in_child=_turns.clear)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that holds the turn from BEGIN to the end of its transaction, or for one statement."""

    _turn: Turn | None = None

    def create_cursor(self, name: Any = None) -> Cursor:  # noqa: ARG002  Django's signature
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.database = self
        return cursor

    def is_usable(self) -> bool:
        """Asked after an error. Ends a transaction of which Django knows nothing, which would lock the file.

        Closing would not end it as long as a cursor of it is still referred to.
        """
        try:
            if not self.in_atomic_block:
                self.connection.rollback()
            self.connection.execute("SELECT 1")
        except sqlite3.Error:
            return False
        return True

    def take_turn(self) -> None:
        """Waits as long as SQLite itself would, which the option `timeout` says."""
        if self._turn is None and not self.is_in_memory_db():
            path = f"{self.settings_dict['NAME']}.turn"
            turn = _turns.setdefault(path, Turn(path))
            turn.take(self.settings_dict["OPTIONS"].get("timeout", 5.0))
            self._turn = turn

    def pass_turn_on(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.pass_on()

    @contextlib.contextmanager
    def turn_for(self, statement: str) -> Iterator[None]:
        """The turn for a statement that writes outside of any transaction."""
        if self._turn is None and self.autocommit and statement.lstrip()[:7].upper().startswith(WRITES):
            self.take_turn()
            try:
                yield
            finally:
                self.pass_turn_on()
        else:
            yield

    def _start_transaction_under_autocommit(self) -> None:
        self.take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self.pass_turn_on()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self.pass_turn_on()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.pass_turn_on()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.pass_turn_on()


class Cursor(base.SQLiteCursorWrapper):
    """A cursor whose writing statements wait for their turn."""

    database: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        with self.database.turn_for(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self.database.turn_for(query):
            return super().executemany(query, param_list)
