"""What many tests need: the shipped flows, and this folder on the import path."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["IVR_TODAY"] = (
    "2026-11-24"  # no test may depend on the day on which it runs; commands that are started see it too
)
sys.path.insert(0, str(Path(__file__).parent))
settings.register_profile("shared machine", deadline=None)  # several tests run at once: how long one takes says nothing
settings.load_profile("shared machine")

from postgres_server import MISSING, Server, programs  # noqa: E402

from flows.model.load import LIBRARY  # noqa: E402

NODE_FLOWS = tuple(sorted(str(path) for path in (Path(__file__).parent / "nodes").glob("*.yaml")))
"""One flow for each node type, with every exit."""
SHIPPED = tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml") if not path.stem.endswith(".scenario")))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real PostgreSQL server; only where there is none to start is the test left out."""
    if programs() is None:
        pytest.skip(MISSING)
    server = Server()
    yield server
    server.end()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind that the service takes."""
    return (
        str(tmp_path / "calls.sqlite") if request.param == "sqlite" else request.getfixturevalue("postgresql").fresh()
    )
