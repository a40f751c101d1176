"""A pytest plugin (`-p tests.completeness`): with REQUIRE_ALL=1 a skipped test fails the run."""

from __future__ import annotations

import os

import pytest

REQUIRED = "REQUIRE_ALL"


class Skips:
    """Counts skipped tests and turns them into a failure where none is allowed."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.reasons.append(f"{report.nodeid}: {report.longreprtext or report.longrepr}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.reasons.append(f"{report.nodeid}: {report.longrepr}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if self.reasons and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.reasons:
            terminalreporter.section(f"{len(self.reasons)} skipped, and {REQUIRED} allows none", red=True)


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get(REQUIRED, "").strip() not in {"", "0"}:
        config.pluginmanager.register(Skips(), "completeness")
