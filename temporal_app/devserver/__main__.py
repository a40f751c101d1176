"""The commands behind the Makefile: `python -m temporal_app.devserver run|release|reset|find|manage …`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from temporal_app.devserver.speech import CannotStartError


def main(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit code; what is in the way is told in one paragraph."""
    # An orderly end also for a build that is terminated: its caches are removed.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    try:
        return _command(*(arguments or [""]))
    except CannotStartError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return 130


def _command(name: str, *more: str) -> int:
    # Imported here: only what the command needs, and `release` alone needs Django.
    match name:
        case "run":
            from temporal_app.devserver.running import run

            return run(os.environ)
        case "release":
            from temporal_app.devserver.release import release

            return release(os.environ)
        case "reset":
            from temporal_app.devserver.reset import person_at_terminal, reset

            return reset(os.environ, ask=person_at_terminal())
        case "find":
            from temporal_app.devserver.programs import find_server

            find_server(os.environ)
            return 0
        case "manage":
            from temporal_app.devserver.manage import manage

            return manage(os.environ, more)
        case _:
            sys.stderr.write("usage: python -m temporal_app.devserver run|release|reset|find|manage …\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
