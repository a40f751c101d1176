"""The arithmetic of a comparison: interleaved pairs, calibration around each, the median of the ratios."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

FEWEST_PAIRS = 7
"""Fewer pairs than this are a try, never a measurement."""
UNREST_LIMIT = 0.15
"""A pair counts only when the machine was equally fast before and after it, within this share."""


@dataclass(frozen=True)
class Sample:
    """One side of one pair.

    Attributes:
        value: what is compared, in the unit of the benchmark.
        operations: how many operations it stands for.
        cpu_ms: CPU milliseconds per operation, by process.
        also: further figures of the same sample, by name; reported as medians.
    """

    value: float
    operations: int
    cpu_ms: Mapping[str, float] = field(default_factory=dict)
    also: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """Both sides, and the seconds that the same fixed work took before and after them."""

    ours: Sample
    theirs: Sample
    calibration_before: float
    calibration_after: float

    @property
    def ratio(self) -> float:
        return self.ours.value / self.theirs.value

    @property
    def unrest(self) -> float:
        """How far apart the two calibrations are, as a share of the faster one."""
        slow, fast = max(self._calibrations), min(self._calibrations)
        return slow / fast - 1

    @property
    def counts(self) -> bool:
        return self.unrest <= UNREST_LIMIT

    @property
    def _calibrations(self) -> tuple[float, float]:
        return self.calibration_before, self.calibration_after


@dataclass(frozen=True)
class Comparison:
    """All pairs of one benchmark; those that don't count are kept to be reported."""

    kept: tuple[Pair, ...]
    discarded: tuple[Pair, ...]
    wanted: int

    @property
    def is_measurement(self) -> bool:
        """Whether there were enough pairs, and the machine was calm enough for all that were asked for."""
        return len(self.kept) >= max(self.wanted, FEWEST_PAIRS)

    @property
    def ratio(self) -> float:
        """The median of the ratios of the pairs, which is not the ratio of the medians."""
        return statistics.median(self.ratios)

    @property
    def ratios(self) -> tuple[float, ...]:
        """Of the pairs that count; of a try without any, those of all pairs."""
        return tuple(pair.ratio for pair in self.kept or self.discarded)

    def ratio_of(self, name: str) -> float:
        """The median of the pairs' ratios of one of the further figures."""
        pairs = self.kept or self.discarded
        return statistics.median(pair.ours.also[name] / pair.theirs.also[name] for pair in pairs)

    def samples(self, side: str) -> tuple[Sample, ...]:
        """The samples of `ours` or `theirs`."""
        return tuple(getattr(pair, side) for pair in self.kept or self.discarded)


def compare(
    ours: Callable[[], Sample],
    theirs: Callable[[], Sample],
    *,
    calibrate: Callable[[], float],
    pairs: int,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
    tries: int = 8,
) -> Comparison:
    """Measures both sides one after the other, changing who goes first, until enough pairs count.

    The first pair is always measured; no other is begun when the time is up.

    Args:
        ours: measures our side once.
        theirs: measures what ours is divided by.
        calibrate: does the same fixed work each time and returns its seconds.
        pairs: how many pairs have to count.
        seconds: how long pairs may be begun.
        clock: tells the time, in seconds.
        tries: how many times as many pairs as wanted are tried at most.
    """
    kept: list[Pair] = []
    discarded: list[Pair] = []
    over = clock() + seconds
    for attempt in range(tries * pairs):
        if len(kept) == pairs or (attempt and clock() >= over):
            break
        before = calibrate()
        if attempt % 2:
            second, first = theirs(), ours()
        else:
            first, second = ours(), theirs()
        pair = Pair(first, second, before, calibrate())
        (kept if pair.counts else discarded).append(pair)
    return Comparison(tuple(kept), tuple(discarded), pairs)


def median_of(samples: Sequence[Sample], name: str) -> float:
    """The median of one of the further figures."""
    return statistics.median(sample.also[name] for sample in samples)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(1, math.ceil(share * len(ordered))) - 1]
