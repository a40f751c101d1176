"""`python -m tests.benchmarks [NAME ...]`: measures, prints both sides, exits 1 when a gate is missed."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys

from tests.benchmarks import machine
from tests.benchmarks.bed import Bed, BedBroken, running_bed, versions
from tests.benchmarks.options import Options
from tests.benchmarks.pairs import FEWEST_PAIRS
from tests.benchmarks.report import Result

ROWS = {
    "life-history": "life_history",
    "signup-ceiling": "signup_ceiling",
    "status-read": "status_read",
    "decide-active": "decide_active",
    "status-under-signup": "status_under_signup",
    "upload-visible": "upload_visible",
    "upload-rate": "upload_rate",
    "open-pages": "open_pages",
    "desk-scale": "desk_scale",
}
"""Name → module, in the order in which they run."""
ENGINES = {
    "sqlite": (
        "Temporal on a SQLite file (WAL, synchronous=FULL, one shard), our rows on another "
        "(WAL, synchronous=FULL): both sides are on disk before they answer"
    ),
    "postgres": (
        "Temporal (four shards) and our rows on one Postgres server (fsync and synchronous_commit on), "
        "the lists of workflows in a SQLite file: both sides are on disk before they answer"
    ),
}
"""Name → the durability of both sides."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(ROWS)}; all by default")
    parser.add_argument("--pairs", type=int, default=9, help=f"at least {FEWEST_PAIRS} for a measurement")
    parser.add_argument("--quick", action="store_true", help="everything small: shows that it works, no more")
    parser.add_argument("--in-flight", type=int, default=16, help="requests at the same time, on both sides")
    parser.add_argument("--seconds", type=float, default=600, help="limit for the pairs of each benchmark")
    parser.add_argument("--engine", choices=[*ENGINES, "both"], default="both", help="where everything lives")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.names) - set(ROWS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    if chosen.engine == "both":  # settings are read once a process
        again = [sys.executable, "-m", "tests.benchmarks", *arguments, "--engine"]
        return max([subprocess.run([*again, engine], check=False).returncode for engine in ENGINES])
    options = Options(chosen.pairs, chosen.quick, chosen.in_flight, chosen.seconds)
    say(f"machine: {machine.description()}")
    if machine.is_busy():
        say("BUSY MACHINE: other programs were running; compare ratios with care, and rates not at all")
    try:
        with running_bed(chosen.engine) as bed:
            say(f"versions: {versions()}")
            say(f"engine {chosen.engine}: {ENGINES[chosen.engine]}")
            say(f"fsync of 4 KiB: {machine.fsyncs_per_second(bed.folder):.0f}/s")
            say(f"flags: {options.pairs} pairs, {options.in_flight} in flight, one web process, one worker")
            results = [_run(name, bed, options) for name in chosen.names or ROWS]
    except BedBroken as failure:
        say(f"BROKEN: {failure}")
        return 1
    return _verdict(results, quick=options.quick)


def _run(name: str, bed: Bed, options: Options) -> Result:
    say(f"\n{name}")
    result: Result = importlib.import_module(f"tests.benchmarks.{ROWS[name]}").run(bed, options)
    for line in result.lines:
        say(line)
    return result


def _verdict(results: list[Result], *, quick: bool) -> int:
    """0 when every gate holds. A reduced run only shows that it works: it holds nobody against a gate."""
    say(f"\nload at the end: {machine.description().rpartition('load ')[2]}")
    if quick:
        say("REDUCED RUN: these figures are not a measurement, and no gate was held against them.")
        return 0
    failures = [failure for result in results for failure in result.failures]
    failures += [f"{result.name}: not measured" for result in results if not result.is_measurement]
    for failure in failures:
        say(f"FAILED {failure}")
    return 1 if failures else 0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
