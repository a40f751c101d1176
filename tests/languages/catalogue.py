"""The catalogues as they lie in the repository: the one that people write, and the one that Django reads."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from onboarding.language_settings import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "onboarding" / "locale"
SOURCE = "en"
TRANSLATED = [code for code, _name in LANGUAGES if code != SOURCE]
KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d\])? (".*")')


@dataclass
class Entry:
    """One message. `translations` has one text, or one for each plural form."""

    flags: set[str] = field(default_factory=set)
    obsolete: bool = False
    context: str = ""
    text: str = ""
    plural: str = ""
    translations: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.context, self.text, self.plural


def po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def written(path: Path) -> list[Entry]:
    """Every message of a file that people write, the obsolete ones included, the head not."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    return [entry for block in blocks if (entry := _entry(block)).text]


def _entry(block: str) -> Entry:
    entry = Entry()
    for keyword, text in _parts(block, entry):
        if keyword == "msgctxt":
            entry.context = text
        elif keyword == "msgid":
            entry.text = text
        elif keyword == "msgid_plural":
            entry.plural = text
        else:
            entry.translations.append(text)
    return entry


def _parts(block: str, entry: Entry) -> Iterator[tuple[str, str]]:
    keyword, text = "", ""
    for line in block.splitlines():
        if line.startswith("#,"):
            entry.flags |= {flag.strip() for flag in line[2:].split(",")}
        if line.startswith("#~"):
            entry.obsolete = True
            line = line[2:].strip()
        begun = KEYWORD.fullmatch(line)
        if begun:
            if keyword:
                yield keyword, text
            keyword, text = begun[1], ast.literal_eval(begun[2])
        elif line.startswith('"'):
            text += ast.literal_eval(line)
    if keyword:
        yield keyword, text


def compiled(path: Path) -> dict[str | tuple[str, int], str]:
    """What a file that Django reads holds: by message, or by message and plural form. Without the head."""
    with path.open("rb") as file:
        known = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]  # no other way in
    known.pop("", None)
    return known


def as_compiled(entries: list[Entry]) -> dict[str | tuple[str, int], str]:
    """What those entries have to be compiled to."""
    found: dict[str | tuple[str, int], str] = {}
    for entry in entries:
        key = f"{entry.context}\x04{entry.text}" if entry.context else entry.text
        if entry.plural:
            found |= {(key, number): text for number, text in enumerate(entry.translations)}
        else:
            found[key] = entry.translations[0]
    return found
