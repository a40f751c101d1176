"""Whether two pages are the same picture, though not the same bytes. Arithmetic only.

What `measuring` makes of a picture stays nearly the same when it is saved again, made smaller, a little
brighter or turned by a quarter. A picture that was cropped or taken anew has another print. docs/checks.md
has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

BANDS = 4
BAND_BITS = 16
TELLING_BITS = 80
"""Fewer edges than this among 1,024 cells are the outline of a form, which all documents of a kind share."""
SAME_WAVES = 4
"""Differing bits of the 64 of `phash`."""
SAME_CELLS = 0.15
ALIKE_CELLS = 0.4
"""Differing bits of `dhash`, as a share of those that are set."""


@dataclass(frozen=True, slots=True)
class Print:
    """What a page looks like: two hashes in hexadecimal, of 64 and 1,024 bits."""

    phash: str
    dhash: str

    @property
    def is_telling(self) -> bool:
        """Whether there is enough in it to be told from other pages of its kind."""
        return int(self.dhash, 16).bit_count() >= TELLING_BITS

    @property
    def bands(self) -> tuple[int, ...]:
        """`phash` in four parts: prints that differ in three bits or fewer have one in common."""
        size = BAND_BITS // 4
        return tuple(int(self.phash[at : at + size], 16) for at in range(0, BANDS * size, size))


def difference(one: Print, other: Print) -> float | None:
    """How far two telling prints are apart, as a share of their edges; None where they are not alike at all.

    At most `SAME_CELLS` is the same picture saved again, at most `ALIKE_CELLS` one that was worked on.
    """
    if not (one.is_telling and other.is_telling):
        return None
    if (int(one.phash, 16) ^ int(other.phash, 16)).bit_count() > SAME_WAVES:
        return None
    cells, others = int(one.dhash, 16), int(other.dhash, 16)
    share = (cells ^ others).bit_count() / min(cells.bit_count(), others.bit_count())
    return share if share <= ALIKE_CELLS else None
