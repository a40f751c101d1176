"""Draws the pictures and files that tests send: good ones, and bad ones of every kind we could think of."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

CANARY = "CANARY-7c1f-Ana-Garcia"
"""Stands for personal data that must not survive the intake."""


def id_card(*, width: int = 1000, height: int = 640, number: int = 1) -> Image.Image:
    """An upright RGB picture of an ID card; another `number` gives a picture that looks different."""
    chance = random.Random(number)
    picture = Image.effect_noise((width, height), 20).convert("RGB")
    pen = ImageDraw.Draw(picture)
    band = chance.choice([0, height // 2, height * 7 // 8])
    pen.rectangle((0, band, width, band + height // 8), fill=(20, 60, chance.randint(60, 180)))
    left = chance.randint(width // 20, width * 13 // 20)
    pen.ellipse((left, height // 4, left + width * 3 // 10, height * 3 // 4), fill=(210, 170, 140))
    for line in range(6):
        text = f"SPECIMEN {number} LINE {line} " + "<" * chance.randint(0, 12)
        place = (chance.randint(0, width // 2), height * (line + 1) // 8)
        pen.text(place, text, fill=(0, 0, 0), font=ImageFont.load_default(max(10, height // 18)))
    for _ in range(6):
        x, y = chance.randint(0, width), chance.randint(0, height)
        pen.rectangle((x, y, x + width // 9, y + height // 12), fill=(chance.randint(0, 255), 90, 90))
    return picture


def corners(*, width: int = 600, height: int = 400) -> Image.Image:
    """Red, green, blue and white quarters, clockwise from the top left: shows any turn or mirroring."""
    picture = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, width // 2, height // 2), fill="red")
    pen.rectangle((width // 2, 0, width, height // 2), fill="lime")
    pen.rectangle((width // 2, height // 2, width, height), fill="blue")
    return picture


def encoded(picture: Image.Image, picture_format: str = "JPEG", **options: Any) -> bytes:
    """`picture` as a file."""
    out = io.BytesIO()
    picture.save(out, picture_format, **options)
    return out.getvalue()


def jpeg(**card: int) -> bytes:
    """A good upload. `card` goes to `id_card`."""
    return encoded(id_card(**card))


def moving(picture_format: str) -> bytes:
    """Two frames, as GIF, PNG or WEBP."""
    frames = [id_card(width=400, height=300, number=number) for number in (1, 2)]
    return encoded(frames[0], picture_format, save_all=True, append_images=frames[1:], duration=100)


def with_canaries(picture_format: str) -> bytes:
    """A good file with `CANARY` in every place that the format has for words."""
    exif = Image.Exif()
    exif[0x010E] = CANARY  # ImageDescription
    exif.get_ifd(0x8825)[1] = CANARY  # GPS
    options: dict[str, Any] = {"exif": exif.tobytes(), "icc_profile": b"\0" * 128 + CANARY.encode()}
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{CANARY}</x:xmpmeta>'
    if picture_format == "JPEG":
        options |= {"comment": CANARY.encode(), "xmp": xmp.encode()}
    if picture_format == "WEBP":
        options |= {"xmp": xmp.encode()}
    if picture_format == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Author", CANARY)
        words.add_text("Comment", CANARY, zip=True)
        words.add_itxt("XML:com.adobe.xmp", xmp)
        options |= {"pnginfo": words}
    if picture_format == "PDF":
        options = {"author": CANARY, "title": CANARY}
    data = encoded(id_card(), picture_format, **options) + b"\n" + CANARY.encode()
    assert CANARY.encode() in data
    return data


def archive() -> bytes:
    """A ZIP file, as it hangs at the end of a polyglot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("payload.html", f"<script>{CANARY}</script>")
    return out.getvalue()


def png_claiming(width: int, height: int, *, colour_type: int = 2) -> bytes:
    """A PNG of a few bytes that says it is huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    data = zlib.compress(b"\0" * 100_000)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def png_with_word_bomb() -> bytes:
    """A small PNG whose compressed comment unpacks to 96 MB."""
    bomb = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * (96 * 1024 * 1024), level=1))
    good = encoded(id_card(), "PNG")
    after_header = len(b"\x89PNG\r\n\x1a\n") + 25
    return good[:after_header] + bomb + good[after_header:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def jpeg_claiming(width: int, height: int) -> bytes:
    """A good JPEG whose frame header says another size."""
    good = bytearray(encoded(id_card(width=400, height=300)))
    frame = good.index(b"\xff\xc0")
    good[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(good)


def webp_claiming(width: int, height: int) -> bytes:
    """A WebP whose canvas is huge and whose picture is not."""
    inner = encoded(id_card(width=400, height=300), "WEBP")[12:]
    canvas = struct.pack("<I", 0) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + b"VP8X" + struct.pack("<I", len(canvas)) + canvas + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body


def pdf(
    sizes: Sequence[tuple[float, float]] = ((595, 842),),
    *,
    drawing: bytes = b"0.2 0.4 0.8 rg 60 60 300 200 re f",
    trailer: bytes = b"",
    extra: Sequence[bytes] = (),
    resources: bytes = b"",
) -> bytes:
    """A hand-written PDF, a page per size (in points). Object 3 is the drawing, `extra` follow from 4."""
    first_page = 4 + len(extra)
    kids = b" ".join(b"%d 0 R" % (first_page + n) for n in range(len(sizes)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(sizes)),
        stream(drawing),
        *extra,
    ]
    for width, height in sizes:
        box = f"{width:.0f} {height:.0f}".encode()
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s] /Contents 3 0 R /Resources << %s >> >>"
            % (box, resources)
        )
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object of a PDF."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def pdf_with_password() -> bytes:
    """A PDF that only a password nobody knows can open (standard security handler, revision 2)."""
    owner, user, file_id = (bytes([seed]).hex() * 32 for seed in (0xA1, 0xB2, 0xC3))
    encryption = f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{owner}> /U <{user}> >>"
    return pdf(trailer=f"/Encrypt {encryption} /ID [<{file_id}> <{file_id}>]".encode())


def pdf_that_never_ends() -> bytes:
    """Ten forms that each draw the next one thirty times: a few kilobytes, 30**10 rectangles."""
    depth = 10
    forms = []
    for level in range(depth):
        content = b"/F Do " * 30 if level < depth - 1 else b"0 0 500 500 re f"
        below = b"/Resources << /XObject << /F %d 0 R >> >>" % (5 + level) if level < depth - 1 else b""
        forms.append(stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 600 900] " + below))
    return pdf(drawing=b"/F Do", extra=forms, resources=b"/XObject << /F 4 0 R >>")
