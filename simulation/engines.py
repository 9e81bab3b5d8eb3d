"""The engines by name: one contract, several ways to keep it (``docs/engines.md``)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Literal, Protocol

from ivr.records import Records
from ivr.routing import RoutingTable
from simulation.results import EngineResult
from simulation.tables import CallTable, QueueRule, StaffTable

__all__ = ["ENGINES", "Engine", "engine"]

ENGINES = ("reference", "kernel")
"""Names of the engines, each a module of ``simulation``: the readable one, and the fast one."""


class Engine(Protocol):
    """What every engine offers; parameters as in ``simulation.reference.simulate``."""

    def run(
        self, calls: CallTable, staff: StaffTable, routing: RoutingTable, *, horizon_us: int, lines: int | None = None,
        at_end: Literal["drain", "clear"] = "drain", queue_rules: Sequence[QueueRule] = (), estimates: bool = False,
    ) -> EngineResult:
        """Run the tables."""
        ...

    def simulate(
        self, calls: CallTable, staff: StaffTable, routing: RoutingTable, *, horizon_us: int, lines: int | None = None,
        at_end: Literal["drain", "clear"] = "drain", queue_rules: Sequence[QueueRule] = (),
    ) -> Records:
        """Run the tables and return checked records."""
        ...


def engine(name: str) -> Engine:
    """Return an engine; its libraries are imported only now.

    Parameters
    ----------
    name : str
        One of ENGINES.

    Examples
    --------
    >>> engine("reference").__name__
    'simulation.reference'
    """
    return import_module(f"simulation.{name}")  # type: ignore[return-value]
