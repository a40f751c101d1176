"""Text that people typed or pasted, without the signs that nobody sees or that make it read as another."""

import unicodedata

from onboarding.domain.names import TURNS_TEXT_AROUND

KEPT = frozenset("\n\t\0")
"""Ends of lines and tabs are text; forms refuse a zero with a sentence of their own, as halves of pairs."""


def plain(text: str) -> str:
    """Free text without control characters and what turns text around; ends of lines become "\\n".

    Letters of every script, joiners, marks of direction and pictures stay: nothing that is seen is taken out.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in KEPT or not _is_unseen(sign))


def hides_something(text: str) -> bool:
    """Whether an address holds a sign that isn't seen: a control, a mark, a blank without width."""
    return any(_is_unseen(sign) or unicodedata.category(sign) == "Cf" for sign in text)


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Co", "Cn"} or sign in TURNS_TEXT_AROUND
