"""Drawn documents for the demo: obviously nobody's, and good enough for the automated checks."""

from __future__ import annotations

import io
import random

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
    chance = random.Random(title + "".join(lines))  # noqa: S311  the same words, the same picture
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    for y in range(90, HEIGHT, chance.randint(11, 19)):
        pen.line((0, y, WIDTH, y + chance.randint(-40, 40)), fill=(214, 224, 233))
    pen.rectangle((0, 0, WIDTH, 84), fill=BAND)
    pen.text((32, 24), title, fill=PAPER, font=_font(34))
    left = 40
    if portrait:
        at = chance.choice([40, 660])
        pen.rectangle((at, 130, at + 250, 440), fill=(250, 250, 250), outline=INK, width=3)
        hair = chance.randint(45, 75)
        pen.ellipse((at + 50, 175 - hair // 2, at + 200, 250), fill=(chance.randint(20, 120), 50, 40))
        pen.ellipse((at + 65, 170, at + 185, 310), fill=FACE)
        pen.ellipse((at + 35, 320, at + 215, 520), fill=BAND)
        pen.rectangle((at, 440, at + 250, 530), fill=PAPER)
        left = 330 if at == 40 else 40
    for number, line in enumerate(lines):
        pen.text((left + chance.randint(0, 40), 140 + 52 * number), line, fill=INK, font=_font(28))
    pen.text((40, HEIGHT - 70), "SPECIMEN <<< NOT A DOCUMENT <<<<<<<<<<<", fill=MARK, font=_font(30))
    picture = _on_a_table(picture, chance)
    return _jpeg(picture.resize((width, width * HEIGHT // WIDTH)) if width != WIDTH else picture)


def _on_a_table(document: Image.Image, chance: random.Random) -> Image.Image:
    """A little smaller and askew on some table, as people take pictures: no two look the same."""
    scene = Image.new("RGB", document.size, tuple(chance.randint(60, 150) for _ in range(3)))
    pen = ImageDraw.Draw(scene)
    for x in range(0, WIDTH, chance.randint(40, 120)):
        shade = tuple(chance.randint(60, 150) for _ in range(3))
        pen.line((x, 0, x + chance.randint(-90, 90), HEIGHT), fill=shade, width=chance.randint(2, 14))
    share = chance.uniform(0.86, 0.95)
    document = document.resize((int(WIDTH * share), int(HEIGHT * share)), Image.Resampling.LANCZOS)
    mask = Image.new("L", document.size, 255)
    turn = chance.uniform(-3, 3)
    document = document.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    mask = mask.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    room = (max(0, WIDTH - document.width), max(0, HEIGHT - document.height))
    scene.paste(document, (chance.randint(0, room[0]), chance.randint(0, room[1])), mask)
    return scene


def blank() -> bytes:
    """A picture with nothing on it: the checks ask for another one."""
    return _jpeg(Image.new("RGB", (WIDTH, HEIGHT), (120, 120, 120)))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
