"""Logarithm and exponential from additions, multiplications and divisions alone.

Libraries differ in the last bit from one machine to the next, and NumPy's vector code differs from the C library that
compiled code calls. With these, the same seed gives the same caller, to the last bit, everywhere and in both drawings.
Errors stay below one unit in the last place, of the exponential below one and a half. Logarithm: Sun's fdlibm
(``e_log.c``, 1993), a minimax polynomial on a short interval. Exponential: powers of 2 in steps of 1/64 from a table,
times a Taylor polynomial (Tang 1989, "Table-driven implementation of the exponential function", ACM Transactions on
Mathematical Software 15(2)).
"""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np

from simulation.arrays import Floats

__all__ = ["LN2_HIGH", "LN2_LOW", "LOG2_E", "LOG_P", "MOST", "POWERS", "SQRT_HALF", "STEPS", "TAYLOR", "exp", "log"]

LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""The logarithm of 2 in two parts, the first with zeros at its end: multiples of it are exact."""
LOG2_E = 1.44269504088896338700
SQRT_HALF = 0.7071067811865476
LOG_P = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
STEPS = 64
"""Powers of 2 in the table of the exponential."""
_BITS = STEPS.bit_length() - 1
TAYLOR = (1 / 2, 1 / 6, 1 / 24, 1 / 120)


def _powers() -> Floats:
    with localcontext() as exact:
        exact.prec = 40
        return np.array([float(Decimal(2) ** (Decimal(j) / STEPS)) for j in range(STEPS)])


POWERS = _powers()
MOST = 708.0
"""Exponents beyond this count as it: longer than the age of the universe, or shorter than any time."""


def log(x: Floats) -> Floats:
    """The natural logarithm of numbers from 2**-1022 on; that of 0 is -inf.

    >>> log(np.array([1.0, np.e, 0.0])).round(12).tolist()
    [0.0, 1.0, -inf]
    """
    m, k = np.frexp(x)
    small = m < SQRT_HALF
    f = np.where(small, m + m, m) - 1.0
    k = k - small
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    p = LOG_P
    r = z * ((p[0] + z * p[1]) + z2 * ((p[2] + z * p[3]) + z2 * ((p[4] + z * p[5]) + z2 * p[6])))
    half = 0.5 * f * f
    found = k * LN2_HIGH - ((half - (s * (half + r) + k * LN2_LOW)) - f)
    return np.where(x > 0.0, found, -np.inf)


def exp(x: Floats) -> Floats:
    """The exponential of numbers from -708 to 708; beyond, that of the nearest of these.

    >>> exp(np.array([0.0, 1.0, -1000.0])).round(12).tolist()
    [1.0, 2.718281828459, 0.0]
    """
    x = np.minimum(np.maximum(x, -MOST), MOST)
    n = np.rint(x * (LOG2_E * STEPS))
    r = (x - n * (LN2_HIGH / STEPS)) - n * (LN2_LOW / STEPS)
    p = TAYLOR
    r2 = r * r
    grown = r + r2 * ((p[0] + r * p[1]) + r2 * (p[2] + r * p[3]))
    whole = n.astype(np.int32)
    power = POWERS[whole & (STEPS - 1)]
    return np.asarray(np.ldexp(power + power * grown, whole >> _BITS))
