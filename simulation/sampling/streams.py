"""Random streams keyed by name: adding one leaves all others unchanged.

A stream's numbers depend on the seed, the replication and the stream's own
name, and on nothing else. So two scenarios with the same seed have the same
callers (common random numbers), whatever else differs between them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np

from simulation.arrays import Floats

__all__ = ["Streams", "stratified_uniforms"]

_POOL_WORDS = 4


def _words(number: int) -> list[int]:
    """A number as 32-bit words, lowest first; at least one."""
    words = [number & 0xFFFFFFFF]
    while number := number >> 32:
        words.append(number & 0xFFFFFFFF)
    return words


@dataclass(frozen=True)
class Streams:
    """A family of independent random streams.

    Parameters
    ----------
    seed : int
        Any integer from 0.
    replication : int
        Number from 0; each replication has its own streams.

    Examples
    --------
    >>> streams = Streams(seed=1)
    >>> a, b = streams.generator("arrivals"), streams.generator("arrivals")
    >>> a.random() == b.random()
    True
    """

    seed: int
    replication: int = 0

    def generator(self, name: str) -> np.random.Generator:
        """Return the stream of this name, from its beginning.

        Parameters
        ----------
        name : str
            What the numbers are for, for example ``"talk/billing"``.

        Returns
        -------
        numpy.random.Generator
        """
        # Not hash(): that changes from one process to the next.
        digest = blake2b(name.encode("utf-8"), digest_size=16).digest()
        # The same as SeedSequence(seed, spawn_key=(replication, *digest)), in two thirds of the time.
        seed = _words(self.seed)
        words = [*seed, *(0,) * (_POOL_WORDS - len(seed)), *_words(self.replication)]
        entropy = np.concatenate([np.array(words, np.uint32), np.frombuffer(digest, "<u4")])
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))

    def of_replication(self, replication: int) -> Streams:
        """Return the family of another replication.

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
