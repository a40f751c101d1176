"""The process that forks a decoder for each file: what it holds, what its death costs, whom it outlives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from onboarding.documents import decoders, limits, sandbox
from onboarding.documents.intake import Refused, take_in
from onboarding.documents.refusals import Refusal
from tests import pictures
from tests.documents.impostors import children_of, ends, fork_server, installed
from tests.live import eventually

JPEG = "image/jpeg"
HONEST = "os.write(1, decode.answer(task, sys.stdin.buffer.read()))"
SMALL = pictures.jpeg(width=300, height=200)
AT_REST = ["/dev/null"] * 3 + ["anon_inode", "socket"]
"""Standard input, output and error, the selector, the control socket."""


@pytest.fixture(autouse=True)
def _fresh_fork_server() -> Iterator[None]:
    decoders.retire()
    yield
    decoders.retire()


def test_one_fork_server_serves_all_files_of_all_threads() -> None:
    """Mutants seen red: start one for each file; start one for each thread that finds none."""
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: sandbox.run(JPEG, SMALL), range(6)))
    server = fork_server()
    sandbox.run(JPEG, SMALL)
    assert fork_server() == server
    mine = [pid for pid in children_of_all_threads() if is_fork_server(pid)]
    assert mine == [server]


def test_it_holds_nothing_that_a_stranger_could_want() -> None:
    """One thread, no environment of ours, no file, and it can write none.

    Mutants seen red: pass `os.environ` on; leave RLIMIT_FSIZE out; keep the ends of a decoder's pipes.
    """
    sandbox.run(JPEG, SMALL)
    process = Path(f"/proc/{fork_server()}")
    environment = process.joinpath("environ").read_text(encoding="utf-8").strip("\0")
    assert environment == "GLIBC_TUNABLES=glibc.malloc.hugetlb=1"
    assert len(list(process.joinpath("task").iterdir())) == 1
    eventually(lambda: opened_by(fork_server()) == AT_REST)  # it shuts a lifeline after the last word
    bounds = process.joinpath("limits").read_text(encoding="ascii")
    assert "Max file size             0                    0" in bounds
    assert "Max core file size        0                    0" in bounds


def test_no_file_sees_anything_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what one left in memory nor the pipes of one at work at the same time.

    Mutants seen red: do the work in the fork server itself; leave out the closing of what isn't its own.
    """
    body = (
        "mine = sys.stdin.buffer.read()\n"
        "found = getattr(decode, 'stranger', b'')\n"
        "decode.stranger = mine\n"
        "opened = sorted(int(each) for each in os.listdir('/proc/self/fd'))[:-1]\n"
        "pathlib.Path(f'{seen}{os.getpid()}').write_text(repr((found, opened)))\n"
        "while len(list(seen.parent.glob('seen*'))) < 3: time.sleep(0.01)\n"
        "os.write(1, decode.answer(task, mine))"
    )
    with installed(monkeypatch, tmp_path, body) as seen, ThreadPoolExecutor(3) as threads:
        for header, _ in threads.map(lambda _: sandbox.run(JPEG, SMALL), range(3)):
            assert "pages" in header
        told = [each.read_text(encoding="utf-8") for each in seen.parent.glob("seen*")]
    assert told == ["(b'', [0, 1, 2])"] * 3


def test_one_that_died_between_two_files_is_replaced(caplog: pytest.LogCaptureFixture) -> None:
    """Mutant seen red: don't try again."""
    take_in(SMALL)
    killed = fork_server()
    os.kill(killed, signal.SIGKILL)
    assert ends(killed)
    assert take_in(SMALL).pages
    assert fork_server() != killed
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_file_that_is_being_decoded_outlives_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutants seen red: believe no answer without an exit code; end it so that it can kill its children.

    That is: gently, or by its socket first, which is red one time in three.
    """
    body = f"seen.touch()\nwhile not seen.with_name('go').exists(): time.sleep(0.01)\n{HONEST}"
    for end in (lambda: os.kill(fork_server(), signal.SIGKILL), decoders.retire):
        with installed(monkeypatch, tmp_path, body) as seen, ThreadPoolExecutor(1) as threads:
            taken = threads.submit(take_in, SMALL)
            eventually(seen.exists)
            end()
            seen.with_name("go").touch()
            assert taken.result().pages
        seen.unlink()
        seen.with_name("go").unlink()


def test_one_that_hangs_is_replaced_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutants seen red: wait for its answer until the file's own deadline; leave it there."""
    take_in(SMALL)
    hanging = fork_server()
    os.kill(hanging, signal.SIGSTOP)
    monkeypatch.setattr(decoders, "ANSWER_SECONDS", 1.0)
    assert take_in(SMALL).pages
    assert fork_server() != hanging
    assert ends(hanging)


def test_where_none_can_live_people_are_asked_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Mutant seen red: try again until one lives."""
    with installed(monkeypatch, tmp_path, "pass", "sys.exit(3)"), pytest.raises(Refused) as caught:
        take_in(SMALL)
    assert caught.value.code is Refusal.BUSY
    assert len([message for message in caplog.messages if "was gone, exit 3" in message]) == 2


def test_after_a_crash_the_next_file_lies_at_other_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutants seen red: keep the fork server after a crash; give it up after every file."""
    body = "if sys.stdin.buffer.read() == b'\\xff\\xd8\\xff': os.kill(os.getpid(), signal.SIGSEGV)"
    with installed(monkeypatch, tmp_path, body):
        with pytest.raises(sandbox.DecoderDied):
            sandbox.run(JPEG, SMALL)
        before = fork_server()
        with pytest.raises(sandbox.DecoderDied):
            sandbox.run(JPEG, b"\xff\xd8\xff")
        assert ends(before)


PARENT = """
import os, sys, threading
from onboarding.documents import decoders, sandbox
small = open(sys.argv[1], "rb").read()
sandbox.run("image/jpeg", small)
"""


@pytest.mark.parametrize("at_work", [False, True], ids=["idle", "at work"])
def test_nothing_is_left_when_its_parent_is_killed(tmp_path: Path, at_work: bool) -> None:
    """Mutants seen red: wait for another request at the end of the socket; end none with its lifeline."""
    picture = tmp_path / "small.jpg"
    picture.write_bytes(SMALL)
    script = PARENT + (
        "decoder = decoders.begin('image/jpeg', sandbox.limits.DECODER_LIMITS, 1e9)\n" if at_work else ""
    )
    script += "print(decoders._server.pid, decoder.pid if 'decoder' in globals() else 0, flush=True)\n"
    script += "import signal; signal.pause()"
    with started(script, picture) as parent:
        server, decoder = told_by(parent)
        if decoder:
            os.kill(decoder, signal.SIGSTOP)  # or it would end by itself, with its input
        parent.kill()
        parent.wait()
        assert ends(server)
        assert not decoder or ends(decoder)


def test_its_children_end_with_its_socket() -> None:
    """Whichever of its sockets the system closes first. Mutant seen red: leave them alone there."""
    decoder = decoders.begin(JPEG, limits.DECODER_LIMITS, time.monotonic() + 60)
    os.kill(decoder.pid, signal.SIGSTOP)  # or it would end by itself, with its input
    assert decoders._server is not None
    decoders._server._control.close()
    assert ends(decoder.pid)
    decoder.end()


def test_a_forked_copy_of_its_parent_has_its_own(tmp_path: Path) -> None:
    """Mutants seen red: leave the socket open in the copy, which keeps the first one alive; use it there."""
    picture = tmp_path / "small.jpg"
    picture.write_bytes(SMALL)
    script = PARENT + (
        "first = decoders._server.pid\n"
        "copy = os.fork()\n"
        "if not copy:\n"
        "    sandbox.run('image/jpeg', small)\n"
        "    print(first, os.getpid(), decoders._server.pid, flush=True)\n"
        "import signal; signal.pause()"
    )
    with started(script, picture) as parent:
        first, copy, second = told_by(parent)
        try:
            assert first != second
            parent.kill()
            parent.wait()
            assert ends(first)
            assert not ends_at_once(second)
        finally:
            os.kill(copy, signal.SIGKILL)
        assert ends(second)


def test_nothing_is_left_open_by_fifty_files() -> None:
    """Mutants seen red: keep a lifeline; keep a pipe where a file is refused; don't reap."""
    take_in(SMALL)
    server = fork_server()
    mine = Path("/proc/self/fd")
    before = len(list(mine.iterdir()))
    for number in range(50):
        if number % 5:
            take_in(SMALL)
        else:
            with pytest.raises(Refused):
                take_in(b"%PDF-")
    assert len(list(mine.iterdir())) == before
    eventually(lambda: opened_by(server) == AT_REST)
    assert fork_server() == server
    assert children_of(server) == []


def test_who_waits_for_another_thread_waits_no_longer_than_there_is_time() -> None:
    """Mutant seen red: wait for the lock as long as it takes."""
    began = time.monotonic()
    with decoders._lock, pytest.raises(sandbox.DecoderBusy):
        sandbox.run(JPEG, SMALL, process_limits=limits.ProcessLimits(wall_seconds=0.1))
    assert time.monotonic() - began < 2


@contextmanager
def started(script: str, picture: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that takes in the picture and goes on as the script says."""
    command = [sys.executable, "-c", script, str(picture)]
    with subprocess.Popen(command, cwd=decoders.PROJECT_DIR, stdout=subprocess.PIPE, text=True) as parent:
        try:
            yield parent
        finally:
            parent.kill()


def told_by(parent: subprocess.Popen[str]) -> list[int]:
    assert parent.stdout
    return [int(number) for number in parent.stdout.readline().split()]


def ends_at_once(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def opened_by(pid: int) -> list[str]:
    """The kinds of all open files."""
    found = []
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(str(each.readlink()).partition(":")[0])
    return sorted(found)


def children_of_all_threads() -> list[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text(encoding="ascii").split()]


def is_fork_server(pid: int) -> bool:
    return decoders.PROGRAM.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
