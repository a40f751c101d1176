"""Drawn documents for the demo: obviously nobody's, and good enough for the automated checks."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 960, 610
"""Above the resolution that the checks hint at."""
INK, PAPER, BAND, FACE, MARK = (25, 35, 60), (232, 238, 244), (46, 90, 136), (196, 164, 140), (206, 84, 84)


def document(title: str, lines: tuple[str, ...], *, portrait: bool = True, width: int = WIDTH) -> bytes:
    """A JPEG of a made-up document.

    Args:
        title: in the band at the top.
        lines: what is printed on it.
        portrait: whether it shows a face; backs don't.
        width: pixels; the height follows. Below 945 the checks hint at a low resolution.
    """
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    for y in range(90, HEIGHT, 14):
        pen.line((0, y, WIDTH, y + 40), fill=(214, 224, 233))
    pen.rectangle((0, 0, WIDTH, 84), fill=BAND)
    pen.text((32, 24), title, fill=PAPER, font=_font(34))
    left = 40
    if portrait:
        pen.rectangle((40, 130, 290, 440), fill=(250, 250, 250), outline=INK, width=3)
        pen.ellipse((105, 170, 225, 310), fill=FACE)
        pen.ellipse((75, 320, 255, 520), fill=BAND)
        pen.rectangle((40, 440, 290, 530), fill=PAPER)
        left = 330
    for number, line in enumerate(lines):
        pen.text((left, 140 + 52 * number), line, fill=INK, font=_font(28))
    pen.text((40, HEIGHT - 70), "SPECIMEN <<< NOT A DOCUMENT <<<<<<<<<<<", fill=MARK, font=_font(30))
    return _jpeg(picture.resize((width, width * HEIGHT // WIDTH)) if width != WIDTH else picture)


def blank() -> bytes:
    """A picture with nothing on it: the checks ask for another one."""
    return _jpeg(Image.new("RGB", (WIDTH, HEIGHT), (120, 120, 120)))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
