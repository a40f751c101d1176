"""Names as the world writes them: one normal form, and no characters that hide or turn text."""

import unicodedata

LONGEST_NAME = 120
TURNS_TEXT_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates (Unicode UAX 9): they make a name read as another one."""
HARMLESS = frozenset("\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff")
"""Invisible, and often pasted along: soft hyphens, marks of direction, blanks without width."""
JOINERS = frozenset("\u200c\u200d")
"""Part of the spelling in Persian and the scripts of India, nothing between other letters."""


class UnfitName(ValueError):
    """It can't be a name. `code` is "character", "letter" (none at all) or "long"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean_name(raw: str) -> str:
    """The name in NFC, without doubled blanks and invisible characters. Empty stays empty.

    Raises:
        UnfitName: it holds control characters or ones that turn text around, no letter, or too many.
    """
    visible = "".join(sign for sign in raw if sign not in HARMLESS)
    name = unicodedata.normalize("NFC", " ".join(visible.split()))
    name = "".join(sign for at, sign in enumerate(name) if sign not in JOINERS or _joins(name, at))
    if any(
        unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} or sign in TURNS_TEXT_AROUND for sign in name
    ):
        raise UnfitName("character")
    if name and not any(sign.isalpha() for sign in name):
        raise UnfitName("letter")
    if len(name) > LONGEST_NAME:
        raise UnfitName("long")
    return name


def _joins(name: str, at: int) -> bool:
    """Whether the joiner stands behind a letter that could be joined, and before something."""
    return 0 < at < len(name) - 1 and not name[at - 1].isascii() and not name[at + 1].isascii()
