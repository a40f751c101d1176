"""The limited process: what it may use, what it knows, and that nothing of it stays."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from onboarding.documents import decoders, limits, sandbox
from onboarding.documents.intake import Refused, take_in
from onboarding.documents.refusals import Refusal
from tests import pictures
from tests.documents.impostors import Impostor, ends, installed

JPEG = "image/jpeg"
PDF = "application/pdf"


@pytest.fixture
def impostor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Impostor]:
    """Puts another program in the decoder's place."""
    with ExitStack() as stack:
        yield lambda body: stack.enter_context(installed(monkeypatch, tmp_path, body))


def printed_by(program: str) -> str:
    """What a fresh interpreter prints."""
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, cwd=decoders.PROJECT_DIR, capture_output=True, text=True, check=True
    ).stdout


def test_memory_is_limited() -> None:
    """Mutant: leave RLIMIT_AS out."""
    picture = pictures.encoded(Image.new("RGB", (5000, 5000), "grey"), "PNG", compress_level=1)
    header, _ = sandbox.run("image/png", picture)
    assert "pages" in header
    small = replace(limits.DECODER_LIMITS, memory_bytes=120 * 1024 * 1024)
    header, _ = sandbox.run("image/png", picture, process_limits=small)
    assert header["detail"] == "MemoryError"


def test_processor_time_is_limited(caplog: pytest.LogCaptureFixture) -> None:
    """Mutant seen red: leave RLIMIT_CPU out; it would end by its memory, a little later."""
    brief = replace(limits.DECODER_LIMITS, cpu_seconds=1, wall_seconds=30)
    with caplog.at_level("INFO"), pytest.raises(sandbox.DecoderDied):
        sandbox.run(PDF, pictures.pdf_that_never_ends(), process_limits=brief)
    assert re.search(f"exit -({signal.SIGKILL:d}|{signal.SIGXCPU:d})$", caplog.messages[-1])


def test_a_decoder_that_gets_no_time_is_not_the_files_fault() -> None:
    """Our lateness never refuses an applicant. Mutant: call the file unreadable at the deadline."""
    with pytest.raises(sandbox.DecoderBusy):
        sandbox.run(JPEG, pictures.jpeg(), process_limits=replace(limits.DECODER_LIMITS, wall_seconds=0.001))


def test_it_can_write_no_file_and_open_few() -> None:
    """Mutants: leave RLIMIT_FSIZE or RLIMIT_NOFILE out."""
    script = (
        "import resource; from onboarding.documents.decode import limit_self; "
        "from onboarding.documents.limits import DECODER_LIMITS; "
        "limit_self(DECODER_LIMITS); "
        "print(*[resource.getrlimit(getattr(resource, 'RLIMIT_' + name)) for name in "
        "('AS', 'CPU', 'NOFILE', 'FSIZE', 'CORE')], sep=';')"
    )
    printed = printed_by(script).strip()
    bounds = limits.DECODER_LIMITS
    expected = (bounds.memory_bytes, bounds.cpu_seconds, bounds.open_files, 0, 0)
    assert printed == ";".join(f"({bound}, {bound})" for bound in expected)


def test_it_loads_no_django() -> None:
    """It would cost a second and bring the settings' secrets. Mutant: import the settings in `pixels`."""
    script = "import sys; from onboarding.documents import forkserver; print('django' in sys.modules)"
    assert printed_by(script).strip() == "False"


def test_whoever_hands_over_a_file_loads_no_decoder() -> None:
    """Mutant seen red: import `decode` where its tasks are named."""
    script = "import sys; from onboarding.documents import sandbox, quality; print('PIL' in sys.modules)"
    assert printed_by(script).strip() == "False"


def test_it_knows_neither_our_environment_nor_the_name(
    impostor: Impostor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutants seen red: pass `os.environ` on; send the declared name with the task."""
    monkeypatch.setenv("SECRET_KEY", pictures.CANARY)
    seen = impostor("seen.write_text(repr((dict(os.environ), sys.argv, task)))")
    with pytest.raises(Refused):
        take_in(pictures.jpeg(), declared_name=f"{pictures.CANARY}.jpg")
    told = seen.read_text(encoding="utf-8")
    assert decoders.PROGRAM in told
    assert JPEG in told
    assert pictures.CANARY not in told


def test_what_it_started_dies_with_it(impostor: Impostor) -> None:
    """Mutant seen red: kill the process instead of its group."""
    seen = impostor(
        "child = os.fork()\nif not child: signal.pause()\nseen.write_text(f'{os.getpid()} {child}')"
    )
    with pytest.raises(sandbox.DecoderBusy):
        sandbox.run(JPEG, pictures.jpeg(), process_limits=replace(limits.DECODER_LIMITS, wall_seconds=1))
    pids = [int(pid) for pid in seen.read_text(encoding="utf-8").split()]
    assert all(ends(pid) for pid in pids)


@pytest.mark.parametrize(
    "body",
    [
        "os.abort()",
        "sys.stdin.buffer.read(10); os._exit(0)",
        "print('nonsense')",
        "print('{}')",
        "print('[1, 2]')",
        """print('{"sizes": []}')""",
        """print('{"sizes": [-5, 5]}')""",
        """print('{"sizes": [], "refusal": "made up"}')""",
        """print('{"sizes": [5], "pages": [[1, 1]]}\\n<svg>', end='')""",
        """sys.stdout.buffer.write(b'{"sizes": [4], "pages": []}\\n\\xff\\xd8\\xff\\xe0')""",
        """sys.stdout.buffer.write(b'{"sizes": [4], "pages": [["a", 1]]}\\n\\xff\\xd8\\xff\\xe0')""",
        "while True: sys.stdout.buffer.write(bytes(1 << 20))",
    ],
    ids=[
        "abort",
        "hangs up",
        "nonsense",
        "no sizes",
        "list",
        "no pages",
        "negative",
        "unknown code",
        "SVG",
        "no measures",
        "words for measures",
        "endless",
    ],
)
def test_whatever_a_broken_decoder_says_the_applicant_gets_a_sentence(impostor: Impostor, body: str) -> None:
    """Mutants: believe the frame's sizes; believe that pages are JPEG; read without an end."""
    impostor(body)
    with pytest.raises(Refused) as caught:
        take_in(pictures.jpeg())
    assert caught.value.code is Refusal.UNREADABLE


def test_too_many_at_once_are_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: start a decoder for everybody, each with its gigabyte."""
    monkeypatch.setattr(sandbox, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(limits, "MAX_WAIT_SECONDS", 0.01)
    with sandbox._places, pytest.raises(Refused) as caught:
        take_in(pictures.jpeg())
    assert caught.value.code is Refusal.BUSY
    assert take_in(pictures.jpeg()).pages, "the place was given back"


def test_nobody_waits_for_a_place_longer_than_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the virus scanner used is gone. Mutant seen red: the wait knows only its own limit."""
    monkeypatch.setattr(sandbox, "_places", threading.BoundedSemaphore(1))
    began = time.monotonic()
    with sandbox._places, pytest.raises(sandbox.DecoderBusy):
        sandbox.run("image/jpeg", b"", process_limits=limits.ProcessLimits(wall_seconds=0.1))
    assert time.monotonic() - began < 2


def test_a_decoder_without_its_libraries_is_not_the_files_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Mutant seen red: tell every applicant that their picture is damaged, and nobody else anything."""
    with installed(monkeypatch, tmp_path, "pass", "import no_such_library"), pytest.raises(Refused) as caught:
        take_in(pictures.jpeg())
    assert caught.value.code is Refusal.BUSY
    assert "ERROR" in [record.levelname for record in caplog.records]


def test_a_decoder_that_fails_before_it_answers_is_not_the_files_fault(
    impostor: Impostor, caplog: pytest.LogCaptureFixture
) -> None:
    """Mutant seen red: take any end without an answer for the file's."""
    impostor("raise ImportError")
    with pytest.raises(Refused) as caught:
        take_in(pictures.jpeg())
    assert caught.value.code is Refusal.BUSY
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_machine_that_can_start_nothing_asks_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant seen red: let the OSError out, which is a 500."""
    decoders.retire()
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(Refused) as caught:
        take_in(pictures.jpeg())
    assert caught.value.code is Refusal.BUSY
