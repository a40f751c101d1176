"""Takes the pictures of the tour: small, and without what changes while one looks."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

MOST_BYTES = 80_000
COLOURS = (192, 96, 48, 24)
"""As many as fit: pages have few, photographs many."""
PHONE, DESK = (360, 780), (1280, 860)
"""Widths and heights, in CSS pixels; a tall page is cut at the second."""
TALLEST = {PHONE[0]: 1100, DESK[0]: 1200}


LOOK_AT = """at => {
    document.activeElement?.blur();
    if (at) document.querySelector(at).scrollIntoView(); else scrollTo(0, 0);
}"""


class Camera:
    """Keeps pictures as `folder/<name>.png`, and remembers which."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.taken: list[str] = []

    def take(self, page: Page, name: str, *, whole: bool = False, at: str = "") -> None:
        """A picture of what a window shows.

        Args:
            whole: more than the window, down to `TALLEST`.
            at: the part of the page that is scrolled to the top.
        """
        page.evaluate(LOOK_AT, at)
        page.evaluate("Promise.all([...document.images].map((each) => each.decode().catch(() => null)))")
        width = page.viewport_size["width"] if page.viewport_size else DESK[0]
        shot = page.screenshot(full_page=whole, animations="disabled", caret="hide")
        picture = Image.open(io.BytesIO(shot)).convert("RGB")
        picture = picture.crop((0, 0, width, min(picture.height, TALLEST[width])))
        (self._folder / f"{name}.png").write_bytes(_small(picture))
        self.taken.append(name)


def _small(picture: Image.Image) -> bytes:
    for colours in COLOURS:
        out = io.BytesIO()
        few = picture.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            return out.getvalue()
    raise ValueError(f"the picture has {out.tell()} bytes even with {colours} colours: show less")
