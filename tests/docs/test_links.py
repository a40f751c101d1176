"""Whatever the documentation names exists: links, files, make targets, commands, modules."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

PROJECT = Path(__file__).resolve().parents[2]
PAGES = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs").rglob("*.md"))]
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
TOP = {path.name for path in PROJECT.iterdir()}

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))


def code(page: Path) -> list[str]:
    """What is set as code: spans, and lines of blocks."""
    text = page.read_text(encoding="utf-8")
    spans = re.findall(r"`([^`\n]+)`", text)
    blocks = re.findall(r"^(?: {4}|\t)(\S.*)$", text, re.MULTILINE)
    fenced = [
        line for block in re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S) for line in block.splitlines()
    ]
    return [*spans, *blocks, *fenced]


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    """Mutant seen red: a page renamed without its links."""
    targets = re.findall(r"\]\((?!https?:|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@each_page
def test_every_file_that_is_named_exists(page: Path) -> None:
    """Mutant seen red: a path with a folder that moved. Names without a folder are left to the reader."""
    paths = [
        path
        for words in code(page)
        for path in re.findall(r"(?<![\w./:<-])([\w.-]+(?:/[\w.-]+)+/?)(?![\w<*])", words)
        if path.split("/")[0] in TOP
    ]
    assert [path for path in paths if not (PROJECT / path).exists()] == []


@each_page
def test_every_make_target_exists(page: Path) -> None:
    named = {target for words in code(page) for target in re.findall(r"\bmake ([a-z][a-z-]*)", words)}
    assert named <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


@each_page
def test_every_command_exists(page: Path) -> None:
    """Mutant seen red: `manage.py cases`."""
    named = {name for words in code(page) for name in re.findall(r"manage\.py ([a-z_]+)", words)}
    assert named <= set(get_commands())


@each_page
def test_every_module_that_is_run_exists(page: Path) -> None:
    named = {name for words in code(page) for name in re.findall(r"python -m ([a-z_.]+)", words)}
    assert [name for name in named if importlib.util.find_spec(name) is None] == []
