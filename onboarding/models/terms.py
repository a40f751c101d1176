"""How text is folded to be found again, and what a case is found by. Pure: rows stand elsewhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LONGEST_TERM = 260
MOST_NAME_WORDS = 12
LOOKS_ALIKE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
SILENT = "'\u2019\u02bc`\u00b4"

REFERENCE, EMAIL, NAME = "reference", "email", "name"

Terms = dict[str, str]
"""What is looked for → its kind."""


def folded(text: str) -> str:
    """The text without capitals, accents and invisible characters; separators stay."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (each for each in plain if unicodedata.category(each) not in {"Mn", "Cc", "Cf", "Cs"})
    return "".join(kept).casefold().translate(LOOKS_ALIKE)


def words(text: str) -> list[str]:
    """The words of a name or a query, folded, each once: "O'Brien-García" is "obrien" and "garcia"."""
    plain = folded("".join(each for each in " ".join(text.split()) if each not in SILENT))
    spaced = "".join(each if unicodedata.category(each)[0] in "LNM" else " " for each in plain)
    return list(dict.fromkeys(spaced.split()))


def terms_of(reference: str, email: str, names: Iterable[str]) -> Terms:
    """Everything that finds a case; what is longer than `LONGEST_TERM` is cut, in the search as well."""
    found: Terms = {}
    whole = folded(reference).replace("-", "")
    for value in (whole, whole[-4:]):
        found.setdefault(value, REFERENCE)
    address = folded(email)
    for value in (address, address.rpartition("@")[2]):
        found.setdefault(value[:LONGEST_TERM], EMAIL)
    for word in words(" ".join(names))[:MOST_NAME_WORDS]:
        found.setdefault(word[:LONGEST_TERM], NAME)
    found.pop("", None)
    return found
