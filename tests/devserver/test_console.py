"""All output in one place."""

from __future__ import annotations

import io
import json

import pytest

from temporal_app.devserver.console import Console, listen, readable

LOG = "PROCESS_LOG_STDOUT"
WEB = "processname:web groupname:app pid:7 channel:stdout\n"


@pytest.fixture
def console() -> Console:
    return Console()


def test_every_line_carries_the_name_of_its_process(console: Console) -> None:
    assert console.lines(LOG, WEB + "one\n\ntwo\n") == [
        "web         | one",
        "web         |",
        "web         | two",
    ]


def test_a_line_that_comes_in_pieces_stays_one_line(console: Console) -> None:
    """Mutant: printing every chunk as it comes."""
    assert console.lines(LOG, WEB + "half") == []
    assert console.lines(LOG, "processname:worker groupname:app pid:8 channel:stdout\nother\n") == [
        "worker      | other"
    ]
    assert console.lines(LOG, WEB + " done\n") == ["web         | half done"]


def test_a_process_that_died_is_told(console: Console) -> None:
    died = "processname:worker groupname:app from_state:RUNNING expected:0 pid:9"
    (line,) = console.lines("PROCESS_STATE_EXITED", died)
    assert "worker ended unexpectedly; starting it again" in line
    assert console.lines("PROCESS_STATE_EXITED", died.replace("expected:0", "expected:1")) == []


def test_the_growing_pause_is_told(console: Console) -> None:
    (line,) = console.lines(
        "PROCESS_STATE_BACKOFF", "processname:web groupname:app from_state:STARTING tries:3"
    )
    assert "trying again in 3 s" in line


def test_the_servers_stack_traces_stay_in_its_log() -> None:
    entry = {"level": "error", "ts": "now", "msg": "lost it", "error": "no hosts", "stacktrace": "a\nb"}
    assert readable(json.dumps(entry)) == "error: lost it: no hosts"
    assert readable('{"level": broken') == '{"level": broken'


def test_events_are_answered_one_by_one_and_lengths_count_characters() -> None:
    """Mutant: reading bytes; the first accent then garbles everything that follows."""
    events = ""
    for text in ("ünï\n", "next\n"):
        payload = WEB + text
        events += (
            f"ver:3.0 server:s serial:1 pool:p poolserial:1 eventname:{LOG} len:{len(payload)}\n{payload}"
        )
    answers, output = io.StringIO(), io.StringIO()

    listen(io.StringIO(events), answers, output)

    assert output.getvalue().splitlines() == ["web         | ünï", "web         | next"]
    assert answers.getvalue() == "READY\nRESULT 2\nOKREADY\nRESULT 2\nOKREADY\n"
