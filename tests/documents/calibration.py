"""What the checks of pictures find, counted: `python -m tests.documents.calibration --write`.

Draws documents, degrades each in every way at several strengths, judges them as a stored page is judged, and
prints how many were sent back, got a hint, or passed. `--write` puts the table into docs/checks.md.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from onboarding.documents import measuring, pixels, prints, quality
from onboarding.documents.quality import Page
from onboarding.domain.findings import Light
from tests.documents import drawings

DOCS = Path(__file__).resolve().parents[2] / "docs" / "checks.md"
MARKS = ("<!-- table: python -m tests.documents.calibration --write -->", "<!-- end of the table -->")
FIRST_SEED = 100
"""The thresholds were chosen by looking at the drawings 0, 1 and 2; the table counts others."""
DRAWINGS = 4
"""Of each kind, for the table in the documentation."""
Picture = Image.Image
Degrade = Callable[[Picture, int], Picture]

DEGRADATIONS: dict[str, Degrade] = {
    "none": lambda picture, _: picture,
    "blurred, radius 1.5": lambda picture, _: drawings.blurred(picture, 1.5),
    "blurred, radius 3": lambda picture, _: drawings.blurred(picture, 3),
    "blurred, radius 5": lambda picture, _: drawings.blurred(picture, 5),
    "blurred, radius 9": lambda picture, _: drawings.blurred(picture, 9),
    "blurred, radius 15": lambda picture, _: drawings.blurred(picture, 15),
    "shaken by 12 pixels": lambda picture, _: drawings.shaken(picture, 12),
    "shaken by 40 pixels": lambda picture, _: drawings.shaken(picture, 40),
    "dark, half the light": lambda picture, seed: drawings.dark(picture, 0.5, seed),
    "dark, a fifth": lambda picture, seed: drawings.dark(picture, 0.2, seed),
    "dark, a tenth": lambda picture, seed: drawings.dark(picture, 0.1, seed),
    "dark, a fortieth": lambda picture, seed: drawings.dark(picture, 0.025, seed),
    "bright, 1.5 times": lambda picture, _: drawings.bright(picture, 1.5),
    "bright, 2.5 times": lambda picture, _: drawings.bright(picture, 2.5),
    "bright, 12 times": lambda picture, _: drawings.bright(picture, 12),
    "glare over a fifth of the width": lambda picture, seed: drawings.glare(picture, 0.1, seed),
    "glare over half of the width": lambda picture, seed: drawings.glare(picture, 0.25, seed),
    "glare that fills the picture": lambda picture, seed: drawings.glare(picture, 0.6, seed),
    "noisy, 15 levels": lambda picture, seed: drawings.grainy(picture, random.Random(seed), 15),
    "noisy, 40 levels": lambda picture, seed: drawings.grainy(picture, random.Random(seed), 40),
    "turned by a quarter": lambda picture, _: picture.transpose(Image.Transpose.ROTATE_90),
    "turned by 12 degrees": lambda picture, _: picture.rotate(12, Image.Resampling.BICUBIC),
    "cropped to 60 %": lambda picture, seed: drawings.cropped(picture, 0.6, seed),
    "JPEG quality 15": lambda picture, _: drawings.resaved(picture, 15),
    "500 pixels": lambda picture, _: drawings.shrunk(picture, 500),
    "250 pixels": lambda picture, _: drawings.shrunk(picture, 250),
}
"""Pixels are those of a photograph of 1,600 x 1,200, in which the document fills four fifths or more."""

COPIES: dict[str, Degrade] = {
    "saved again, JPEG quality 85": lambda picture, _: drawings.resaved(picture, 85),
    "saved again, JPEG quality 40": lambda picture, _: drawings.resaved(picture, 40),
    "half the size": lambda picture, _: drawings.shrunk(picture, min(picture.size) // 2),
    "a fifth brighter": lambda picture, _: drawings.bright(picture, 1.2),
    "a third darker": lambda picture, seed: drawings.dark(picture, 0.67, seed),
    "turned by a quarter, saved again": lambda picture, _: drawings.resaved(
        picture.transpose(Image.Transpose.ROTATE_270), 85
    ),
    "5 % cut off": lambda picture, seed: drawings.cropped(picture, 0.95, seed),
    "turned by 3 degrees": lambda picture, _: picture.rotate(3, Image.Resampling.BICUBIC),
}


@dataclass
class Row:
    """What became of one degradation."""

    passed: int = 0
    hints: Counter[str] = field(default_factory=Counter)
    hinted: int = 0
    unusable: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.passed + self.hinted + self.unusable.total()

    def count(self, page: Page) -> None:
        reasons = [each.code for each in page.judgements if each.unusable]
        hints = [each.code for each in page.judgements if each.light is Light.WARN]
        if reasons:
            self.unusable[reasons[0]] += 1
        elif hints:
            self.hinted += 1
            self.hints.update(hints)
        else:
            self.passed += 1


def examined(picture: Picture) -> Page:
    """The page as the checks see it: a JPEG that was opened and measured, but without the limited process."""
    stored = pixels.jpeg(picture)
    measures, turns = quality.measures_from(measuring.measures_of(pixels.stored_page(stored)))
    return Page("", tuple(quality.judge(measures)), turns)


def good_pictures(count: int) -> Iterator[tuple[int, Picture]]:
    """`count` photographs of each kind, with a seed for what is done to them."""
    for kind in drawings.KINDS:
        for seed in range(FIRST_SEED, FIRST_SEED + count):
            yield seed, drawings.photograph(kind, seed)


def qualities(count: int, names: Sequence[str] = ()) -> dict[str, Row]:
    """The table of degradations; `names` choose among them."""
    rows = {name: Row() for name in names or DEGRADATIONS}
    for seed, picture in good_pictures(count):
        for name, row in rows.items():
            row.count(examined(DEGRADATIONS[name](picture, seed)))
    if not names:
        rows["flat scans on white"] = row = Row()
        for kind in drawings.KINDS:
            for seed in range(FIRST_SEED, FIRST_SEED + count):
                row.count(examined(drawings.scan(kind, seed)))
        for kind in ("colour", "noise", "table"):
            rows[f"no document: {kind}"] = row = Row()
            for seed in range(FIRST_SEED, FIRST_SEED + count):
                row.count(examined(drawings.empty(kind, seed)))
    return rows


def copies(count: int, names: Sequence[str] = ()) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """What is said of copies of a picture, by what was done to them, and of pairs of other pictures."""
    pictures = list(good_pictures(count))
    pages = [examined(picture) for _, picture in pictures]
    found: dict[str, Counter[str]] = {name: Counter() for name in names or COPIES}
    for (seed, picture), page in zip(pictures, pages, strict=True):
        for name, said in found.items():
            said[_said(examined(COPIES[name](picture, seed)), page)] += 1
    others = Counter(_said(one, other) for at, one in enumerate(pages) for other in pages[at + 1 :])
    return found, others


def _said(page: Page, other: Page) -> str:
    """ "same", "alike" or "other": what `lookalikes` would say, had it been among the candidates."""
    if not any(set(turn.bands) & set(other.turns[0].bands) for turn in page.turns):
        return "other"
    found = [each for turn in page.turns if (each := prints.difference(turn, other.turns[0])) is not None]
    if not found:
        return "other"
    return "same" if min(found) <= prints.SAME_CELLS else "alike"


def table(count: int) -> str:
    """Both tables as Markdown."""
    out = [
        f"{count} drawings of each of {len(drawings.KINDS)} kinds ({'; '.join(drawings.KINDS)}), "
        "photographed in as many ways.",
        "",
        "| what was done to the picture | pictures | passed | hint for staff | sent back |",
        "|---|---|---|---|---|",
    ]
    for name, row in qualities(count).items():
        hints = f"{row.hinted}{_named(row.hints)}"
        back = f"{row.unusable.total()}{_named(row.unusable)}"
        out.append(f"| {name} | {row.total} | {row.passed} | {hints} | {back} |")
    found, others = copies(count)
    out += [
        "",
        "| the same picture | pictures | same | nearly the same | not found |",
        "|---|---|---|---|---|",
    ]
    for name, said in found.items():
        out.append(f"| {name} | {said.total()} | {said['same']} | {said['alike']} | {said['other']} |")
    said = others
    out.append(f"| other pictures | {said.total()} | {said['same']} | {said['alike']} | {said['other']} |")
    return "\n".join(out)


def _named(counts: Counter[str]) -> str:
    return (
        f" ({', '.join(f'`{code}` {number}' for code, number in sorted(counts.items()))})" if counts else ""
    )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.documents.calibration", description=__doc__)
    parser.add_argument("--drawings", type=int, default=DRAWINGS, help="of each kind")
    parser.add_argument("--write", action="store_true", help="put the table into docs/checks.md")
    options = parser.parse_args(arguments)
    made = table(options.drawings)
    sys.stdout.write(made + "\n")
    if options.write:
        page = DOCS.read_text(encoding="utf-8")
        before, _, rest = page.partition(MARKS[0])
        _, _, after = rest.partition(MARKS[1])
        DOCS.write_text(f"{before}{MARKS[0]}\n\n{made}\n\n{MARKS[1]}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
