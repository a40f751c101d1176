"""One look for all open pages: a thread that asks the database which of the watched cases have changed.

However many pages wait, it is one query by primary key every half second over one connection; with nobody
waiting there is neither thread nor query.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db import DatabaseError, close_old_connections, connections

from onboarding.models.cases import Case

logger = logging.getLogger(__name__)

PACE_SECONDS = 0.5
AFTER_FAILURE_SECONDS = 2.0
CASES_A_QUERY = 900
"""Older SQLite libraries take at most 999 parameters."""
PAGES_OF_AN_ACCOUNT = 6
PAGES_OF_A_PROCESS = 5_000


class Standing(NamedTuple):
    """What a page of a case depends on: it changes whenever the page would."""

    version: int
    handed_in: int
    clock_offset_seconds: int

    @classmethod
    def of(cls, row: Case) -> Standing:
        return cls(row.version, row.outbox_sequence, row.clock_offset_seconds)


class Crowded(Exception):
    """This account, or this process, has as many open pages as it may."""


class Page:
    """One open page, on the event loop that it was opened on. `known` is what its reader has."""

    __slots__ = ("_loop", "_news", "known", "over")

    def __init__(self, known: Standing) -> None:
        self.known = known
        self.over = False
        """True when the process is about to end: nobody should wait any longer."""
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()

    async def news(self) -> Standing:
        """Waits until the case stands differently than the reader knows; not longer than until `over`."""
        await self._news.wait()
        self._news.clear()
        return self.known

    def tell(self, standing: Standing) -> None:
        if standing != self.known:
            self.known = standing
            self._news.set()

    def end(self) -> None:
        self.over = True
        self._news.set()

    def soon(self, callback: Callable[..., None], *arguments: object) -> None:
        """From any thread. A loop that has ended has no pages any more."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(callback, *arguments)


def look(cases: Sequence[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """How these cases stand now."""
    found: dict[uuid.UUID, Standing] = {}
    for start in range(0, len(cases), CASES_A_QUERY):
        rows = Case.objects.filter(pk__in=cases[start : start + CASES_A_QUERY])
        columns = rows.values_list("pk", "version", "outbox_sequence", "clock_offset_seconds")
        found |= {pk: Standing(*standing) for pk, *standing in columns}
    return found


class Watcher:
    """The open pages of this process, and the thread that looks for them."""

    def __init__(self, pace_seconds: float = PACE_SECONDS) -> None:
        self.pace_seconds = pace_seconds
        self._lock = threading.Lock()
        self._pages: dict[uuid.UUID, set[Page]] = {}
        self._accounts: Counter[int] = Counter()
        self._thread: threading.Thread | None = None
        self._over = False

    @property
    def is_looking(self) -> bool:
        return self._thread is not None

    def is_full(self, account: int) -> bool:
        """True when a page more would be refused."""
        return self._accounts[account] >= PAGES_OF_AN_ACCOUNT or self._accounts.total() >= PAGES_OF_A_PROCESS

    @contextlib.contextmanager
    def page(self, case_id: uuid.UUID, account: int, known: Standing) -> Iterator[Page]:
        """Watches a case for as long as the block runs, on an event loop.

        Args:
            account: whose page it is; each may have `PAGES_OF_AN_ACCOUNT`.
            known: what the reader has been told; anything else is news, also what happened before.

        Raises:
            Crowded: too many are open.
        """
        page = Page(known)
        with self._lock:
            if self.is_full(account):
                raise Crowded
            self._accounts[account] += 1
            self._pages.setdefault(case_id, set()).add(page)
            page.over = self._over
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
                self._thread.start()
        try:
            yield page
        finally:
            with self._lock:
                self._accounts -= Counter({account: 1})
                self._pages[case_id].discard(page)
                if not self._pages[case_id]:
                    del self._pages[case_id]

    def end(self) -> None:
        """Lets all pages end, those that come later too."""
        with self._lock:
            self._over = True
            for page in self._all():
                page.soon(page.end)

    def _run(self) -> None:
        try:
            while cases := self._watched():
                time.sleep(self._looked(cases))
        finally:
            connections.close_all()

    def _watched(self) -> list[uuid.UUID]:
        """The cases to look at. With none left, the thread is no longer ours when this returns."""
        with self._lock:
            if not self._pages:
                self._thread = None
            return list(self._pages)

    def _looked(self, cases: Sequence[uuid.UUID]) -> float:
        """Looks once; returns how many seconds to wait until the next time."""
        try:
            self._tell(look(cases))
        except DatabaseError as error:
            logger.warning("open pages cannot be told of changes: %s", type(error).__name__)
            return AFTER_FAILURE_SECONDS
        finally:
            close_old_connections()
        return self.pace_seconds

    def _tell(self, standings: Mapping[uuid.UUID, Standing]) -> None:
        with self._lock:
            for case_id, standing in standings.items():
                for page in self._pages.get(case_id, ()):
                    if page.known != standing:
                        page.soon(page.tell, standing)

    def _all(self) -> list[Page]:
        return [page for pages in self._pages.values() for page in pages]


watcher = Watcher()
"""The one of this process."""
