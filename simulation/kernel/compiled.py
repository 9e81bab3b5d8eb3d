"""What is compiled, and how it is kept.

Numba keeps compiled code beside the source, or where that cannot be written in
the user's cache folder; it looks only at the file of the function that is
called. So that a change in another file of the kernel is seen too, the
functions that are kept depend on a number made from the text of them all.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from numba import njit

from simulation.kernel import loop, order
from simulation.kernel.loop import DONE, MORE_ROOM, TOO_FAR

__all__ = ["DONE", "MORE_ROOM", "TOO_FAR", "order_of_visits", "run_on"]


def _fingerprint() -> int:
    text = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return int.from_bytes(blake2b(text, digest_size=7).digest())


def _kept(function, fingerprint: int):
    """The function, compiled and kept on disk where possible."""

    def entry(*arguments):
        fingerprint  # noqa: B018 - what is captured is part of the key under which the compiled form is kept
        return function(*arguments)

    try:
        return njit(nogil=True, cache=True)(entry)
    except RuntimeError:  # no folder can be written: it is compiled anew in each process
        return njit(nogil=True)(entry)


_FINGERPRINT = _fingerprint()
run_on = _kept(loop.run_on, _FINGERPRINT)
order_of_visits = _kept(order.order_of_visits, _FINGERPRINT)
