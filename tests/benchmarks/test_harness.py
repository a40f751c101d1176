"""The harness's own arithmetic. What it measures is never a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.benchmarks import machine
from tests.benchmarks.pairs import Comparison, Pair, Sample, compare, percentile
from tests.benchmarks.report import Result


def make_pair(ours: float, theirs: float, *, before: float = 1.0, after: float = 1.0) -> Pair:
    return Pair(Sample(ours, 1), Sample(theirs, 1), before, after)


def test_the_ratio_is_the_median_of_the_pairs_ratios_not_the_ratio_of_medians() -> None:
    """Mutant: dividing the medians of both sides answers 2/3 here."""
    pairs = tuple(make_pair(ours, theirs) for ours, theirs in ((1, 1), (2, 10), (30, 3)))
    assert Comparison(pairs, (), 3).ratio == 1


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [(1.0, 1.15, True), (1.15, 1.0, True), (1.0, 1.16, False), (1.16, 1.0, False)],
)
def test_a_pair_on_a_restless_machine_does_not_count(before: float, after: float, counts: bool) -> None:
    """Mutant: comparing `after / before` alone lets a machine through that calmed down by half."""
    assert make_pair(1, 1, before=before, after=after).counts is counts


def make_calibration(*seconds: float) -> Iterator[float]:
    yield from seconds
    while True:
        yield 1.0


def test_discarded_pairs_are_repeated() -> None:
    """Mutant: counting every pair ends after two."""
    clock = make_calibration(1.0, 2.0)
    comparison = compare(
        lambda: Sample(3, 1),
        lambda: Sample(1, 1),
        calibrate=lambda: next(clock),
        pairs=2,
        seconds=60,
    )
    assert (len(comparison.kept), len(comparison.discarded)) == (2, 1)


def test_repeating_is_bounded() -> None:
    """Mutant: without the bound a machine that never rests is measured for ever."""
    clock = (seconds for _ in range(1000) for seconds in (1.0, 2.0))
    comparison = compare(
        lambda: Sample(3, 1),
        lambda: Sample(1, 1),
        calibrate=lambda: next(clock),
        pairs=3,
        seconds=60,
        tries=2,
    )
    assert len(comparison.discarded) == 6
    assert not comparison.is_measurement


def test_no_pair_begins_when_the_time_is_up_but_the_first() -> None:
    """Mutant: without the exception a long preparation leaves nothing to report."""
    moments = iter((0.0, 5.0, 10.0))
    comparison = compare(
        lambda: Sample(3, 1),
        lambda: Sample(1, 1),
        calibrate=lambda: 1.0,
        pairs=7,
        seconds=10,
        clock=lambda: next(moments),
    )
    assert len(comparison.kept) == 2


def test_the_sides_take_turns_in_going_first() -> None:
    """Mutant: the same side first each time gives all drift of the machine to the other."""
    order: list[str] = []

    def side(name: str) -> Sample:
        order.append(name)
        return Sample(1, 1)

    compare(lambda: side("ours"), lambda: side("theirs"), calibrate=lambda: 1.0, pairs=2, seconds=60)
    assert order == ["ours", "theirs", "theirs", "ours"]


def test_fewer_than_seven_pairs_are_never_a_measurement() -> None:
    assert not Comparison((make_pair(1, 1),) * 6, (), 6).is_measurement
    assert Comparison((make_pair(1, 1),) * 7, (), 7).is_measurement


def test_a_percentile_is_a_value_that_occurred() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert [percentile(values, share) for share in (0.0, 0.5, 0.99, 1.0)] == [1, 3, 5, 5]


def test_a_missed_gate_is_a_failure_in_either_direction() -> None:
    result = Result("example")
    result.hold("slow", 0.31, gate=0.30, goal=0.10)
    result.hold("fast", 0.30, gate=0.30, goal=0.10)
    result.hold("few", 0.49, gate=0.50, goal=0.80)
    result.hold("many", 0.50, gate=0.50, goal=0.80)
    assert [failure.split()[1] for failure in result.failures] == ["slow", "few"]


def test_the_name_of_a_program_does_not_shift_its_ticks() -> None:
    """Mutant: splitting the line at every space takes a name like this for fields."""
    stat = "42 (a) b (c) S 7 42 42 0 -1 4194560 100 0 0 0 10 20 30 40 20 0 1 0 500 1000 100"
    assert machine.parse_stat(stat) == (7, 100)


def test_a_process_tree_counts_everything_below_its_roots_once() -> None:
    parents = {1: 0, 10: 1, 11: 10, 12: 11, 20: 1}
    assert machine.below(parents, [10, 11, 99]) == {10, 11, 12}
