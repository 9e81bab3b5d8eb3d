"""Load or compile the kernel before the first run, and report when it has to be compiled.

This happens in the calling thread: Ctrl-C reaches only that one, and worker threads compiling would block each other.
"""

from __future__ import annotations

from collections.abc import Callable

from numba.core.event import Event, Listener, install_listener

from ivr.records.costs import Prices
from ivr.records.measures import interval_edges
from ivr.records.tables import empty
from ivr.routing import RoutingTable
from simulation.engines.kernel.cost_sums import priced
from simulation.engines.kernel.engine import run
from simulation.engines.kernel.measure_sums import sums
from simulation.engines.kernel.record_visits import finish
from simulation.tables.checks import CallTable, StaffTable

__all__ = ["warm_up"]


class _Told(Listener):
    """Reports once that something is being compiled; code found on disk does not count."""

    def __init__(self, on_compile: Callable[[], None]) -> None:
        self._tell: Callable[[], None] | None = on_compile

    def on_start(self, event: Event) -> None:
        tell, self._tell = self._tell, None
        if tell:
            tell()

    def on_end(self, event: Event) -> None:
        """Do nothing at the end."""


def warm_up(on_compile: Callable[[], None] | None = None, *, also: Callable[[], object] | None = None) -> None:
    """Load the compiled kernel, or compile it.

    Parameters
    ----------
    on_compile : callable, optional
        Called once if something has to be compiled, which takes about twenty seconds; not if it is cached on disk.
    also : callable, optional
        Runs compiled functions elsewhere, so that they are loaded too.

    Examples
    --------
    >>> warm_up(on_compile=lambda: None)
    """
    with install_listener("numba:compile", _Told(on_compile or (lambda: None))):
        calls = CallTable.of(arrived_us=[0], talk_us=1)
        routing = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))
        staff = StaffTable.constant({"agents": 1}, 0, 1)
        finish(run(calls, staff, routing, horizon_us=1), staff, slice(None), horizon_us=1)
        nobody = empty(horizon_us=1)
        ends_us = nobody.agents["off_us"]
        priced(sums(nobody, interval_us=1), nobody, Prices(), edges_us=interval_edges(1, 1), shift_ends_us=ends_us)
        if also is not None:
            also()
