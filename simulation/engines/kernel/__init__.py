"""The compiled engine: the tables and records of the reference engine, built for speed.

``docs/engines.md`` says what happens. Numba is imported when a run begins; what it compiles is kept on disk.
"""

from simulation.engines.kernel.engine import run

__all__ = ["run"]
