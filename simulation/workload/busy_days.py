"""Draws how busy whole days are: gamma factors on the rates, one for all calls or correlated between intents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simulation.arrays import Floats
from simulation.sampling.distributions import Gamma
from simulation.sampling.normal import normal_cdf, normal_quantile
from simulation.sampling.streams import Streams
from simulation.scenario.arrivals import Busyness

__all__ = ["BusyU", "correlations", "day_factors"]

BusyU = float | Floats
"""A uniform for how busy the first day is, or one for each of the first days."""


def correlations(stated: float | Mapping[str, Mapping[str, float]], intents: Sequence[str]) -> Floats:
    """The matrix of correlations between intents: one number for all pairs, or one for each pair named, else 0.

    Examples
    --------
    >>> correlations({"buy": {"pay": 0.5}}, ("buy", "pay")).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    matrix = np.eye(len(intents))
    if not isinstance(stated, Mapping):
        matrix[:] = stated
        np.fill_diagonal(matrix, 1.0)
        return matrix
    for one, row in stated.items():
        for other, value in row.items():
            a, b = intents.index(one), intents.index(other)
            matrix[a, b] = matrix[b, a] = value
    return matrix


def day_factors(
    of: Busyness, intents: Sequence[str], days: int, streams: Streams, first_u: BusyU | None = None
) -> Floats:
    """Draw the factor of each day and intent, f8[days, intents]; days are independent.

    A normal copula: each factor has its own gamma distribution, and the normal scores behind the factors have the
    stated correlations. Channouf and L'Ecuyer (2012), "A normal copula model for the arrival process in a call center",
    International Transactions in Operational Research 19(6), between periods; between types of calls, Jaoua, L'Ecuyer
    and Delorme (2013), "Call-type dependence in multiskill call centers", Simulation 89(6).

    Parameters
    ----------
    of : Busyness
    intents : sequence of str
    days : int
        Calendar days in the horizon.
    streams : Streams
        Those of the replication.
    first_u : float or numpy.ndarray, optional
        Uniform of the first day, or of the first days: of the one factor, or of what intents have most in common, so
        that replications can be stratified over it.

    Examples
    --------
    >>> day_factors(Busyness(gamma=4), ("buy", "pay"), 1, Streams(1), 0.5).round(3).tolist()
    [[0.918, 0.918]]
    """
    u = streams.generator("busyness/days").random(days)
    if first_u is not None:
        u[: np.size(first_u)] = first_u
    if of.correlation is None:
        shape = of.gamma
        assert not isinstance(shape, dict)
        return np.repeat(Gamma(mean=1.0, alpha=shape).quantile(u)[:, None], len(intents), axis=1)
    values, vectors = np.linalg.eigh(correlations(of.correlation, intents))
    # The last eigenvector explains the most variance; the sign of an eigenvector is arbitrary.
    root = vectors * np.sqrt(np.maximum(values, 0.0)) * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)
    scores = streams.generator("busyness/intents").standard_normal((days, len(intents)))
    scores[:, -1] = normal_quantile(u)
    u = normal_cdf(scores @ root.T)
    shapes = [of.gamma.get(name) if isinstance(of.gamma, dict) else of.gamma for name in intents]
    factors = [
        np.ones(days) if shape is None else Gamma(mean=1.0, alpha=shape).quantile(u[:, i])
        for i, shape in enumerate(shapes)
    ]
    return np.stack(factors, axis=1)
