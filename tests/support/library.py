"""The flows that many tests use: the shipped ones, one for each node type, and one for each other construct."""

from __future__ import annotations

from flows.model.load import LIBRARY
from tests.support.paths import DATA

NODE_FLOWS = tuple(sorted(str(path) for path in (DATA / "nodes").glob("*.yaml")))
"""One flow for each node type, with every exit."""
CONSTRUCT_FLOWS = tuple(sorted(str(path) for path in (DATA / "constructs").glob("*.yaml")))
"""One flow for each construct of the language that is not a node type, with everything that it may lead to."""
FIXTURES = (*NODE_FLOWS, *CONSTRUCT_FLOWS)
"""Flows with a call script beside them that takes every exit."""
SHIPPED = tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml") if "." not in path.stem))
