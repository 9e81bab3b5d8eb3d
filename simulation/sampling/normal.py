"""The standard normal distribution: its quantiles and its distribution function."""

from __future__ import annotations

import numpy as np

from simulation.arrays import Floats

__all__ = ["normal_cdf", "normal_quantile"]


def normal_quantile(u: Floats) -> Floats:
    """The values below which shares `u` of the standard normal distribution lie.

    >>> normal_quantile(np.array([0.5])).tolist()
    [0.0]
    """
    from scipy.special import ndtri

    return np.asarray(ndtri(u))


def normal_cdf(z: Floats) -> Floats:
    """The share of the standard normal distribution below `z`, always less than 1.

    >>> normal_cdf(np.array([0.0])).tolist()
    [0.5]
    """
    from scipy.special import ndtr

    return np.asarray(np.minimum(ndtr(z), np.nextafter(1.0, 0.0)))
