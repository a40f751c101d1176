"""Ports: the one that people ask for, and free loopback ports that stay the same across restarts."""

from __future__ import annotations

import contextlib
import errno
import http.client
import itertools
import json
import random
import socket
from collections.abc import Sequence
from pathlib import Path

from temporal_app.devserver.speech import CannotStartError

LOOPBACK = "127.0.0.1"
CHOSEN_RANGE = range(20_000, 32_768)


def port_number(text: str) -> int:
    """Reads `PORT`.

    Raises:
        CannotStartError: The text is not a port.
    """
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 65535:
        raise CannotStartError(f"PORT is {text!r}; write a number from 1 to 65535, such as PORT=8000.")
    return int(text)


def wanted_port(text: str) -> int:
    """Reads `PORT` and makes sure that it is free.

    Raises:
        CannotStartError: The text is not a port, or something else listens there.
    """
    port = port_number(text)
    try:
        _try_listening(port)
    except PermissionError:
        raise CannotStartError(
            f"Port {port} needs special rights; choose one above 1023, such as PORT=8000."
        ) from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise CannotStartError(f"Port {port} cannot be used: {error.strerror}.") from None
        raise CannotStartError(
            f"Port {port} is busy: another program listens on it. "
            f"End that program, or choose another port, for example: PORT={_neighbour(port)} make run"
        ) from None
    return port


def free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on just now.

    Chosen by us and not by the kernel (port 0): its range is also that of outgoing connections, which could
    sit on the port of a killed server when it comes back; and Temporal on Postgres keeps ports in a signed
    16-bit column.
    """
    candidates = random.SystemRandom().sample(CHOSEN_RANGE, len(CHOSEN_RANGE))
    return list(itertools.islice(filter(is_free, candidates), count))


def is_free(port: int) -> bool:
    """Whether somebody could listen on this loopback port now."""
    try:
        _try_listening(port)
    except OSError:
        return False
    return True


def known_ports(file: Path) -> dict[str, object]:
    """What the last start wrote down; nothing where there was none, or where somebody scribbled over it."""
    with contextlib.suppress(OSError, ValueError):
        stored = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(stored, dict):
            return stored
    return {}


def remembered_ports(file: Path, names: Sequence[str]) -> dict[str, int]:
    """One free port per name: the ones of the last start where they are still free, else new ones.

    A killed process comes back on its own port, and a bookmark to the Temporal UI stays valid.
    """
    known = known_ports(file)
    fresh = iter(free_ports(len(names)))
    ports: dict[str, int] = {}
    for name in names:
        port = known.get(name)
        if (
            not isinstance(port, int)
            or port not in CHOSEN_RANGE
            or port in ports.values()
            or not is_free(port)
        ):
            port = next(fresh)
        ports[name] = port
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(ports, indent=2) + "\n", encoding="utf-8")
    return ports


def answers_ok(port: int, path: str) -> bool:
    """Whether a `GET` on this loopback port is answered with 200 within two seconds."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _try_listening(port: int) -> None:
    with socket.socket() as probe:
        # As servers do it: a port whose last owner died a second ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, port))
        probe.listen(1)


def _neighbour(port: int) -> int:
    near = [*range(port + 1, min(port + 100, 65536)), *range(max(1024, port - 100), port)]
    return next((candidate for candidate in near if is_free(candidate)), 8000)
