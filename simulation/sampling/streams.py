"""Random streams keyed by name: adding one moves no other.

A stream's numbers depend on the seed, the replication and the stream's own
name, and on nothing else. So two scenarios that share a seed meet the same
callers (common random numbers), whatever else differs between them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np

__all__ = ["Streams", "stratified_uniforms"]


_POOL_WORDS = 4


def _words(number: int) -> list[int]:
    """A number in words of 32 bits, the lowest first; at least one."""
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
        From 0; each has its own streams.

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
        # SeedSequence(seed, spawn_key=(replication, *digest)), its words put together here: that takes a third of the
        # time off.
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


def stratified_uniforms(replications: int, generator: np.random.Generator) -> np.ndarray:
    """Return one uniform a replication, with exactly one in each of as many equal strata.

    Used for a factor that moves a whole day (how busy it is): over the
    replications its distribution is then met almost exactly, which plain
    sampling does only with thousands of days. Each number alone is uniform on
    (0, 1). The usual standard error, which takes replications as independent,
    is then too wide rather than too narrow.

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
