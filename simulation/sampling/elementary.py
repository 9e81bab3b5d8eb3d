"""Logarithm and exponential from additions, multiplications and divisions alone.

Libraries differ in the last bit from one machine to the next, and NumPy's vector code differs from the C library that
compiled code calls. With these, the same seed gives the same caller, to the last bit, everywhere and in both drawings.
The method is that of Sun's fdlibm (``e_log.c`` and ``e_exp.c``, 1993): reduce to a short interval, then a minimax
polynomial. Errors stay below one unit in the last place.
"""

from __future__ import annotations

import numpy as np

from simulation.arrays import Floats

__all__ = ["EXP_P", "LN2_HIGH", "LN2_LOW", "LOG2_E", "LOG_P", "MOST", "SQRT_HALF", "exp", "log"]

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
EXP_P = (
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)
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
    p = LOG_P
    r = z * (p[0] + z * (p[1] + z * (p[2] + z * (p[3] + z * (p[4] + z * (p[5] + z * p[6]))))))
    half = 0.5 * f * f
    found = k * LN2_HIGH - ((half - (s * (half + r) + k * LN2_LOW)) - f)
    return np.where(x > 0.0, found, -np.inf)


def exp(x: Floats) -> Floats:
    """The exponential of numbers from -708 to 708; beyond, that of the nearest of these.

    >>> exp(np.array([0.0, 1.0, -1000.0])).round(12).tolist()
    [1.0, 2.718281828459, 0.0]
    """
    x = np.minimum(np.maximum(x, -MOST), MOST)
    k = np.rint(x * LOG2_E)
    high, low = x - k * LN2_HIGH, k * LN2_LOW
    r = high - low
    t = r * r
    p = EXP_P
    c = r - t * (p[0] + t * (p[1] + t * (p[2] + t * (p[3] + t * p[4]))))
    y = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    return np.ldexp(y, k.astype(np.int32))
