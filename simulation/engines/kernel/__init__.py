"""The compiled engine: same tables and records as the reference engine, built for speed.

``docs/engines.md`` defines its behaviour. Numba is imported when a run begins; compiled code is cached on disk.
"""

from simulation.engines.kernel.engine import run

__all__ = ["run"]
