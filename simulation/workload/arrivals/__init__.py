"""How calls arrive: one file per process, found automatically.

Each module names one class as ``ARRIVALS``: a frozen dataclass with the fields that a scenario states and the two
methods of ``base.ArrivalProcess``.
"""

from __future__ import annotations

import sys

from flows.registry import members
from simulation.workload.arrivals.base import ArrivalProcess

__all__ = ["ArrivalProcess", "processes"]


def processes() -> dict[str, type[ArrivalProcess]]:
    """Return every arrival process by name.

    >>> sorted(processes())
    ['constant', 'csv_counts', 'gamma_busy', 'history', 'per_interval', 'surge', 'trace']
    """
    return {name: module.ARRIVALS for name, module in members(sys.modules[__name__]).items()}
