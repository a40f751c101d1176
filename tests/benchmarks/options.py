"""How much is measured: the full run, or a reduced one that only shows that everything works."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Options:
    """`quick` makes everything small; its figures are never a measurement."""

    pairs: int = 9
    quick: bool = False
    in_flight: int = 16
    seconds_each: float = 600.0
    began: float = field(default_factory=time.monotonic)

    def size(self, full: int, quick: int) -> int:
        """How many of something: `full`, or `quick` in a reduced run."""
        return quick if self.quick else full

    def begin(self) -> Options:
        """The same options for the next benchmark, with a fresh time limit."""
        return Options(self.pairs, self.quick, self.in_flight, self.seconds_each)

    def time_left(self) -> float:
        return self.began + self.seconds_each - time.monotonic()
