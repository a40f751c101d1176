"""The service beyond one machine, while its processes are killed: `make cluster-check`.

Starts the topology of docker-compose.yml without containers, lets people walk from sign-up to decision
through two web processes and two workers, kills one of each (SIGKILL) in the middle, lets everything heal and
checks the invariants. Prints counts, seed, versions and durations; exit code 1 on any violation.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from temporal_app.devserver.build import versions
from tests.faults import ledger as ledgers
from tests.faults.ledger import Outcome
from tests.faults.processes import Component, run_once, until
from tests.faults.topology import HISTORY_SHARDS, Topology

STEPS = 7
"""Acknowledged operations of one walk: sign-up, confirm, profile, upload, submit, review, decide."""
WALK_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Blow:
    """Kills or restarts one process once so much of the work is done (0 to 1)."""

    at: float
    victim: str
    restart: bool = False


def plan(rounds: int, seed: int) -> list[Blow]:
    """In each round one worker and one web process are killed, and come back before the round ends.

    The last round leaves them dead: the other ones have to finish alone.
    """
    chance = random.Random(seed)
    blows = []
    for number in range(rounds):
        start, length = number / rounds, 1 / rounds
        worker, web = f"worker-{chance.randint(1, 2)}", f"web-{chance.randint(1, 2)}"
        blows.append(Blow(start + chance.uniform(0.1, 0.3) * length, web))
        blows.append(Blow(start + chance.uniform(0.3, 0.5) * length, worker))
        if number + 1 < rounds:
            blows += [Blow(start + 0.8 * length, name, restart=True) for name in (worker, web)]
    return sorted(blows, key=lambda blow: blow.at)


@dataclass(frozen=True, slots=True)
class Result:
    counts: dict[str, int]
    kills: dict[str, int]
    seconds: dict[str, float]
    violations: list[str]


def run(folder: Path, *, people: int, rounds: int, seed: int) -> Result:
    """One run in an empty folder.

    Args:
        people: How many sign up.
        rounds: How often a worker and a web process are killed.
        seed: Chooses victims, moments, and which web process a person asks.
    """
    seconds: dict[str, float] = {}
    began = time.monotonic()
    with Topology(folder) as topology:
        seconds["start"] = _lap(began)
        began = time.monotonic()
        walk = Component("walk", _walk_command(topology, people, seed), topology.environment, folder)
        walk.start()
        try:
            _strike(topology, walk, plan(rounds, seed), people * STEPS)
            until(lambda: not walk.runs, WALK_SECONDS, "the walk", 0.2)
            violations = [] if walk.exit_code == 0 else [f"The walk failed: {_tail(walk)}"]
        finally:
            walk.end()
        seconds["walk"] = _lap(began)
        began = time.monotonic()
        command = [sys.executable, "-m", "tests.faults.verdict", "--ledger", str(topology.ledger)]
        command += ["--mails", str(topology.mails), "--worker-kills", str(topology.worker_kills)]
        verdict = json.loads(run_once(command, topology.environment, seconds=180).splitlines()[-1])
        seconds["healing"], seconds["verdict"] = verdict["healing_seconds"], _lap(began)
        kills = {each.name: each.kills for each in (*topology.workers, *topology.webs)}
        violations += _unfinished(topology, people)
    return Result(verdict["counts"], kills, seconds, verdict["violations"] + violations)


def _walk_command(topology: Topology, people: int, seed: int) -> list[str]:
    command = [sys.executable, "-m", "tests.faults.walk", "--ledger", str(topology.ledger)]
    command += ["--people", str(people), "--seed", str(seed)]
    for port in topology.web_ports:
        command += ["--port", str(port)]
    return command


def _strike(topology: Topology, walk: Component, blows: list[Blow], expected: int) -> None:
    named = {each.name: each for each in (*topology.workers, *topology.webs)}
    for blow in blows:
        until(
            lambda blow=blow: _progress(topology) >= blow.at * expected or not walk.runs,
            WALK_SECONDS,
            "the walk",
            0.05,
        )
        (named[blow.victim].start if blow.restart else named[blow.victim].kill)()


def _progress(topology: Topology) -> int:
    return sum(each.outcome is Outcome.OK for each in ledgers.read(topology.ledger))


def _unfinished(topology: Topology, people: int) -> list[str]:
    """The kills must cost nobody the walk: with one of each left, everybody gets a decision."""
    done = Counter(each.operation for each in ledgers.read(topology.ledger) if each.outcome is Outcome.OK)
    missing = {name: people - done[name] for name in ("sign_up", "submit", "review", "decide")}
    return [f"{count} people did not get past {name}" for name, count in missing.items() if count > 0]


def _lap(began: float) -> float:
    return round(time.monotonic() - began, 1)


def _tail(component: Component) -> str:
    return " / ".join(component.log.read_text(encoding="utf-8", errors="replace").splitlines()[-3:])


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=40)
    options.add_argument("--rounds", type=int, default=2, help="kills of a worker and a web process")
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    options.add_argument("--keep", type=Path, help="keep logs and ledger in this empty folder")
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as an exception, so that everything is ended
    say = sys.stdout.write
    say(f"seed {chosen.seed}, {chosen.people} people, {chosen.rounds} rounds of kills\n")
    packages = ("temporalio", "django", "psycopg", "uvicorn")
    say(f"Temporal server {versions().server} on Postgres with {HISTORY_SHARDS} shards, ")
    say(f"Python {platform.python_version()}, {', '.join(f'{name} {version(name)}' for name in packages)}\n")
    with tempfile.TemporaryDirectory(prefix="cluster-") as temporary:
        folder = chosen.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        result = run(folder, people=chosen.people, rounds=chosen.rounds, seed=chosen.seed)
    for name, count in result.counts.items():
        say(f"  {name:<28} {count:>6}\n")
    say(f"  kills: {', '.join(f'{name} {count}' for name, count in result.kills.items())}\n")
    say(f"  seconds: {', '.join(f'{name} {count}' for name, count in result.seconds.items())}\n")
    for violation in result.violations:
        say(f"VIOLATION {violation}\n")
    say("Nothing was lost.\n" if not result.violations else f"{len(result.violations)} violations.\n")
    return 1 if result.violations else 0


if __name__ == "__main__":
    sys.exit(main())
