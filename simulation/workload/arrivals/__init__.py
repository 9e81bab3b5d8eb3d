"""How calls arrive: one file per process, found by its presence.

Each module states one class as ``ARRIVALS``, a frozen dataclass whose fields
are what a scenario states, with the two methods of ``base.ArrivalProcess``.
"""

from __future__ import annotations

import sys

from flows.registry import members
from simulation.workload.arrivals.base import ArrivalProcess

__all__ = ["ArrivalProcess", "processes"]


def processes() -> dict[str, type[ArrivalProcess]]:
    """Return every arrival process by name.

    >>> sorted(processes())
    ['constant', 'csv_counts', 'gamma_busy', 'per_interval', 'surge', 'trace']
    """
    return {name: module.ARRIVALS for name, module in members(sys.modules[__name__]).items()}
