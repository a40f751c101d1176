"""How the two commands talk to the person at the terminal, and how they refuse."""

from __future__ import annotations

import sys
from collections.abc import Callable

Say = Callable[[str], None]
"""Says one line to the person who started the command."""


class CannotStartError(Exception):
    """Nothing can be started; the text is the one paragraph that the person at the terminal reads."""


def say(line: str) -> None:
    """Says one line at once, also through a pipe."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
