"""The standard normal distribution: its quantiles and its distribution function."""

from __future__ import annotations

import numpy as np

from simulation.arrays import Floats
from simulation.sampling.elementary import log

__all__ = ["CENTRAL", "FAR", "LEAST_SHARE", "MIDDLE", "normal_cdf", "normal_quantile"]

CENTRAL = (
    (
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ),
    (
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ),
)
MIDDLE = (
    (
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ),
    (
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ),
)
FAR = (
    (
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ),
    (
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ),
)
"""Wichura's coefficients: of numerator and denominator, lowest power first, by how far from the median."""
LEAST_SHARE = 2.0**-54
"""A share of 0 counts as this: half the step between uniforms."""


def normal_quantile(u: Floats) -> Floats:
    """The values below which shares `u` of the standard normal distribution lie, to about one part in 10**16.

    Wichura (1988), "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37(3),
    PPND16.

    >>> normal_quantile(np.array([0.5, 0.975])).round(9).tolist()
    [0.0, 1.959963985]
    """
    q = np.asarray(u, np.float64) - 0.5
    central = np.abs(q) <= 0.425
    found: Floats = q * _ratio(CENTRAL, 0.180625 - q * q)
    if not np.all(central):
        tail = np.maximum(np.where(q < 0.0, u, 1.0 - u), LEAST_SHARE)
        r = np.sqrt(-log(tail))
        size = np.where(r <= 5.0, _ratio(MIDDLE, r - 1.6), _ratio(FAR, r - 5.0))
        found = np.where(central, found, np.where(q < 0.0, -size, size))
    return found


def _ratio(of: tuple[tuple[float, ...], tuple[float, ...]], r: Floats) -> Floats:
    a, b = of
    # In an order that processors can work on at several ends (Estrin 1960).
    r2 = r * r
    r4 = r2 * r2
    top = ((a[0] + a[1] * r) + (a[2] + a[3] * r) * r2) + ((a[4] + a[5] * r) + (a[6] + a[7] * r) * r2) * r4
    return top / (((b[0] + b[1] * r) + (b[2] + b[3] * r) * r2) + ((b[4] + b[5] * r) + (b[6] + b[7] * r) * r2) * r4)


def normal_cdf(z: Floats) -> Floats:
    """The share of the standard normal distribution below `z`, always less than 1.

    >>> normal_cdf(np.array([0.0])).tolist()
    [0.5]
    """
    from scipy.special import ndtr

    return np.asarray(np.minimum(ndtr(z), np.nextafter(1.0, 0.0)))
