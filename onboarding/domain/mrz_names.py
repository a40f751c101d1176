"""Whether a name as people write it is the name in a machine-readable zone.

The zone knows A to Z and one filler. Doc 9303-3, section 6, says how other letters are written there. Issuers
have a choice for some, so names are not converted but compared: could this have been written so?
"""

import re
import unicodedata
from enum import StrEnum

FILLER = "<"

LATIN = {
    "Ä": ("AE", "A"),
    "Å": ("AA", "A"),
    "Æ": ("AE",),
    "Ð": ("D",),
    "Ö": ("OE", "O"),
    "Ø": ("OE", "O"),
    "Ü": ("UE", "UXX", "U"),
    "Ñ": ("N", "NXX"),
    "Þ": ("TH",),
    "ß": ("SS",),
    "ẞ": ("SS",),
    "Đ": ("D", "DJ"),
    "Ħ": ("H",),
    "ı": ("I",),
    "Ĳ": ("IJ",),
    "ĸ": ("Q", "K"),
    "Ł": ("L",),
    "Ŋ": ("N",),
    "Œ": ("OE",),
    "Ŧ": ("T",),
    "Ə": ("E", "A"),
}
CYRILLIC = {
    "А": ("A",), "Б": ("B",), "В": ("V",), "Г": ("G", "H"), "Ґ": ("G",), "Д": ("D",), "Е": ("E", "YE", "IE"),
    "Ё": ("E", "IO", "YO"), "Є": ("IE", "YE"), "Ж": ("ZH", "Z", "J"), "З": ("Z",), "И": ("I", "Y"),
    "І": ("I",), "Ї": ("I", "YI"), "Й": ("I", "Y", ""), "К": ("K",), "Л": ("L",), "М": ("M",), "Н": ("N",),
    "О": ("O",), "П": ("P",), "Р": ("R",), "С": ("S",), "Т": ("T",), "У": ("U",), "Ў": ("U",), "Ф": ("F",),
    "Х": ("KH", "H"), "Ц": ("TS", "C"), "Ч": ("CH", "C"), "Ш": ("SH", "S"), "Щ": ("SHCH", "SHT"),
    "Ъ": ("IE", "", "A"), "Ы": ("Y",), "Ь": ("", "Y"), "Э": ("E",), "Ю": ("IU", "YU"), "Я": ("IA", "YA"),
    "Ѓ": ("G", "GJ"), "Ђ": ("D", "DJ"), "Ѕ": ("DZ",), "Ј": ("J",), "Ќ": ("K", "KJ"), "Љ": ("LJ",),
    "Њ": ("NJ",), "Ћ": ("C",), "Џ": ("DZ", "DJ"),
}  # fmt: skip
APART = frozenset(" -‐‑‒–—,·/\u00a0")
"""Separates the parts of a name; a filler in the zone, or nothing."""
LEFT_OUT = frozenset("'’‘ʼ`´.\u200c\u200d")


class Likeness(StrEnum):
    SAME = "same"
    PART = "part"
    """Some of the words are the same, or the two names have changed places."""
    OTHER = "other"
    UNKNOWN = "unknown"
    """A script that this module cannot compare."""


def likeness(given: str, family: str, primary: str, secondary: str, *, truncated: bool = False) -> Likeness:
    """How a declared name and the name of a zone compare.

    Args:
        given: declared, in its own script; one of the two may be empty.
        primary: of the zone, words separated by single fillers, as `secondary`.
        truncated: the zone had no room for the whole name.
    """
    if any(_ways(sign) is None for sign in given + family):
        return Likeness.UNKNOWN
    if given and family and secondary:
        if _says(family, primary, cut=truncated) and _says(given, secondary, cut=truncated):
            return Likeness.SAME
        shared = _shares(family, primary) and _shares(given, secondary)
        swapped = _says(family, secondary) and _says(given, primary)
        return Likeness.PART if shared or swapped else Likeness.OTHER
    whole, zone = f"{given} {family}".strip(), FILLER.join(filter(None, (primary, secondary)))
    back = f"{family} {given}".strip()
    if _says(whole, zone, cut=truncated) or _says(back, zone, cut=truncated):
        return Likeness.SAME
    return Likeness.PART if _shares(whole, zone) else Likeness.OTHER


def _ways(sign: str) -> tuple[str, ...] | None:
    """What one character may have become; None where nobody can say."""
    upper = sign if sign in LATIN else sign.upper()
    if upper in APART:
        return (FILLER, "")
    if upper in LEFT_OUT:
        return ("", FILLER)
    known = LATIN.get(upper) or CYRILLIC.get(upper)
    if known:
        return known
    if "A" <= upper <= "Z" and len(upper) == 1:
        return (upper,)
    # Category M are accents of the letter before; digits are not written.
    if unicodedata.category(upper[0]).startswith(("M", "N")):
        return ("",)
    base = unicodedata.normalize("NFD", upper)[0]
    return _ways(base) if base != upper and base != upper[0] else None


def _spells(name: str, zone: str, *, cut: bool = False) -> bool:
    """Whether `zone` is one of the ways to write `name`; with `cut`, or the beginning of one."""
    places = {0}
    for sign in name:
        ways = _ways(sign) or ()
        if cut and any(zone[place:] and way.startswith(zone[place:]) for place in places for way in ways):
            return True
        places = {place + len(way) for place in places for way in ways if zone.startswith(way, place)}
    return len(zone) in places


def _says(name: str, zone: str, *, cut: bool = False) -> bool:
    """Whether the words of the zone are the name; with `cut`, as far as there was room for them."""
    if _spells(name, zone, cut=cut):
        return True
    if not cut or not zone or not _words(name):
        return False
    # Room was made by shortening and leaving out words (Doc 9303-4, 4.2.3): those that stand come in order.
    words = iter(_words(name))
    parts = zone.split(FILLER)
    return _spells(_words(name)[0], parts[0], cut=True) and all(
        any(_spells(word, part, cut=True) for word in words) for part in parts
    )


def _shares(name: str, zone: str) -> bool:
    """Whether a word of the name is a word of the zone."""
    return any(_spells(word, part) for word in _words(name) for part in zone.split(FILLER))


def _words(name: str) -> list[str]:
    return [word for word in re.split("[" + re.escape("".join(sorted(APART))) + "]+", name) if word]
