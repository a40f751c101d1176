"""What the machine is and does: CPU time of process trees, a fixed piece of work, the price of an fsync."""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
CALIBRATION_ROUNDS = 40
CALIBRATION_BLOCK = bytes(2 * 1024 * 1024)


def parse_stat(text: str) -> tuple[int, int]:
    """Parent id, and CPU ticks of the process itself and of its children that have ended.

    The program's name stands in parentheses and may hold anything, also spaces and parentheses.
    """
    fields = text.rpartition(")")[2].split()
    return int(fields[1]), sum(int(ticks) for ticks in fields[11:15])


def tree_cpu_ms(roots: Iterable[int]) -> float:
    """CPU milliseconds of these processes and of everything below them, ended children included."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for entry in PROC.iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            text = (entry / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue  # it ended while we looked: its parent has its ticks
        parents[int(entry.name)], ticks[int(entry.name)] = parse_stat(text)
    return sum(ticks[pid] for pid in below(parents, roots)) * TICK_MS


def below(parents: Mapping[int, int], roots: Iterable[int]) -> set[int]:
    """The roots that exist and all their descendants, each once."""
    found = {root for root in roots if root in parents}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


class Meter:
    """CPU milliseconds by process since it was made."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = processes
        self._before = self._read()

    def per_operation(self, operations: int) -> dict[str, float]:
        return {
            name: (total - self._before[name]) / max(1, operations) for name, total in self._read().items()
        }

    def _read(self) -> dict[str, float]:
        read = {name: tree_cpu_ms([pid]) for name, pid in self._processes.items() if pid != os.getpid()}
        own = time.process_time() * 1000  # the others are our children: they would count twice
        return read | {name: own for name, pid in self._processes.items() if pid == os.getpid()}


def memory_mib(pid: int, field: str = "VmRSS") -> float:
    """What a process holds in memory now (`VmRSS`), or held at most (`VmHWM`)."""
    lines = (PROC / str(pid) / "status").read_text(encoding="utf-8").splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1024


def calibrate() -> float:
    """Seconds of the same fixed work on every core at once, so that a busy neighbour shows."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as threads:
        began = time.perf_counter()
        list(threads.map(_hash, range(cores)))
        return time.perf_counter() - began


def _hash(_core: int) -> None:
    digest = hashlib.sha256()
    for _ in range(CALIBRATION_ROUNDS):
        digest.update(CALIBRATION_BLOCK)  # without the interpreter's lock


def fsyncs_per_second(folder: Path, seconds: float = 0.5) -> float:
    """How many times a second 4 KiB can be appended and made durable here."""
    file = folder / "fsync-probe"
    count, began = 0, time.perf_counter()
    with file.open("wb", buffering=0) as probe:
        while time.perf_counter() - began < seconds:
            probe.write(bytes(4096))
            os.fsync(probe.fileno())
            count += 1
    file.unlink()
    return count / (time.perf_counter() - began)


def is_busy() -> bool:
    """Whether more than half a core was at work during the last minute, before we began."""
    return os.getloadavg()[0] > 0.5


def description() -> str:
    """Processor, cores and load, in one line."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in (PROC / "cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    load = " ".join(f"{each:.2f}" for each in os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, load {load}"
