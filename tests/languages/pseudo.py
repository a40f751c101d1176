"""Spanish in which every text that comes from a catalogue stands in brackets: what doesn't was forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.utils.translation.trans_real import DjangoTranslation

BEGIN, END = "\u27e6", "\u27e7"
TRANSLATED = re.compile(f"{BEGIN}[^{BEGIN}{END}]*{END}")
ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
WORD = re.compile(r"[^\W\d_]{2,}(?:['-][^\W\d_]+)*")
READ_OUT = ("aria-label", "title", "alt", "placeholder", "content")
SILENT = ("script", "style", "textarea", "svg")
"""What a picture says is broken into lines; beside every picture stands the same as a text."""
EVERYWHERE = frozenset({"English", "Español", "UTC"})
"""Each language is called by its own name, and zones have names of their own."""


def mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """Brackets around everything that the Spanish catalogues know, of our own and of the libraries."""
    gettext, ngettext = DjangoTranslation.gettext, DjangoTranslation.ngettext

    def marked(self: DjangoTranslation, message: str) -> str:
        text = gettext(self, message)
        known = self.language() == "es" and self._catalog.get(message) is not None  # type: ignore[attr-defined]
        return f"{BEGIN}{text}{END}" if known else text

    def marked_plural(self: DjangoTranslation, one: str, many: str, n: int) -> str:
        text = ngettext(self, one, many, n)
        return f"{BEGIN}{text}{END}" if text not in (one, many) else text

    monkeypatch.setattr(DjangoTranslation, "gettext", marked)
    monkeypatch.setattr(DjangoTranslation, "ngettext", marked_plural)


def forgotten(page: str, known: frozenset[str] = frozenset()) -> list[str]:
    """The words of a page that come from no catalogue, without names and whatever somebody typed.

    Args:
        page: HTML, or a plain text.
        known: words that are no language.
    """
    reader = _Reader()
    reader.feed(page)
    found = (word for part in reader.parts() for word in WORD.findall(ADDRESS.sub(" ", _bare(part))))
    return sorted(set(found) - known - EVERYWHERE)


def _bare(text: str) -> str:
    while True:
        less = TRANSLATED.sub(" ", text)
        if less == text:
            return text
        text = less


class _Reader(HTMLParser):
    """Everything that is shown or read out. A sentence may go on behind a tag, so all text is one part."""

    def __init__(self) -> None:
        super().__init__()
        self._inside: list[str] = []
        self._text: list[str] = []
        self._attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._inside.append(tag)
        known = dict(attrs)
        pressed = tag == "input" and known.get("type") in ("submit", "button", "reset")
        for name, value in attrs:
            said = (name in READ_OUT and tag != "meta") or (name == "value" and pressed)
            words = (
                name.startswith("data-") and " " in (value or "").strip() and "/admin/" not in (value or "")
            )
            if value and (said or words):
                self._attributes.append(value)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self._text.append(data)

    def parts(self) -> Iterator[str]:
        yield " ".join(self._text)
        yield from self._attributes
