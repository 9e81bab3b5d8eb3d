"""The flows that many tests use: the shipped ones, and one for each node type."""

from __future__ import annotations

from flows.model.load import LIBRARY
from tests.support.paths import DATA

NODE_FLOWS = tuple(sorted(str(path) for path in (DATA / "nodes").glob("*.yaml")))
"""One flow for each node type, with every exit."""
SHIPPED = tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml") if "." not in path.stem))
