"""The end of a test run: which tests were left out and why. With CI=true none may be."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest
    from _pytest.terminal import TerminalReporter

__all__ = ["counted", "in_ci", "pytest_sessionfinish", "pytest_terminal_summary"]


def in_ci() -> bool:
    """Return whether this is a run that must be complete: CI=true, as the services for it set."""
    return os.environ.get("CI", "").lower() in ("true", "1")


def counted(reporter: TerminalReporter) -> Counter[str]:
    """Return how many tests were left out for each reason."""
    told = (report.longrepr for report in reporter.stats.get("skipped", ()))
    return Counter(str(each[2] if isinstance(each, tuple) else each).removeprefix("Skipped: ") for each in told)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the run fail in CI if a test was left out."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and in_ci() and not session.exitstatus and counted(reporter):
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the summary."""
    reasons = counted(terminalreporter)
    if not reasons:
        return
    terminalreporter.section("left out", red=in_ci(), yellow=not in_ci())
    for reason, tests in sorted(reasons.items()):
        terminalreporter.line(f"{tests} {'test' if tests == 1 else 'tests'}: {reason}")
    if in_ci():
        terminalreporter.line("CI=true: nothing may be left out, so this run has failed.")
