"""Drawn documents as a phone would photograph them, and what goes wrong with photographs. All seeded.

No drawing is, or looks like, a document that exists.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

SIZE = (1600, 1200)
"""A small photograph: what is true here holds for larger ones, because everything is measured at one size."""
NAMES = ("ERIKSSON", "GARCIA LOPEZ", "OKONKWO", "NAKAMURA", "DE VRIES", "HALIMI", "KOWALSKA", "SILVA")
Picture = Image.Image


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def noise(rng: random.Random, size: tuple[int, int], most: int) -> Picture:
    """Grey values from 0 to twice `most`, evenly spread."""
    grain = Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))
    return grain.point([value * 2 * most // 255 for value in range(256)])


def grainy(picture: Picture, rng: random.Random, most: int) -> Picture:
    """`picture` with sensor noise of at most `most` grey levels up or down, another one in each channel."""
    grain = Image.merge("RGB", [noise(rng, picture.size, most) for _ in range(3)])
    return ImageChops.add(picture, grain, 1, -most)


def _tint(rng: random.Random, low: int, high: int) -> tuple[int, int, int]:
    return (rng.randint(low, high), rng.randint(low, high), rng.randint(low, high))


def _pattern(pen: ImageDraw.ImageDraw, rng: random.Random, size: tuple[int, int]) -> None:
    """The fine waves that documents are printed on."""
    colour, step, wave = _tint(rng, 180, 215), rng.randint(12, 26), rng.uniform(60, 160)
    for offset in range(-40, size[1] + 40, step):
        points = [(x, offset + 10 * math.sin((x + offset) / wave)) for x in range(0, size[0] + 8, 8)]
        pen.line(points, fill=colour, width=2)


def _face(pen: ImageDraw.ImageDraw, rng: random.Random, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    pen.rectangle(box, fill=_tint(rng, 190, 240))
    skin = rng.choice([(236, 202, 178), (198, 152, 118), (141, 94, 62), (92, 60, 42)])
    hair = _tint(rng, 15, 110)
    middle = left + width * rng.uniform(0.44, 0.56)
    pen.ellipse(
        (left + width * 0.05, bottom - height * 0.35, right - width * 0.05, bottom + height * 0.3), fill=hair
    )
    pen.ellipse(
        (middle - width * 0.3, top + height * 0.08, middle + width * 0.3, top + height * 0.6), fill=hair
    )
    pen.ellipse(
        (middle - width * 0.24, top + height * 0.15, middle + width * 0.24, top + height * 0.72), fill=skin
    )
    for side in (-1, 1):
        eye = middle + side * width * 0.1
        pen.ellipse((eye - 7, top + height * 0.38, eye + 7, top + height * 0.38 + 9), fill=(25, 20, 20))
    pen.line(
        (middle - width * 0.1, top + height * 0.58, middle + width * 0.1, top + height * 0.58),
        fill=(120, 50, 50),
        width=4,
    )
    pen.rectangle((left, bottom, right, bottom + height * 0.32), fill=(238, 238, 238))


def _lines(rng: random.Random, count: int) -> list[str]:
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return ["".join(rng.choice(signs) for _ in range(rng.randint(6, 16))) for _ in range(count)]


def card_front(rng: random.Random) -> Picture:
    size = (1280, 806)
    paper = Image.new("RGB", size, _tint(rng, 215, 245))
    pen = ImageDraw.Draw(paper)
    _pattern(pen, rng, size)
    band = _tint(rng, 20, 120)
    pen.rectangle((0, 0, size[0], 110), fill=band)
    pen.text((40, 30), f"IDENTITY CARD  {rng.choice(NAMES)}", fill=(240, 240, 240), font=font(46))
    left = rng.choice([50, 860])
    _face(pen, rng, (left, 170, left + 350, 590))
    at = 450 if left < 400 else 60
    for number, line in enumerate([rng.choice(NAMES), *_lines(rng, 5)]):
        pen.text((at, 170 + 96 * number), "FIELD", fill=(90, 100, 120), font=font(20))
        pen.text((at, 194 + 96 * number), line, fill=(20, 22, 30), font=font(38))
    return paper


def card_back(rng: random.Random) -> Picture:
    size = (1280, 806)
    paper = Image.new("RGB", size, _tint(rng, 210, 245))
    pen = ImageDraw.Draw(paper)
    _pattern(pen, rng, size)
    for number, line in enumerate(_lines(rng, 5)):
        pen.text((rng.randint(40, 420), 50 + 74 * number), line, fill=(30, 32, 40), font=font(34))
    pen.rectangle((rng.randint(860, 960), 60, 1180, rng.randint(240, 330)), fill=_tint(rng, 150, 210))
    pen.rectangle((0, 500, size[0], size[1]), fill=(246, 246, 242))
    for number in range(3):
        text = "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<<<<<<<<") for _ in range(30))
        pen.text((40, 530 + 84 * number), text, fill=(15, 15, 20), font=font(50))
    return paper


def passport(rng: random.Random) -> Picture:
    size = (1250, 880)
    paper = Image.new("RGB", size, _tint(rng, 220, 245))
    pen = ImageDraw.Draw(paper)
    _pattern(pen, rng, size)
    pen.text((60, 40), f"PASSPORT  {rng.choice(NAMES)}", fill=_tint(rng, 10, 90), font=font(44))
    _face(pen, rng, (60, 130, 390, 500))
    for number, line in enumerate([rng.choice(NAMES), *_lines(rng, 6)]):
        pen.text((450 + rng.randint(0, 30), 130 + 78 * number), line, fill=(20, 22, 30), font=font(34))
    for number in range(2):
        text = "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<<<<<<") for _ in range(44))
        pen.text((40, 740 + 64 * number), text, fill=(15, 15, 20), font=font(34))
    return paper


def letter(rng: random.Random) -> Picture:
    size = (1240, 1000)
    paper = Image.new("RGB", size, (252, 252, 250))
    pen = ImageDraw.Draw(paper)
    pen.text((80, 60), f"{rng.choice(NAMES)} UTILITIES", fill=_tint(rng, 10, 120), font=font(44))
    for number in range(rng.randint(12, 18)):
        words = " ".join(_lines(rng, rng.randint(2, 5))).lower()
        pen.text((80, 170 + 44 * number), words[:62], fill=(30, 30, 34), font=font(26))
    return paper


KINDS: dict[str, Callable[[random.Random], Picture]] = {
    "card, front": card_front,
    "card, back": card_back,
    "passport": passport,
    "letter": letter,
}


def table(rng: random.Random, size: tuple[int, int] = SIZE) -> Picture:
    """What a document lies on: wood, cloth or something plain."""
    plain = Image.new("RGB", size, _tint(rng, 50, 170))
    pen = ImageDraw.Draw(plain)
    if rng.random() < 0.6:
        for x in range(-size[1], size[0], rng.randint(30, 90)):
            shade = rng.randint(-18, 18)
            base = plain.getpixel((0, 0))
            assert isinstance(base, tuple)
            colour = tuple(max(0, min(255, int(value) + shade)) for value in base)
            pen.line(
                (x, 0, x + size[1] * rng.uniform(0, 0.2), size[1]), fill=colour, width=rng.randint(4, 40)
            )
    return plain.filter(ImageFilter.GaussianBlur(2))


def light(picture: Picture, rng: random.Random) -> Picture:
    """Daylight from one side: at most a fifth darker at the other."""
    fall = Image.linear_gradient("L").rotate(rng.choice([0, 90, 180, 270])).resize(picture.size)
    fall = fall.point([255 - (255 - value) // rng.choice([5, 8, 20]) for value in range(256)])
    return ImageChops.multiply(picture, Image.merge("RGB", [fall] * 3))


def photograph(kind: str, seed: int, size: tuple[int, int] = SIZE) -> Picture:
    """A good photograph of a drawn document: on a table, a little askew, lit from a side, a little noisy."""
    rng = random.Random(f"{kind} {seed}")
    document = KINDS[kind](rng)
    share = rng.uniform(0.78, 0.94)
    ratio = min(SIZE[0] * share / document.width, SIZE[1] * share / document.height)
    document = document.resize(
        (int(document.width * ratio), int(document.height * ratio)), Image.Resampling.LANCZOS
    )
    mask = Image.new("L", document.size, 255)
    turn = rng.uniform(-4, 4)
    document = document.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    mask = mask.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    scene = table(rng)
    room = (SIZE[0] - document.width, SIZE[1] - document.height)
    scene.paste(document, (int(room[0] * rng.uniform(0.2, 0.8)), int(room[1] * rng.uniform(0.2, 0.8))), mask)
    scene = light(scene, rng).filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.9)))
    scene = ImageEnhance.Brightness(scene).enhance(rng.uniform(0.75, 1.05))
    scene = grainy(scene, rng, rng.randint(2, 7))
    return scene if size == SIZE else scene.resize(size, Image.Resampling.LANCZOS)


def scan(kind: str, seed: int) -> Picture:
    """A flat page on pure white, as a PDF renders."""
    document = KINDS[kind](random.Random(f"{kind} {seed}"))
    page = Image.new("RGB", (1654, 2339), "white")
    page.paste(document, (200, 300))
    return page


# --- what goes wrong ---------------------------------------------------------------------------------------


def blurred(picture: Picture, radius: float) -> Picture:
    return picture.filter(ImageFilter.GaussianBlur(radius))


def shaken(picture: Picture, pixels: int) -> Picture:
    """Moved sideways while the shutter was open."""
    steps = [ImageChops.offset(picture, step, step // 4) for step in range(0, pixels, max(1, pixels // 8))]
    mixed = steps[0]
    for number, step in enumerate(steps[1:], start=2):
        mixed = Image.blend(mixed, step, 1 / number)
    return mixed


def dark(picture: Picture, factor: float, seed: int = 0) -> Picture:
    """Little light, and the noise that comes with it."""
    return grainy(ImageEnhance.Brightness(picture).enhance(factor), random.Random(seed), 6)


def bright(picture: Picture, factor: float) -> Picture:
    """Too much light: multiplied and clipped, with the shadows lifted."""
    return picture.point([min(255, int(value * factor + 20 * (factor - 1))) for value in range(256)] * 3)


def glare(picture: Picture, reach: float, seed: int = 0) -> Picture:
    """A lamp or flash mirrored in the plastic; `reach` is its radius as a share of the width."""
    rng = random.Random(f"glare {seed}")
    radius = int(picture.width * reach)
    centre = (picture.width * rng.uniform(0.4, 0.6), picture.height * rng.uniform(0.4, 0.6))
    # White in the middle, falling off over the outer third.
    spot = Image.radial_gradient("L").point(
        [max(0, min(255, int((128 - value) * 6))) for value in range(256)]
    )
    spot = spot.resize((radius * 4, radius * 4))
    mask = Image.new("L", picture.size, 0)
    mask.paste(spot, (int(centre[0] - radius * 2), int(centre[1] - radius * 2)))
    return Image.composite(Image.new("RGB", picture.size, "white"), picture, mask)


def cropped(picture: Picture, share: float, seed: int = 0) -> Picture:
    """Only a part of the picture, `share` of each side."""
    rng = random.Random(f"crop {seed}")
    width, height = int(picture.width * share), int(picture.height * share)
    left, top = rng.randint(0, picture.width - width), rng.randint(0, picture.height - height)
    return picture.crop((left, top, left + width, top + height))


def resaved(picture: Picture, quality: int) -> Picture:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


def shrunk(picture: Picture, shorter: int) -> Picture:
    ratio = shorter / min(picture.size)
    return picture.resize(
        (round(picture.width * ratio), round(picture.height * ratio)), Image.Resampling.LANCZOS
    )


def empty(kind: str, seed: int) -> Picture:
    """No document: one colour, one colour with noise, or the table alone out of focus."""
    rng = random.Random(f"empty {kind} {seed}")
    if kind == "colour":
        return Image.new("RGB", SIZE, _tint(rng, 0, 255))
    if kind == "noise":
        return grainy(Image.new("RGB", SIZE, _tint(rng, 20, 235)), rng, rng.randint(3, 10))
    return grainy(blurred(table(rng), 12), rng, 4)
