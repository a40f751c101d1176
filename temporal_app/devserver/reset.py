"""`make reset`: forget everything and start over, after asking."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from temporal_app.devserver.place import Place
from temporal_app.devserver.speech import CannotStartError, Say, say


def reset(environ: Mapping[str, str], *, ask: Callable[[str], str] | None = None, tell: Say = say) -> int:
    """Removes all data in `VAR_DIR`.

    Args:
        environ: Read for `VAR_DIR`, `YES` and the settings that keep data elsewhere.
        ask: Asks the person; `None` where there is nobody to ask.
        tell: Says what was done.

    Returns:
        The exit code: 1 when the person said no.

    Raises:
        CannotStartError: Something still runs there, or nobody can be asked.
    """
    place = Place.from_environment(environ)
    if not place.root.exists():
        tell(f"Nothing to remove: {place.root} does not exist.")
        return 0
    place.make()
    with place.sole_use("make reset"):
        if environ.get("YES", "").strip() != "1":
            if ask is None:
                raise CannotStartError(
                    f"This removes every case, document, mail and person in {place.root}. There is "
                    "nobody to ask here; if you mean it: YES=1 make reset"
                )
            question = (
                f"This removes every case, document, mail and person in {place.root}.\nType yes to go on: "
            )
            if ask(question).strip().lower() != "yes":
                tell("Nothing was removed.")
                return 1
        place.empty()
    tell(f"{place.root} is empty. The next `make run` starts over.")
    for name in ("DATABASE_URL", "TEMPORAL_ADDRESS", "DOCUMENT_DIR"):
        if environ.get(name):
            tell(f"What {name} points to lies elsewhere and was not touched.")
    return 0


def person_at_terminal() -> Callable[[str], str] | None:
    """Asks on the terminal, if there is one."""
    return input if sys.stdin is not None and sys.stdin.isatty() else None
