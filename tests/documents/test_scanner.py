"""clamd, asked over real sockets: what it finds, and everything that keeps it from finding."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from onboarding.documents import scanner
from tests.clamd import EICAR, FakeClamd, clamd

LARGE = 8 * 1024 * 1024
"""More than the buffers of a connection take."""


@pytest.fixture
def fake(settings: Settings) -> Iterator[FakeClamd]:
    with clamd() as fake:
        settings.CLAMD_ADDRESS = fake.address
        yield fake


def test_without_an_address_nothing_is_scanned(settings: Settings) -> None:
    settings.CLAMD_ADDRESS = ""
    scanner.scan(EICAR, seconds=1)


@pytest.mark.parametrize("size", [1, scanner.CHUNK_BYTES, scanner.CHUNK_BYTES + 1, LARGE])
def test_a_clean_file_passes_and_was_sent_whole(fake: FakeClamd, size: int) -> None:
    """Mutant seen red: the last, shorter chunk is left out."""
    data = bytes(number % 251 for number in range(997)) * (size // 997 + 1)
    scanner.scan(data[:size], seconds=10)
    assert fake.seen == [data[:size]]


def test_a_virus_is_found_wherever_it_stands(fake: FakeClamd) -> None:
    """Also across two chunks. Mutant seen red: every answer that isn't an error is fine."""
    for before in (0, scanner.CHUNK_BYTES - 30, LARGE):
        with pytest.raises(scanner.Infected, match="Eicar-Test-Signature"):
            scanner.scan(b"x" * before + EICAR, seconds=10)


def test_a_unix_socket_does_as_well(settings: Settings, tmp_path: Path) -> None:
    with clamd(tmp_path / "clamd.ctl") as fake:
        settings.CLAMD_ADDRESS = fake.address
        scanner.scan(b"pixels", seconds=5)
        with pytest.raises(scanner.Infected):
            scanner.scan(EICAR, seconds=5)
    assert fake.seen == [b"pixels", EICAR]


def test_a_scanner_that_is_away_says_nothing_about_the_file(settings: Settings, tmp_path: Path) -> None:
    """Mutant seen red: an OSError gets out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        settings.CLAMD_ADDRESS = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(scanner.ScannerAway):
            scanner.scan(b"pixels", seconds=1)
    settings.CLAMD_ADDRESS = str(tmp_path / "nobody.ctl")
    with pytest.raises(scanner.ScannerAway):
        scanner.scan(b"pixels", seconds=1)


@pytest.mark.parametrize(("trouble", "data"), [("silent", b"pixels"), ("deaf", b"x" * LARGE)])
def test_a_scanner_that_is_too_slow_is_left(fake: FakeClamd, trouble: str, data: bytes) -> None:
    """Mutant seen red: no limit for the answer."""
    setattr(fake, trouble, True)
    began = time.monotonic()
    with pytest.raises(scanner.NotScanned, match="too slow"):
        scanner.scan(data, seconds=0.4)
    assert 0.3 < time.monotonic() - began < 2


def test_a_scanner_that_answers_a_little_at_a_time_is_left_too(settings: Settings) -> None:
    """Mutant seen red: the limit is for each call instead of all together."""
    with clamd() as fake:
        settings.CLAMD_ADDRESS = fake.address

        def dribble(connection: socket.socket) -> None:
            for _ in range(30):
                if fake.over.wait(0.1):
                    return
                connection.sendall(b"s")

        fake.serve = dribble  # type: ignore[method-assign]
        began = time.monotonic()
        with pytest.raises(scanner.NotScanned, match="too slow"):
            scanner.scan(b"pixels", seconds=0.5)
        assert time.monotonic() - began < 2


def test_a_file_that_is_too_large_for_the_scanner_is_not_scanned(fake: FakeClamd) -> None:
    """clamd answers and hangs up while we send. Mutant seen red: what was cut off counts as clean."""
    fake.max_bytes = 100_000
    with pytest.raises(scanner.NotScanned):
        scanner.scan(b"x" * LARGE, seconds=5)
    scanner.scan(b"x" * 1000, seconds=5)


@pytest.mark.parametrize(
    "answer",
    [
        b"UNKNOWN COMMAND\0",
        b"stream: OKAY\0",
        b"OK\0",
        b"stream: \0",
        b"stream: Can't open file ERROR\0",
        b"\xff\xfe\0",
        b"\0stream: OK\0",
        b"A" * 10_000,
    ],
)
def test_an_answer_that_makes_no_sense_is_not_clean(fake: FakeClamd, answer: bytes) -> None:
    """Mutant seen red: `OK` somewhere in the answer is enough."""
    fake.answer = answer
    with pytest.raises(scanner.NotScanned):
        scanner.scan(b"pixels", seconds=2)


@pytest.mark.parametrize("trouble", ["mute", "gone"])
def test_no_answer_at_all_is_not_clean(fake: FakeClamd, trouble: str) -> None:
    """Mutant seen red: an empty answer counts as clean."""
    if trouble == "gone":
        fake.serve = socket.socket.close  # type: ignore[method-assign]
    fake.mute = True
    with pytest.raises(scanner.NotScanned):
        scanner.scan(b"pixels", seconds=2)
