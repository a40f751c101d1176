"""All output in one place: every line of every process with its name in front, and who was started again.

Supervisor's event listener protocol: one event at a time on standard input, answered on standard output. What
people read goes to standard error, which supervisor passes on.
"""

from __future__ import annotations

import io
import json
import sys
from typing import TextIO

NAME_WIDTH = 11


class Console:
    """Turns supervisor's events into lines."""

    def __init__(self) -> None:
        self._unfinished: dict[str, str] = {}

    def lines(self, event: str, payload: str) -> list[str]:
        """The lines to print for one event.

        Args:
            event: Its name, such as `PROCESS_LOG_STDOUT`.
            payload: A line of `key:value` words, then for logs what was written.
        """
        head, _, written = payload.partition("\n")
        about = dict(word.split(":", 1) for word in head.split() if ":" in word)
        name = about.get("processname", "?")
        if event.startswith("PROCESS_LOG"):
            text = self._unfinished.pop(name, "") + written
            *whole, rest = text.split("\n")
            if rest:
                self._unfinished[name] = rest
            return [_prefixed(name, readable(line)) for line in whole]
        said = _state_sentence(event, about)
        return [_prefixed("supervisor", f"{name} {said}")] if said else []


def readable(line: str) -> str:
    """The Temporal server writes JSON with stack traces; people get level, message and error."""
    line = line.rstrip()
    if not line.startswith('{"level"'):
        return line
    try:
        entry = json.loads(line)
    except ValueError:
        return line
    parts = [str(entry.get("level", "")), str(entry.get("msg", "")), str(entry.get("error", ""))]
    return ": ".join(part for part in parts if part)


def _state_sentence(event: str, about: dict[str, str]) -> str:
    match event:
        case "PROCESS_STATE_EXITED" if about.get("expected") == "0":
            return "ended unexpectedly; starting it again."
        case "PROCESS_STATE_BACKOFF":
            tries = about.get("tries", "1")
            return f"did not stay up; trying again in {tries} s."
        case "PROCESS_STATE_FATAL":
            return "is given up: it did not stay up. Its log has the reason; start everything again then."
        case _:
            return ""


def _prefixed(name: str, line: str) -> str:
    return f"{name:<{NAME_WIDTH}} | {line}".rstrip()


def listen(events: TextIO, answers: TextIO, output: TextIO) -> None:
    """Handles events until supervisor closes its end. It counts lengths in characters, not in bytes."""
    console = Console()
    while True:
        answers.write("READY\n")
        answers.flush()
        header = events.readline()
        if not header:
            return
        words = dict(word.split(":", 1) for word in header.split())
        payload = events.read(int(words["len"]))
        for line in console.lines(words["eventname"], payload):
            output.write(line + "\n")
        output.flush()
        answers.write("RESULT 2\nOK")
        answers.flush()


if __name__ == "__main__":
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    listen(sys.stdin, sys.stdout, sys.stderr)
