"""``simulation.sampling.elementary`` and ``normal`` compiled, for one number at a time: equal to them in every bit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simulation.engines.kernel.jit import inline
from simulation.sampling.elementary import LN2_HIGH, LN2_LOW, LOG2_E, LOG_P, MOST, POWERS, SQRT_HALF, STEPS, TAYLOR
from simulation.sampling.normal import CENTRAL, FAR, LEAST_SHARE, MIDDLE

__all__ = ["exp", "log", "normal_quantile"]

_P0, _P1, _P2, _P3, _P4, _P5, _P6 = LOG_P
_Q0, _Q1, _Q2, _Q3 = TAYLOR
_STEP_BITS = STEPS.bit_length() - 1
_TO_STEPS, _STEP_HIGH, _STEP_LOW = LOG2_E * STEPS, LN2_HIGH / STEPS, LN2_LOW / STEPS
_ROUNDS = 1.5 * 2.0**52
"""A number so large that its neighbours are 1 apart."""
_ROUNDS_BITS = int(np.float64(_ROUNDS).view(np.int64))
_FRACTION, _HALF, _BIAS, _BITS = (1 << 52) - 1, 1022 << 52, 1023, 52
_CA, _CB = CENTRAL
_MA, _MB = MIDDLE
_FA, _FB = FAR


@inline
def log(x: float) -> float:
    """The natural logarithm of a number from 2**-1022 on; that of 0 is -inf."""
    if not x > 0.0:
        return -math.inf
    bits: Any = np.float64(x).view(np.int64)
    k = (bits >> _BITS) - _BIAS + 1
    m = np.int64((bits & _FRACTION) | _HALF).view(np.float64)
    if m < SQRT_HALF:
        m = m + m
        k -= 1
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    r = z * ((_P0 + z * _P1) + z2 * ((_P2 + z * _P3) + z2 * ((_P4 + z * _P5) + z2 * _P6)))
    half = 0.5 * f * f
    found: float = k * LN2_HIGH - ((half - (s * (half + r) + k * LN2_LOW)) - f)
    return found


@inline
def exp(x: float) -> float:
    """The exponential of a number from -708 to 708; beyond, that of the nearer of these."""
    x = min(max(x, -MOST), MOST)
    shifted = x * _TO_STEPS + _ROUNDS  # rounded half to even, as every sum is: twice as quick as an instruction for it
    n = shifted - _ROUNDS
    r = (x - n * _STEP_HIGH) - n * _STEP_LOW
    r2 = r * r
    grown = r + r2 * ((_Q0 + r * _Q1) + r2 * (_Q2 + r * _Q3))
    whole: Any = np.float64(shifted).view(np.int64) - _ROUNDS_BITS
    power = POWERS[whole & (STEPS - 1)]
    scale = np.int64(((whole >> _STEP_BITS) + _BIAS) << _BITS).view(np.float64)
    found: float = (power + power * grown) * scale
    return found


@inline
def _ratio(
    r: float,
    a: tuple[float, ...],
    b: tuple[float, ...],
) -> float:
    r2 = r * r
    r4 = r2 * r2
    top = ((a[0] + a[1] * r) + (a[2] + a[3] * r) * r2) + ((a[4] + a[5] * r) + (a[6] + a[7] * r) * r2) * r4
    return top / (((b[0] + b[1] * r) + (b[2] + b[3] * r) * r2) + ((b[4] + b[5] * r) + (b[6] + b[7] * r) * r2) * r4)


@inline
def normal_quantile(u: float) -> float:
    """The value below which a share of the standard normal distribution lies."""
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(0.180625 - q * q, _CA, _CB)
    r = math.sqrt(-log(max(u if q < 0.0 else 1.0 - u, LEAST_SHARE)))
    size = _ratio(r - 1.6, _MA, _MB) if r <= 5.0 else _ratio(r - 5.0, _FA, _FB)
    return -size if q < 0.0 else size
