"""The contract of an engine, and the engines by name (``docs/engines.md``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Literal, Protocol

from flows.source.finding import usage_error
from ivr.records.tables import Records
from ivr.routing import RoutingTable
from simulation.engines.results import EngineResult, records_of
from simulation.tables.checks import CallTable, QueueRule, StaffTable

__all__ = ["ENGINES", "Engine", "engine", "has_kernel"]

ENGINES = ("reference", "kernel")
"""Engine names, each a package in ``simulation.engines``: the readable engine and the fast one."""


class Run(Protocol):
    """The signature of an engine's ``run`` function."""

    def __call__(
        self,
        calls: CallTable,
        staff: StaffTable,
        routing: RoutingTable,
        *,
        horizon_us: int,
        lines: int | None = None,
        at_end: Literal["drain", "clear"] = "drain",
        queue_rules: Sequence[QueueRule] = (),
        estimates: bool = False,
    ) -> EngineResult:
        """Run the tables."""
        ...


@dataclass(frozen=True)
class Engine:
    """One engine.

    Parameters
    ----------
    name : str
    run : callable
        Runs tables and returns the engine's result.
    """

    name: str
    run: Run

    def simulate(
        self,
        calls: CallTable,
        staff: StaffTable,
        routing: RoutingTable,
        *,
        horizon_us: int,
        lines: int | None = None,
        at_end: Literal["drain", "clear"] = "drain",
        queue_rules: Sequence[QueueRule] = (),
    ) -> Records:
        """Simulate one replication and return its records, checked for conservation.

        Parameters
        ----------
        calls : CallTable
            All calls arrive before the horizon.
        staff : StaffTable
        routing : RoutingTable
            Its queues and groups are those of `calls` and `staff`, in the same order.
        horizon_us : int
            Calls arrive in [0, horizon_us), microseconds.
        lines : int, optional
            How many calls the system can hold, in the menu, waiting or talking; None = no limit.
        at_end : {"drain", "clear"}
            Whether the queue is served after the horizon, or cleared at the horizon.
        queue_rules : sequence of QueueRule, optional
            One for each queue; if empty, there is room for all, nothing is announced and there are no callbacks.

        Returns
        -------
        Records

        Raises
        ------
        ScenarioError
            If the tables are inconsistent.
        ConservationError
            If the engine lost a call or an agent's time, or counted it twice: a bug in the engine.

        Examples
        --------
        Two calls, one agent: the second waits 20 s.

        >>> calls = CallTable.of(arrived_us=[0, 10_000_000], talk_us=30_000_000)
        >>> staff = StaffTable.constant({"agents": 1}, 0, 60_000_000)
        >>> routing = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))
        >>> records = engine("reference").simulate(calls, staff, routing, horizon_us=60_000_000)
        >>> (records.visits["left_us"] - records.visits["offered_us"]).tolist()
        [0, 20000000]
        """
        found = self.run(
            calls, staff, routing, horizon_us=horizon_us, lines=lines, at_end=at_end, queue_rules=queue_rules
        )
        return records_of(found, calls, staff, horizon_us=horizon_us)


def engine(name: str) -> Engine:
    """Return an engine by name; its libraries are imported on this call or when it runs.

    Parameters
    ----------
    name : str
        One of ENGINES.

    Raises
    ------
    UsageError
        X006, if there is no such engine.
    ModuleNotFoundError
        If a library it needs is not installed.

    Examples
    --------
    >>> engine("reference").name
    'reference'
    """
    if name not in ENGINES:
        raise usage_error("X006", f"there is no engine {name!r}", f"engines: auto, {', '.join(ENGINES)}")
    if name == "kernel" and not has_kernel():
        raise ModuleNotFoundError("the compiled engine needs numba, which is not installed", name="numba")
    return Engine(name, import_module(f"simulation.engines.{name}").run)


def has_kernel() -> bool:
    """Return whether numba, which the compiled engine needs, is installed."""
    return find_spec("numba") is not None
