"""What a benchmark found, and how it is said."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.benchmarks.pairs import FEWEST_PAIRS, Comparison, Sample


@dataclass
class Result:
    """One benchmark's lines, and whether it may be let through.

    Attributes:
        failures: what keeps the gate shut, one sentence each.
        is_measurement: False for a reduced run and for a machine that never came to rest.
    """

    name: str
    lines: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    is_measurement: bool = True

    def say(self, line: str) -> None:
        self.lines.append(line)

    def hold(self, what: str, value: float, *, gate: float, goal: float) -> None:
        """Holds a figure against its gate; a goal above the gate wants more, not less."""
        sign, sense = (">=", 1) if goal > gate else ("<=", -1)
        held, reached = value * sense >= gate * sense, value * sense >= goal * sense
        self.say(
            f"{what}: {value:.3f}  gate {sign} {gate:g} {'held' if held else 'MISSED'}, "
            f"goal {sign} {goal:g} {'reached' if reached else 'not reached'}"
        )
        if not held:
            self.failures.append(f"{self.name}: {what.strip()} is {value:.3f}, the gate is {sign} {gate:g}")


def tell_comparison(result: Result, comparison: Comparison, *, ours: str, theirs: str, unit: str) -> None:
    """Both sides, the spread of the ratios, the CPU bill, and how many pairs count."""
    result.is_measurement = comparison.is_measurement
    for side, words in (("ours", ours), ("theirs", theirs)):
        samples = comparison.samples(side)
        value = statistics.median(sample.value for sample in samples)
        result.say(f"  {words}: {value:.4g} {unit}  ({_also(samples)})")
        if samples[0].cpu_ms:
            result.say(f"    CPU ms/operation: {_cpu(samples)}")
    ratios = comparison.ratios
    result.say(
        f"  ratio: median {comparison.ratio:.3f}, {min(ratios):.3f}-{max(ratios):.3f}; "
        f"{len(comparison.kept)} pairs count, {len(comparison.discarded)} discarded (machine not at rest)"
    )
    if not comparison.is_measurement:
        result.say(f"  NOT A MEASUREMENT: it needs at least {FEWEST_PAIRS} pairs on a machine at rest")


def _also(samples: Sequence[Sample]) -> str:
    names = samples[0].also
    return ", ".join(
        f"{name} {statistics.median(sample.also[name] for sample in samples):.4g}" for name in names
    )


def _cpu(samples: Sequence[Sample]) -> str:
    bill = {name: statistics.median(each.cpu_ms[name] for each in samples) for name in samples[0].cpu_ms}
    parts = ", ".join(f"{name} {value:.2f}" for name, value in sorted(bill.items()) if value >= 0.005)
    service = sum(value for name, value in bill.items() if name != "harness")
    return f"{service:.2f} without the harness ({parts})"
