"""The supervisor's configuration, and the tether that lets nobody outlive it."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from temporal_app.devserver import supervision, tether
from temporal_app.devserver.config import ServerPorts
from temporal_app.devserver.launch import embedded_server
from temporal_app.devserver.place import Place
from temporal_app.devserver.programs import BuiltServer, ServerProgram, TemporalCli
from tests.live import eventually

PORTS = ServerPorts(*range(21_000, 21_009))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path / "a folder, 100% ours")
    place.make()
    return place


def sections(place: Place, program: ServerProgram) -> RawConfigParser:
    temporal = embedded_server(program, place.temporal, PORTS, ui_port=21_100, namespace="onboarding")
    app = [
        supervision.release_process(),
        supervision.worker_process(place),
        supervision.web_process(place, 8123),
    ]
    parser = RawConfigParser()
    parser.read_string(supervision.supervisor_config(temporal, app))
    return parser


def command(parser: RawConfigParser, name: str) -> list[str]:
    return [word.replace("%%", "%") for word in shlex.split(parser[f"program:{name}"]["command"])]


def test_a_built_server_has_its_ui_beside_it(place: Place) -> None:
    parser = sections(place, BuiltServer(Path("/opt/built")))
    assert parser["group:temporal"]["programs"] == "temporal,temporal-ui"
    assert "/opt/built/temporal-ui" in command(parser, "temporal-ui")
    assert "21100" in (place.temporal / "ui" / "development.yaml").read_text()


def test_a_temporal_program_is_one_process_on_loopback_and_a_file(place: Place) -> None:
    """Mutant: no `--db-filename`; every case is lost with the process."""
    argv = command(sections(place, TemporalCli(Path("/usr/bin/temporal"), (1, 9, 0))), "temporal")
    assert argv[argv.index("--ip") + 1] == "127.0.0.1"
    assert argv[argv.index("--port") + 1] == "21000"
    assert argv[argv.index("--ui-port") + 1] == "21100"
    assert argv[argv.index("--db-filename") + 1] == "temporal.sqlite3"
    assert 'history.timerProcessorMaxTimeShift="10ms"' in argv
    assert "frontend.WorkflowTimeSkippingEnabled=true" in argv


def test_temporal_starts_first_and_stops_last(place: Place) -> None:
    parser = sections(place, BuiltServer(Path("/opt/built")))
    assert int(parser["group:temporal"]["priority"]) < int(parser["group:app"]["priority"])


def test_everything_but_the_release_step_comes_back_always(place: Place) -> None:
    parser = sections(place, BuiltServer(Path("/opt/built")))
    again = {
        name: parser[f"program:{name}"]["autorestart"]
        for name in ("temporal", "temporal-ui", "worker", "web")
    }
    assert set(again.values()) == {"true"}
    assert parser["program:release"]["autorestart"] == "unexpected"


def test_web_and_worker_wait_for_what_they_need(place: Place) -> None:
    parser = sections(place, BuiltServer(Path("/opt/built")))
    assert str(place.database_ready) in command(parser, "web")
    assert str(place.database_ready) in command(parser, "worker")


def test_the_web_listens_on_loopback_and_writes_no_query_strings(place: Place) -> None:
    argv = command(sections(place, BuiltServer(Path("/opt/built"))), "web")
    assert argv[argv.index("--host") + 1] == "127.0.0.1"
    assert argv[argv.index("--port") + 1] == "8123"
    assert "--no-access-log" in argv


def test_the_server_gets_none_of_our_variables(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: inheriting ours; TEMPORAL_CONFIG_DIR makes the server refuse its own configuration."""
    monkeypatch.setenv("TEMPORAL_CONFIG_DIR", "/elsewhere")
    (server, _) = embedded_server(BuiltServer(Path("/opt/built")), place.temporal, PORTS, ui_port=1)
    assert not [name for name in server.environment if name.startswith("TEMPORAL")]


SUPERVISOR = """
import os, subprocess, sys
from temporal_app.devserver import tether
child = subprocess.Popen(tether.tethered(sys.argv[1:]), env={**os.environ, **tether.to_this_process()})
print(child.pid, flush=True)
child.wait()
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_nobody_outlives_a_killed_supervisor() -> None:
    """Mutant: no PR_SET_PDEATHSIG; the orphan keeps the port and the database."""
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, "sleep", "60"], stdout=subprocess.PIPE
    ) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        eventually(lambda: b"sleep" in Path(f"/proc/{pid}/cmdline").read_bytes(), of="the child's start")
        supervisor.kill()
        eventually(lambda: not alive(pid), of="the child's end")


def test_a_program_whose_supervisor_is_gone_is_not_started(tmp_path: Path) -> None:
    outcome = subprocess.run(
        tether.tethered(["touch", str(tmp_path / "started")]),
        env={tether.PARENT: "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 1
    assert "its supervisor is gone" in outcome.stderr
    assert not (tmp_path / "started").exists()


def test_a_program_waits_for_its_file(tmp_path: Path) -> None:
    """Mutant: not waiting; the web would meet a database without tables."""
    gate, started = tmp_path / "gate", tmp_path / "started"
    argv = tether.tethered(["touch", str(started)], after=str(gate))
    with subprocess.Popen(argv, env={**os.environ, **tether.to_this_process()}) as child:
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(timeout=0.3)
        assert not started.exists()
        gate.touch()
        assert child.wait(timeout=10) == 0
    assert started.exists()


def test_a_waiting_program_ends_when_asked(tmp_path: Path) -> None:
    argv = tether.tethered(["true"], after=str(tmp_path / "never"))
    with subprocess.Popen(argv, env={**os.environ, **tether.to_this_process()}) as child:
        child.terminate()
        assert child.wait(timeout=10) == -signal.SIGTERM
