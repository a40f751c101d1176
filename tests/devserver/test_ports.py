"""Ports: refused in a sentence, remembered across starts."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from temporal_app.devserver.ports import free_ports, is_free, remembered_ports, wanted_port
from temporal_app.devserver.speech import CannotStartError


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        yield listener.getsockname()[1]


@pytest.mark.parametrize("nonsense", ["abc", "", "0", "65536", "-1", "80 80", "1e3", "٣", "9" * 5000])
def test_nonsense_is_refused_with_an_example(nonsense: str) -> None:
    with pytest.raises(CannotStartError, match="PORT=8000"):
        wanted_port(nonsense)


def test_a_busy_port_is_a_sentence_that_names_another(busy_port: int) -> None:
    """Mutant: `wanted_port` without the probe."""
    with pytest.raises(CannotStartError, match=f"Port {busy_port} is busy") as refusal:
        wanted_port(str(busy_port))
    suggested = int(str(refusal.value).split("PORT=")[1].split()[0])
    assert is_free(suggested)


def test_a_free_port_is_taken() -> None:
    (port,) = free_ports(1)
    assert wanted_port(str(port)) == port


def test_free_ports_differ_and_fit_where_postgres_keeps_them() -> None:
    """Mutant: asking the kernel (port 0) gives ports above 32767, which its Postgres schema refuses."""
    ports = free_ports(9)
    assert len(set(ports)) == 9
    assert max(ports) < 32_768


def test_a_second_start_gets_the_same_ports(tmp_path: Path) -> None:
    file = tmp_path / "run" / "ports.json"
    assert remembered_ports(file, ["server", "ui"]) == remembered_ports(file, ["server", "ui"])


def test_a_port_that_was_taken_meanwhile_is_replaced(tmp_path: Path, busy_port: int) -> None:
    file = tmp_path / "ports.json"
    file.write_text(json.dumps({"server": busy_port}))
    assert remembered_ports(file, ["server"])["server"] != busy_port


@pytest.mark.parametrize(
    "content", ["", "[]", '{"server": "x"}', '{"server": 70000}', '{"server": true}', "\0"]
)
def test_a_damaged_memory_is_forgotten(tmp_path: Path, content: str) -> None:
    file = tmp_path / "ports.json"
    file.write_text(content)
    port = remembered_ports(file, ["server"])["server"]
    assert json.loads(file.read_text()) == {"server": port}
    assert 1024 < port < 65536
