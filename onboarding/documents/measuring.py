"""Numbers about one stored page, for `quality` and `prints` to judge. Runs in the process of `decode`.

Everything but the sides is measured on a grey copy of at most 1,024 pixels, so that phones of any resolution
and scanners are measured alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from operator import mul
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
MORE_THAN_NOISE = [255 if value > 3 else 0 for value in range(256)]
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
    """Two perceptual hashes in hexadecimal, of the picture and of its three quarter turns.

    People turn pictures before they send them again. Only small copies are turned here.

    `dhash`, 1,024 bits: is a cell darker than its left neighbour, by more than noise. `phash`, 64 bits: are
    the lowest waves of the picture above their median (Zauner 2010, 3.2.1).
    """
    wide, tall, square = (
        grey.resize((HASH_SIDE + across, HASH_SIDE + down), Image.Resampling.BOX)
        for across, down in ((1, 0), (0, 1), (0, 0))
    )
    turned = [wide] + [
        (wide if turn is Image.Transpose.ROTATE_180 else tall).transpose(turn) for turn in TURNS
    ]
    return [
        {"dhash": _darker(cells), "phash": _strong(waves)}
        for cells, waves in zip(turned, _turns_of(_waves(square)), strict=True)
    ]


def _darker(cells: Image.Image) -> str:
    """Of 33 x 32 cells, row by row: is each darker than the one to its left."""
    left, right = (cells.crop((x, 0, x + HASH_SIDE, HASH_SIDE)) for x in (0, 1))
    return ImageChops.subtract(left, right).point(MORE_THAN_NOISE, "1").tobytes().hex()


Waves = list[list[float]]
"""How strong each of the 8 x 8 lowest waves is: a row for each one down, in it one across after the other."""


def _waves(square: Image.Image) -> Waves:
    """The first corner of the cosine transform of 32 x 32 cells."""
    values = list(map(float, square.tobytes()))
    rows = [values[at : at + HASH_SIDE] for at in range(0, len(values), HASH_SIDE)]
    across = [[sum(map(mul, row, wave)) for row in rows] for wave in _WAVES]
    return [[sum(map(mul, column, wave)) for column in across] for wave in _WAVES]


def _turns_of(waves: Waves) -> Iterator[Waves]:
    """The waves of the picture and of its `TURNS`: a mirror changes the sign of every other wave."""
    places = range(PHASH_SIDE)
    yield waves
    yield [[waves[u][v] * (-1) ** v for u in places] for v in places]
    yield [[waves[v][u] * (-1) ** (u + v) for u in places] for v in places]
    yield [[waves[u][v] * (-1) ** u for u in places] for v in places]


def _strong(waves: Waves) -> str:
    strengths = [each for row in waves for each in row]
    middle = sorted(strengths[1:])[len(strengths) // 2]  # the first one is mere brightness
    bits = "".join("1" if each > middle else "0" for each in strengths)
    return f"{int(bits, 2):0{len(bits) // 4}x}"
