"""The real server, as tests and `make run` start it."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from temporal_app.devserver.embedded import EmbeddedServer
from temporal_app.devserver.ports import is_free
from temporal_app.devserver.programs import BuiltServer
from temporal_app.devserver.speech import CannotStartError

pytestmark = pytest.mark.temporal

LISTENING = "0A"


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer() as server:
        yield server


def listening_addresses(pid: int) -> set[str]:
    """The addresses on which a process listens, read from the kernel's tables."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a connection that the server closed while we read
            inodes.add(str(link.readlink()).removeprefix("socket:[").rstrip("]"))
    found = set()
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == LISTENING and words[9] in inodes:
                address = words[1].split(":")[0]
                parts = [bytes.fromhex(address[at : at + 8])[::-1] for at in range(0, len(address), 8)]
                found.add(socket.inet_ntop(family, b"".join(parts)))
    return found


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="reads Linux's tables")
def test_nothing_but_loopback_is_bound(server: EmbeddedServer) -> None:
    """Mutant: `bindOnIP` left out of the configuration."""
    assert server.pid is not None
    assert listening_addresses(server.pid) == {"127.0.0.1"}


def test_a_killed_server_comes_back_at_its_address(server: EmbeddedServer) -> None:
    address = server.address
    server.kill()
    assert is_free(int(address.rpartition(":")[2]))
    server.start()
    assert server.address == address


def test_a_stopped_server_lets_go_of_its_port(server: EmbeddedServer) -> None:
    server.stop()
    assert is_free(int(server.address.rpartition(":")[2]))


def test_nothing_is_left_after_the_block() -> None:
    with EmbeddedServer() as server:
        folder = server.folder
        assert (folder / "temporal.sqlite3").exists()
    assert not folder.exists()


def test_a_server_that_does_not_come_up_says_why(tmp_path: Path) -> None:
    program = tmp_path / "temporal-server"
    program.write_text("#!/bin/sh\necho 'the disk is on fire'\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(CannotStartError, match="the disk is on fire"):
        EmbeddedServer(tmp_path / "data", program=BuiltServer(tmp_path)).start()
