"""The compiled engine: the same tables, the same records as the reference, to be fast.

What happens is said in ``docs/engines.md``. Numba is imported when a run is
asked for; what it compiles is kept on disk and used again.
"""

from simulation.engines.kernel.engine import run

__all__ = ["run"]
