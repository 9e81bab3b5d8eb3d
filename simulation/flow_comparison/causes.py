"""A difference taken apart into its causes: each cause's share, averaged over all orders in which they could come."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

from ivr.records.measures import Sums
from simulation.experiment.estimates import Estimate, linear_combination

__all__ = ["of_causes", "shares", "subsets"]


def subsets(causes: Sequence[str]) -> list[frozenset[str]]:
    """All sets of causes, the empty one first.

    >>> [sorted(of) for of in subsets(["a", "b"])]
    [[], ['a'], ['b'], ['a', 'b']]
    """
    return [frozenset(of) for size in range(len(causes) + 1) for of in itertools.combinations(causes, size)]


def shares(causes: Sequence[str], cause: str) -> dict[frozenset[str], float]:
    """The weight of each set of causes in one cause's share of a difference.

    Notes
    -----
    Shapley (1953), "A value for n-person games": what a cause adds to those before it, averaged over all orders. The
    shares of all causes add up to the whole difference.

    Examples
    --------
    >>> {"".join(sorted(of)): weight for of, weight in shares(["a", "b"], "a").items()}
    {'': -0.5, 'a': 0.5, 'b': -0.5, 'ab': 0.5}
    """
    found = dict.fromkeys(subsets(causes), 0.0)
    for before in subsets([one for one in causes if one != cause]):
        orders = math.factorial(len(before)) * math.factorial(len(causes) - len(before) - 1)
        weight = orders / math.factorial(len(causes))
        found[before | {cause}] += weight
        found[before] -= weight
    return found


def of_causes(
    causes: Sequence[str], parts: Mapping[frozenset[str], Sequence[Sums]], names: Sequence[str], confidence: float
) -> dict[str, dict[str, Estimate]]:
    """What each cause adds to each measure, with intervals paired by replication.

    Parameters
    ----------
    causes : sequence of str
    parts : mapping of set to sequence of Sums
        For each set of causes that are as in the new, one for each replication.
    names : sequence of str
        Measures.
    confidence : float
    """
    return {
        cause: linear_combination(
            [(weight, parts[of]) for of, weight in shares(causes, cause).items()], names, confidence=confidence
        )
        for cause in causes
    }
