"""How much is measured: the full run, or a reduced one that only shows that everything works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """`quick` makes everything small; its figures are never a measurement."""

    pairs: int = 9
    quick: bool = False
    in_flight: int = 16
    seconds_each: float = 600.0

    def size(self, full: int, quick: int) -> int:
        """How many of something: `full`, or `quick` in a reduced run."""
        return quick if self.quick else full
