"""Names of stored files: made by the server, never by a person."""

from __future__ import annotations

import re
import secrets

NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{62}")
"""What `new_name` makes; nothing else ever becomes a path or a key."""


def new_name() -> str:
    """A name that nobody can guess and that never repeats."""
    digits = secrets.token_hex(32)
    return f"{digits[:2]}/{digits[2:]}"
