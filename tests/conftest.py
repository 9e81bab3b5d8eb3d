"""What many tests need: the day on which they run, databases, and a browser."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.support.left_out import pytest_sessionfinish as pytest_sessionfinish
from tests.support.left_out import pytest_terminal_summary as pytest_terminal_summary
from tests.support.paths import TESTS
from tests.support.postgres_server import Server
from tests.support.programs import needed
from tests.support.slow_tests import SLOW

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# No test may depend on the day on which it runs; commands that are started see it too.
os.environ["IVR_TODAY"] = "2026-11-24"
# A shell that runs tests in the background has them ignore Ctrl-C: commands that they interrupt must not inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
settings.register_profile("shared machine", deadline=None)  # several tests run at once: how long one takes says nothing
settings.load_profile("shared machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test-fast` leaves out."""
    for item in items:
        if str(item.path.relative_to(TESTS)).startswith(SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real PostgreSQL server; only where there is none to start is the test left out."""
    server = Server()
    yield server
    server.end()


@pytest.fixture
def own_postgresql() -> Iterator[Server]:
    """A real PostgreSQL server that the test may stop."""
    server = Server()
    yield server
    server.end()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind that the service takes."""
    return (
        str(tmp_path / "calls.sqlite") if request.param == "sqlite" else request.getfixturevalue("postgresql").fresh()
    )


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser; only where there is none to start is the test left out."""
    from tests.support import browser

    with browser.started() as opened:
        yield opened


@pytest.fixture(scope="session")
def nginx() -> str:
    """Where nginx is; only where there is none is the test left out."""
    return needed("nginx")
