"""`desk-scale`: queue, filters, case page, search with a million cases, divided by those with ten thousand.

The open part of the cases grows with them: one in a hundred waits for a review, four for the applicant. Pages
are asked for in this process, template and all, without the way over the network.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onboarding import clock
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.records import days, search
from tests.benchmarks import desk_rows
from tests.benchmarks.bed import Bed, BedBroken
from tests.benchmarks.options import Options
from tests.benchmarks.report import Result
from tests.sessions import open_session

NAME = "desk-scale"
GATE, GOAL = 1.3, 1.1
SEARCH_GATE_MS, SEARCH_GOAL_MS = 100.0, 20.0
DASHBOARD_GATE_MS, DASHBOARD_GOAL_MS = 1000.0, 300.0
SMALL, LARGE = 10_000, 1_000_000


@dataclass(frozen=True)
class Look:
    """Milliseconds of one page, the median of several, and how many statements it took."""

    ms: float
    statements: int


def run(_bed: Bed, options: Options) -> Result:
    """The small part first, then the rest is added to it; both are measured in the same way."""
    result = Result(NAME, is_measurement=not options.quick)
    small, large = options.size(SMALL, 200), options.size(LARGE, 2_000)
    rounds = options.size(25, 2)
    now = clock.now()
    senior = _senior()
    desk_rows.seed(small, now)
    before = {name: look(ask, rounds) for name, ask in asks(_signed_in(senior), small).items()}
    began = time.perf_counter()
    desk_rows.seed(large - small, now, first=small)
    result.say(f"  {small} cases, then {large} (added in {time.perf_counter() - began:.0f} s)")
    began = time.perf_counter()
    counted = days.keep(now, threading.Event())
    result.say(f"  {counted} days counted, as the worker does: {time.perf_counter() - began:.1f} s")
    # Signed in anew: on a slow machine the rows take longer than a session may be idle.
    after = {name: look(ask, rounds) for name, ask in asks(_signed_in(senior), large).items()}
    for name, was in before.items():
        _hold(result, name, was, after[name])
    return result


def asks(client: Client, count: int) -> Mapping[str, Callable[[], None]]:
    """What is asked, by name. Words and references of cases in the middle of those that are there."""
    somebody = count // 2
    given, family = desk_rows.name_of(somebody)
    row = Case.objects.get(reference=desk_rows.reference_of(somebody))
    queue = reverse("admin:onboarding_case_changelist")

    def page(address: str) -> Callable[[], None]:
        def ask() -> None:
            answer = client.get(address)
            if answer.status_code != 200:
                raise BedBroken(f"{address} answered {answer.status_code}")

        return ask

    def found(text: str) -> Callable[[], None]:
        def ask() -> None:
            if not search.find(text).hits:
                raise BedBroken(f"nothing is found by {text!r}")

        return ask

    def dashboard() -> None:
        cache.clear()
        page(reverse("admin:desk_dashboard"))()

    return {
        "queue": page(queue),
        "queue, all": page(f"{queue}?tab=all"),
        "queue, expired": page(f"{queue}?tab=all&status__exact=expired"),
        "case page": page(reverse("admin:onboarding_case_change", args=[row.pk])),
        "search: reference": found(row.reference),
        "search: address": found(desk_rows.address_of(somebody)),
        "search: name": found(f"{given} {family}"),
        "search: one letter": found(given[0]),
        "search: two frequent words": found(f"{given} {family.split()[0]}"),
        "dashboard, counted anew": dashboard,
    }


def look(ask: Callable[[], None], rounds: int) -> Look:
    ask()
    with CaptureQueriesContext(connection) as asked:
        ask()
    statements = len(asked)  # now: the next request forgets them
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - began)
    return Look(statistics.median(seconds) * 1000, statements)


def _hold(result: Result, name: str, was: Look, now: Look) -> None:
    """Pages against themselves with fewer cases; searches and dashboard against a promise as well."""
    result.say(f"  {name}: {was.ms:.2f} ms, {was.statements} SQL; then {now.ms:.2f} ms, {now.statements} SQL")
    if name.startswith("search"):
        result.hold(f"    {name}, ms", now.ms, gate=SEARCH_GATE_MS, goal=SEARCH_GOAL_MS)
    elif name.startswith("dashboard"):
        result.hold(f"    {name}, ms", now.ms, gate=DASHBOARD_GATE_MS, goal=DASHBOARD_GOAL_MS)
    else:
        result.hold(f"    {name}, ratio", now.ms / was.ms, gate=GATE, goal=GOAL)
        if now.statements != was.statements:
            result.failures.append(f"{NAME}: {name} takes {now.statements} instead of {was.statements} SQL")


def _senior() -> User:
    user = User.objects.create_user("senior@bench.example", is_staff=True)
    user.groups.add(Group.objects.get(name="senior"))
    return user


def _signed_in(user: User) -> Client:
    """Their browser."""
    client = Client(headers={"host": "127.0.0.1"})
    client.cookies["sessionid"] = open_session(user)
    return client
