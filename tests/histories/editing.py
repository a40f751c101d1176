"""Today's workflow with one edit: what a release before or after this one may be."""

from __future__ import annotations

import contextlib
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from temporal_app import workflow as todays


@contextlib.contextmanager
def edited_workflow(folder: Path, title: str, before: str, after: str) -> Iterator[type[Any]]:
    """The edited workflow in a module of its own, which can be imported as long as the block runs."""
    source = Path(todays.__file__).read_text(encoding="utf-8")
    assert source.count(before) == 1, "the edit does not fit today's code any more; write it anew"
    name = "edited_" + re.sub(r"\W", "_", title)
    (folder / f"{name}.py").write_text(source.replace(before, after), encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(name).OnboardingCase
    finally:
        sys.path.remove(str(folder))
        del sys.modules[name]
