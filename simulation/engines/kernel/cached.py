"""What is compiled, and how it is kept.

Numba looks only at the file of the function that is called. So that a change in another file of the kernel is seen too,
the functions that are kept depend on a number made from the text of them all.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from simulation.engines.kernel import loop
from simulation.engines.kernel import visit_order as order
from simulation.engines.kernel.jit import kept
from simulation.engines.kernel.loop import DONE, MORE_ROOM, TOO_FAR

__all__ = ["DONE", "MORE_ROOM", "TOO_FAR", "order_of_visits", "run_on"]


def _fingerprint() -> int:
    text = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return int.from_bytes(blake2b(text, digest_size=7).digest())


def _entries(fingerprint: int):
    # What a function captures is part of the key under which its compiled form is kept.
    def run_on(w):
        fingerprint  # noqa: B018
        return loop.run_on(w)

    def order_of_visits(w, rows):
        fingerprint  # noqa: B018
        return order.order_of_visits(w, rows)

    return kept(run_on), kept(order_of_visits)


run_on, order_of_visits = _entries(_fingerprint())
