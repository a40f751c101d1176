"""The catalogues are whole: nothing missing, fuzzy or left over, every gap filled, compiled as written."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.languages.catalogue import (
    LOCALE,
    ROOT,
    TRANSLATED,
    Entry,
    as_compiled,
    compiled,
    po,
    written,
)

GAPS = re.compile(r"%\(\w+\)[sd]|\{\w*\}|</?\w+>")
"""What code or a template puts in, and the few tags that stand in a sentence."""

needs_gettext = pytest.mark.skipif(
    not (shutil.which("xgettext") and shutil.which("msgfmt")),
    reason="GNU gettext is missing, so nobody looked whether all texts are in the catalogue: "
    "apt-get install gettext",
)
every_language = pytest.mark.parametrize("language", TRANSLATED)


def wrong_gaps(entry: Entry) -> list[str]:
    """The translations that have other gaps than the text; a singular may leave its number out."""
    texts = [entry.text, entry.plural or entry.text]
    allowed = [sorted(GAPS.findall(text)) for text in texts]
    return [text for text in entry.translations if sorted(GAPS.findall(text)) not in allowed]


@every_language
def test_nothing_is_missing_fuzzy_or_left_over(language: str) -> None:
    """Mutants seen red: a translation emptied; the flag "fuzzy" set; an entry made obsolete."""
    entries = written(po(language))
    assert len(entries) > 1000
    assert [each.text for each in entries if not all(each.translations) or not each.translations] == []
    assert [each.text for each in entries if "fuzzy" in each.flags] == []
    assert [each.text for each in entries if each.obsolete] == []


@every_language
def test_every_gap_of_a_text_is_in_its_translation_and_no_other(language: str) -> None:
    """A misspelt gap would end a page with an error. Mutant seen red: `{by}` translated as `{para}`."""
    assert [wrong for entry in written(po(language)) for wrong in wrong_gaps(entry)] == []


@every_language
def test_blanks_at_the_ends_are_kept(language: str) -> None:
    """Mutant seen red: a translation that ends in a blank."""
    for entry in written(po(language)):
        for text in entry.translations:
            assert (text[:1].isspace(), text[-1:].isspace()) == (
                entry.text[:1].isspace(),
                entry.text[-1:].isspace(),
            ), text


@every_language
def test_what_django_reads_is_what_was_written(language: str) -> None:
    """A machine without GNU gettext has this file alone. Mutant seen red: a text changed and not compiled."""
    assert compiled(po(language).with_suffix(".mo")) == as_compiled(written(po(language)))


@every_language
@needs_gettext
def test_gettext_finds_nothing_wrong(language: str, tmp_path: Path) -> None:
    found = subprocess.run(
        ["msgfmt", "--check-format", "--check-domain", "-o", tmp_path / "checked.mo", po(language)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, "")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues as `make messages` would leave them, in a copy."""
    copy = tmp_path_factory.mktemp("messages")
    for name in ("onboarding", "temporal_app", "templates"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    shutil.copy(ROOT / "manage.py", copy)
    made = subprocess.run(
        [sys.executable, *makemessages()],
        cwd=copy,
        env={
            **os.environ,
            "DEMO": "1",
            "VAR_DIR": str(copy / "var"),
            "DJANGO_SETTINGS_MODULE": "onboarding.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return copy / LOCALE.relative_to(ROOT)


def makemessages() -> list[str]:
    """The command of the Makefile, without the interpreter."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    (line,) = re.findall(r"^MAKEMESSAGES = .*?\$\(PYTHON\) (.*)$", makefile, re.MULTILINE)
    return shlex.split(line)


@every_language
@needs_gettext
def test_make_messages_would_change_nothing(language: str, collected: Path) -> None:
    """Mutants seen red: a new text in a template, in Python code, in the domain; one that nobody uses."""
    anew = written(collected / po(language).relative_to(LOCALE))
    known = {each.key for each in written(po(language))}
    assert [each.text for each in anew if each.key not in known] == [], (
        "run `make messages`, then translate these"
    )
    assert known - {each.key for each in anew} == set(), "run `make messages`: nobody says these any more"
