"""Log lines: one line each, whatever the message holds, and no keys that open anything."""

import logging
import re

LIVE_KEY = re.compile(r"(/account/(?:confirm|password)/)(?!sent/|changed/)[^/\s]+")
"""Confirmation and password links: who reads them in a log could use them."""


class LineFormatter(logging.Formatter):
    """One line per record, so that nothing handed in can forge another record or move the cursor."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's own name
        line = LIVE_KEY.sub(r"\1***", super().formatMessage(record))
        return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)
