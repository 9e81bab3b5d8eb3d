"""Random numbers with an address: a purpose, a caller and a place, so that adding one leaves all others unchanged.

The generator is Philox4x64-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3",
SC '11): a function from a key and a counter to four numbers, without a state. The key is the seed, the replication and
the purpose; the counter is the caller and the place in their call. So two scenarios with the same seed have the same
callers (common random numbers), whatever else differs between them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b

import numpy as np

from simulation.arrays import Floats, Ints

__all__ = ["LANES", "Streams", "hashed", "stratified_uniforms"]

LANES = 4
"""Numbers at one address."""
_COUNTERS = 2**256


@cache
def hashed(text: str) -> int:
    """A number below 2**64 that stands for a text, the same in every process.

    >>> hashed("talk") == hashed("talk") != hashed("patience")
    True
    """
    # Not hash(): that changes from one process to the next.
    return int.from_bytes(blake2b(text.encode("utf-8"), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class Streams:
    """All random numbers of one replication.

    Parameters
    ----------
    seed : int
        Any integer from 0.
    replication : int
        Number from 0; each replication has its own numbers.

    Examples
    --------
    >>> streams = Streams(seed=1)
    >>> a, b = streams.generator("arrivals"), streams.generator("arrivals")
    >>> a.random() == b.random()
    True
    """

    seed: int
    replication: int = 0

    def key(self, purpose: str) -> tuple[int, int]:
        """The key of a purpose: two numbers below 2**64, of the replication and of the purpose."""
        return hashed(f"{self.seed} {self.replication}"), hashed(purpose)

    def generator(self, purpose: str) -> np.random.Generator:
        """Return the numbers of a purpose as one sequence, from its beginning.

        Parameters
        ----------
        purpose : str
            What the numbers are for, for example ``"arrivals"``.

        Returns
        -------
        numpy.random.Generator
            Its number k is lane k % 4 of caller k // 4 in ``uniforms``.
        """
        return self._from(purpose, 0)

    def uniforms(self, purpose: str, caller: Ints, *, draw: int = 0, place: int = 0) -> Floats:
        """Return the four uniforms that each caller has for a purpose.

        Parameters
        ----------
        purpose : str
            What the numbers are for, for example ``"visit"``.
        caller : numpy.ndarray
            i8, numbers of callers from 0; quickest where many follow one another.
        draw, place : int
            Where in the call, from 0 to 2**64 - 1: how often the caller has drawn there, and the way there.

        Returns
        -------
        numpy.ndarray
            f8[callers, 4], multiples of 2**-53 in [0, 1).

        Examples
        --------
        >>> all_callers = Streams(1).uniforms("visit", np.arange(10))
        >>> np.array_equal(Streams(1).uniforms("visit", np.array([7])), all_callers[7:8])
        True
        """
        n = len(caller)
        if n and caller[-1] - caller[0] == n - 1 and (caller[1:] > caller[:-1]).all():  # one after the other
            return self._from(purpose, int(caller[0]) + (draw << 64) + (place << 128)).random((n, LANES))
        u = np.empty((n, LANES))
        ends = np.flatnonzero(np.diff(caller) != 1) + 1
        for begin, end in zip([0, *ends.tolist()], [*ends.tolist(), len(caller)], strict=True):
            if begin < end:
                first = int(caller[begin]) + (draw << 64) + (place << 128)
                u[begin:end] = self._from(purpose, first).random((end - begin, LANES))
        return u

    def _from(self, purpose: str, counter: int) -> np.random.Generator:
        # NumPy adds 1 to the counter before it draws.
        before = (counter - 1) % _COUNTERS
        words = np.array([before >> shift & (2**64 - 1) for shift in range(0, 256, 64)], np.uint64)
        return np.random.Generator(np.random.Philox(key=np.array(self.key(purpose), np.uint64), counter=words))

    def of_replication(self, replication: int) -> Streams:
        """Return the numbers of another replication.

        >>> Streams(seed=1).of_replication(3)
        Streams(seed=1, replication=3)
        """
        return replace(self, replication=replication)


def stratified_uniforms(replications: int, generator: np.random.Generator) -> Floats:
    """Return one uniform per replication, exactly one in each of as many equal strata.

    Used for how busy a whole day is: the replications then reproduce that
    distribution almost exactly, which plain sampling does only over thousands
    of days. Each number alone is uniform on (0, 1). The usual standard error,
    which assumes independent replications, becomes too wide, never too narrow.

    Parameters
    ----------
    replications : int
    generator : numpy.random.Generator

    Returns
    -------
    numpy.ndarray
        f8[replications].

    Examples
    --------
    >>> u = stratified_uniforms(4, Streams(seed=1).generator("busyness"))
    >>> np.floor(np.sort(u) * 4).tolist()
    [0.0, 1.0, 2.0, 3.0]
    """
    strata = generator.permutation(replications)
    return (strata + generator.random(replications)) / replications
