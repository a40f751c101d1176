"""Numbers about one stored page, for `quality` and `prints` to judge. Runs in the process of `decode`.

Everything but the sides is measured on a grey copy of at most 1,024 pixels, so that phones of any resolution
and scanners are measured alike.
"""

from __future__ import annotations

import math
from typing import Any

from PIL import Image, ImageChops, ImageFilter, ImageStat

from onboarding.documents.limits import MEASURES_VERSION

MEASURED_SIDE = 1_024
TILES = (24, 18)
EDGES_SHARE = 0.001
"""So many of the pixels count as the page's sharpest edges: enough for one line of print."""
NEARLY_WHITE, LIGHT = 250, 215
TURNS = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
HASH_SIDE = 32
PHASH_SIDE = 8
_WAVES = [
    [math.cos((2 * x + 1) * wave * math.pi / (2 * HASH_SIDE)) for x in range(HASH_SIDE)]
    for wave in range(PHASH_SIDE)
]


def measures_of(page: Image.Image) -> dict[str, Any]:
    """What `quality.Measures` and `prints.Print` are made of, as JSON values."""
    grey = page.convert("L")
    grey.thumbnail((MEASURED_SIDE, MEASURED_SIDE), Image.Resampling.HAMMING)
    levels = grey.histogram()
    # Two blurs of different width leave what is as fine as print, and neither noise nor shades.
    fine = ImageChops.difference(grey.filter(ImageFilter.BoxBlur(1)), grey.filter(ImageFilter.BoxBlur(3)))
    edges = fine.histogram()
    printed = fine.resize(TILES, Image.Resampling.BOX).histogram()
    smooth = fine.point([255 if value < 2 else 0 for value in range(256)])
    return {
        "version": MEASURES_VERSION,
        "width": page.width,
        "height": page.height,
        "spread": ImageStat.Stat(grey.reduce(4)).stddev[0],
        "brightest": _level(levels, 0.95),
        "contrast": _level(levels, 0.99) - _level(levels, 0.01),
        "edges": _level(edges, 1 - EDGES_SHARE),
        "detail": sum(printed[2:]) / sum(printed),
        "white": sum(levels[NEARLY_WHITE:]) / sum(levels),
        "halo": _halo(grey.histogram(smooth), sum(levels)),
        "turns": _prints(grey),
    }


def _level(histogram: list[int], share: float) -> int:
    """The grey level that this share of the pixels does not exceed."""
    wanted, seen = share * sum(histogram), 0
    for level, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return level
    return 255


def _halo(smooth: list[int], pixels: int) -> float:
    """The share of smooth pixels on the way to white. Light passes through every level, paper has one."""
    steps = [sum(smooth[low : low + 7]) for low in range(LIGHT, NEARLY_WHITE, 7)]
    return min(steps) * len(steps) / pixels


def _prints(grey: Image.Image) -> list[dict[str, str]]:
    """Of the picture and its three quarter turns, because people turn pictures before they send them again.

    What is turned are a few small copies, not the picture.
    """
    wide, tall, square = (
        grey.resize((HASH_SIDE + across, HASH_SIDE + down), Image.Resampling.BOX)
        for across, down in ((1, 0), (0, 1), (0, 0))
    )
    return [_print(wide, square)] + [
        _print((wide if turn is Image.Transpose.ROTATE_180 else tall).transpose(turn), square.transpose(turn))
        for turn in TURNS
    ]


def _print(wide: Image.Image, square: Image.Image) -> dict[str, str]:
    """Two perceptual hashes in hexadecimal, of copies with 33 x 32 and 32 x 32 cells.

    `dhash`, 1,024 bits: is a cell darker than its left neighbour, by more than noise. `phash`, 64 bits: are
    the lowest waves of the picture above their median (Zauner 2010, 3.2.1).
    """
    darker = [row[x] > row[x + 1] + 3 for row in _rows(wide) for x in range(HASH_SIDE)]
    across = [[sum(map(float.__mul__, map(float, row), wave)) for wave in _WAVES] for row in _rows(square)]
    waves = [
        sum(across[y][u] * _WAVES[v][y] for y in range(HASH_SIDE))
        for v in range(PHASH_SIDE)
        for u in range(PHASH_SIDE)
    ]
    middle = sorted(waves[1:])[len(waves) // 2]  # the first one is mere brightness
    return {"dhash": _hexadecimal(darker), "phash": _hexadecimal([wave > middle for wave in waves])}


def _rows(cells: Image.Image) -> list[bytes]:
    values = cells.tobytes()
    return [values[at : at + cells.width] for at in range(0, len(values), cells.width)]


def _hexadecimal(bits: list[bool]) -> str:
    number = sum(1 << place for place, bit in enumerate(reversed(bits)) if bit)
    return f"{number:0{len(bits) // 4}x}"
